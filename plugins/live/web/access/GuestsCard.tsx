import './access.css'
import { useState } from 'preact/hooks'
import {
  asProblem,
  Badge,
  Button,
  Card,
  CopyField,
  call,
  confirm,
  Form,
  formatAgo,
  MoreButton,
  type Pages,
  QueryView,
  toast,
  usePages,
  useTexts,
} from '#web'
import {
  addGuest,
  type ChannelView,
  createTickets,
  type Guest,
  listGuests,
  removeGuest,
} from '../../contract.ts'
import { accessTexts } from './texts.ts'

/** At the desk: who may watch by name, and codes to hand out. */
export default function GuestsCard({ channel }: { channel: ChannelView }) {
  const t = useTexts(accessTexts)
  const { slug } = channel
  const guests = usePages(listGuests, { params: { slug }, query: { limit: 20 } })
  const reload = () => void guests.query.reload()
  return (
    <Card title={t('guests')} lead={t('guestsLead')}>
      <div class="guest-forms">
        <GuestForm slug={slug} onAdded={reload} />
        <TicketForm slug={slug} onMade={reload} />
      </div>
      <QueryView query={guests.query}>{() => <GuestRows guests={guests} onRemoved={reload} />}</QueryView>
    </Card>
  )
}

function GuestForm({ slug, onAdded }: { slug: string; onAdded(): void }) {
  const t = useTexts(accessTexts)
  const [round, setRound] = useState(0)
  return (
    <Form
      key={round}
      fields={[
        { name: 'name', label: t('guestName'), hint: t('guestHint'), maxLength: 254, autocomplete: 'off' },
      ]}
      submit={t('addGuest')}
      onSubmit={async ({ name }) => {
        const isMail = /.@./.test(name)
        const body = isMail ? { email: name.trim() } : { username: name.trim() }
        await call(addGuest, { params: { slug }, body })
        toast(t(isMail ? 'guestInvited' : 'guestAdded', { name }))
        setRound(round + 1)
        onAdded()
      }}
    />
  )
}

function TicketForm({ slug, onMade }: { slug: string; onMade(): void }) {
  const t = useTexts(accessTexts)
  const [codes, setCodes] = useState<string[] | null>(null)
  if (codes) {
    return (
      <div class="stack">
        <CopyField label={t('codes')} value={codes.join(' ')} hint={t('newCodes')} />
        <ul class="guest-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div class="row">
          <Button onClick={() => setCodes(null)}>{t('done')}</Button>
        </div>
      </div>
    )
  }
  const isCount = (text: string) => /^\d{1,3}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 500
  return (
    <Form
      fields={[
        {
          name: 'count',
          label: t('count'),
          hint: t('countHint'),
          inputMode: 'numeric',
          maxLength: 3,
          check: (text) => (isCount(text) ? undefined : t('countWrong')),
        },
      ]}
      initial={{ count: '1' }}
      submit={t('makeTickets')}
      onSubmit={async ({ count }) => {
        const { items } = await call(createTickets, { params: { slug }, body: { count: Number(count) } })
        setCodes(items.map(({ code }) => code))
        onMade()
      }}
    />
  )
}

function GuestRows({ guests, onRemoved }: { guests: Pages<Guest>; onRemoved(): void }) {
  const t = useTexts(accessTexts)
  const remove = async ({ id }: Guest) => {
    if (!(await confirm({ title: t('removeTitle'), text: t('removeText'), action: t('removeAction') })))
      return
    try {
      await call(removeGuest, { params: { id } })
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
    onRemoved()
  }
  if (guests.items.length === 0) return <p class="muted">{t('noGuests')}</p>
  return (
    <>
      <ul class="guest-list">
        {guests.items.map((guest) => (
          <GuestRow key={guest.id} guest={guest} onRemove={() => void remove(guest)} />
        ))}
      </ul>
      <MoreButton pages={guests} />
    </>
  )
}

function GuestRow({ guest, onRemove }: { guest: Guest; onRemove(): void }) {
  const t = useTexts(accessTexts)
  const { kind, person, email, hint, eventId, createdAt, claimedAt } = guest
  const name = person?.displayName ?? email ?? t('byCode', { hint: hint ?? '' })
  const facts = [
    ...(person && kind !== 'guest' ? [t('byCode', { hint: hint ?? '' })] : []),
    ...(kind === 'mail' ? [t('invited')] : []),
    kind === 'guest'
      ? t('onList', { when: formatAgo(createdAt) })
      : claimedAt
        ? t('used', { when: formatAgo(claimedAt) })
        : t('open'),
  ]
  return (
    <li>
      <div class="guest-words">
        <b>{name}</b> {eventId && <Badge>{t('forSet')}</Badge>}
        <p class="muted small">{facts.join(' · ')}</p>
      </div>
      <Button look="plain" icon="trash" onClick={onRemove}>
        {t('remove')}
        <span class="hidden-text"> {name}</span>
      </Button>
    </li>
  )
}
