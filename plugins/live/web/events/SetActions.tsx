import { asProblem, Button, ButtonLink, call, invalidate, me, navigate, toast, useTexts } from '#web'
import { forgetReminder, getSet, listSets, type PlannedSet, remindMe, upcomingSets } from '../../contract.ts'
import { signInPath } from '../access/use-following.ts'
import { setTexts } from './texts.ts'

/** Everything that shows planned sets is read again. */
export function reloadSets(): void {
  for (const route of [listSets, upcomingSets, getSet]) invalidate(route)
}

/** A mail before it, and the file for a calendar. */
export function SetActions({ set }: { set: PlannedSet }) {
  const t = useTexts(setTexts)
  const { id, channel, isReminded, status } = set
  if (status === 'over' || status === 'cancelled') return null
  const toggle = async () => {
    if (!me.peek()) return navigate(signInPath())
    const params = { slug: channel.slug }
    const which = { eventId: id }
    try {
      if (isReminded) await call(forgetReminder, { params, query: which })
      else await call(remindMe, { params, body: which })
      toast(t(isReminded ? 'forgotToast' : 'remindedToast'))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
    reloadSets()
  }
  return (
    <div class="row">
      {status === 'planned' && (
        <Button icon={isReminded ? 'check' : 'bell'} aria-pressed={isReminded} onClick={() => void toggle()}>
          {t(isReminded ? 'reminded' : 'remind')}
        </Button>
      )}
      <ButtonLink look="plain" icon="events" href={set.calendar} download>
        {t('calendar')}
      </ButtonLink>
    </div>
  )
}
