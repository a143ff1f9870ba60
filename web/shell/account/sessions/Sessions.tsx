import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm } from '../../../sdk/confirm.ts'
import { formatAgo, formatDate } from '../../../sdk/format.ts'
import { useQuery } from '../../../sdk/query.ts'
import { leaveTo } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { Pill } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { useAction } from '../action.ts'
import { Kept } from '../Kept.tsx'
import { deviceIcon, useDeviceWords } from './device.ts'
import { sessionTexts } from './texts.ts'

const nowMs = 90_000
const ways = {
  password: 'by-password',
  totp: 'by-totp',
  recovery: 'by-recovery',
  passkey: 'by-passkey',
  external: 'by-external',
} as const

/** Where the account is signed in, this place first; each can be ended. */
export default function Sessions() {
  const t = useTexts(sessionTexts)
  const query = useQuery(identity.listSessions, {}, { freshMs: 0, everyMs: 30_000 })
  const reload = () => void query.reload()
  return (
    <Card lead={t('lead')}>
      <QueryView query={query}>
        {({ items }) => (
          <>
            <ul class="kept-list">
              {[...items]
                .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent))
                .map((session) => (
                  <Row key={session.id} session={session} onChange={reload} />
                ))}
            </ul>
            {items.length === 1 && <p class="muted small">{t('only')}</p>}
            <Ends hasOthers={items.length > 1} onChange={reload} />
          </>
        )}
      </QueryView>
    </Card>
  )
}

function Row({ session, onChange }: { session: identity.Session; onChange(): void }) {
  const t = useTexts(sessionTexts)
  const say = useDeviceWords()
  const { isBusy, run } = useAction()
  const { id, address, methods, isCurrent, createdAt, seenAt } = session
  const device = say(session.device)
  const isNow = Date.now() - Date.parse(seenAt) < nowMs
  const by = methods.flatMap((method) => (method in ways ? [t(ways[method as keyof typeof ways])] : []))
  const end = async () => {
    if (!(await run(() => call(identity.endSession, { params: { id } })))) return
    toast(t('ended', { device }))
    onChange()
  }
  return (
    <Kept
      icon={<Icon name={deviceIcon(session.device)} size={24} />}
      title={
        <>
          {device} {isCurrent && <Pill tone="ok">{t('here')}</Pill>}
        </>
      }
      note={
        <>
          {isNow ? t('seenNow') : t('seen', { ago: formatAgo(seenAt) })} · {t('from', { address })} ·{' '}
          {t('begun', { date: formatDate(createdAt, 'short') })}
          {by.length > 0 && ` · ${by.join(', ')}`}
        </>
      }
    >
      {!isCurrent && (
        <Button isBusy={isBusy} aria-label={t('endOf', { device })} onClick={() => void end()}>
          {t('end')}
        </Button>
      )}
    </Kept>
  )
}

function Ends({ hasOthers, onChange }: { hasOthers: boolean; onChange(): void }) {
  const t = useTexts(sessionTexts)
  const { isBusy, run } = useAction()
  const endOthers = async () => {
    const question = { title: t('endOthersTitle'), text: t('endOthersText'), action: t('endOthers') }
    if (!(await confirm(question))) return
    await run(async () => {
      const { ended } = await call(identity.endOtherSessions)
      toast(t('othersEnded', { count: ended }))
    })
    onChange()
  }
  const endAll = async () => {
    const question = { title: t('endAllTitle'), text: t('endAllText'), action: t('endAll') }
    if (!(await confirm(question))) return
    if (!(await run(() => call(identity.logoutAll)))) return
    await leaveTo('/')
    toast(t('allEnded'))
  }
  return (
    <div class="row card-actions">
      {hasOthers && (
        <Button isBusy={isBusy} onClick={() => void endOthers()}>
          {t('endOthers')}
        </Button>
      )}
      <Button look="danger" icon="sign-out" isBusy={isBusy} onClick={() => void endAll()}>
        {t('endAll')}
      </Button>
    </div>
  )
}
