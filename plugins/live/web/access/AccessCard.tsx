import './access.css'
import { asProblem, Card, call, Field, invalidate, toast, useTexts } from '#web'
import {
  type Access,
  type ChannelView,
  getChannel,
  listChannels,
  myChannels,
  updateChannel,
} from '../../contract.ts'
import { accessTexts } from './texts.ts'

type Word = keyof (typeof accessTexts)['en']
const names: Record<Access, Word> = {
  public: 'public',
  members: 'members',
  followers: 'followersOf',
  subscribers: 'subscribers',
  ticket: 'ticket',
}

/** The five rules as choices of a field, in plain words. */
export function useAccessChoices(): { value: string; label: string }[] {
  const t = useTexts(accessTexts)
  return Object.entries(names).map(([value, word]) => ({ value, label: t(word) }))
}

/** At the desk: who may watch this channel, changed at once. */
export default function AccessCard({ channel }: { channel: ChannelView }) {
  const t = useTexts(accessTexts)
  const choices = useAccessChoices()
  const { slug, access } = channel
  const change = async (value: string) => {
    try {
      await call(updateChannel, { params: { slug }, body: { access: value as Access } })
      for (const route of [getChannel, myChannels, listChannels]) invalidate(route)
      toast(t('saved'))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <Card title={t('accessCard')} lead={t('accessLead')}>
      <Field
        name="access"
        type="select"
        label={t('access')}
        hint={t(`${access}Hint`)}
        value={access}
        options={choices}
        onValue={(value) => void change(value)}
      />
    </Card>
  )
}
