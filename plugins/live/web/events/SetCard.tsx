import './events.css'
import { Badge, formatDate, Pill, useTexts } from '#web'
import type { Access, PlannedSet } from '../../contract.ts'
import { Poster } from '../Cover.tsx'
import { Countdown } from './Countdown.tsx'
import { noteServerTime } from './server-clock.ts'
import { setTexts } from './texts.ts'

const accessWords = {
  public: null,
  members: 'forMembers',
  followers: 'forFollowers',
  subscribers: 'forSubscribers',
  ticket: 'forTicket',
} as const

/** Nothing for what is open to all. */
export function AccessMark({ access }: { access: Access }) {
  const t = useTexts(setTexts)
  const word = accessWords[access]
  return word && <Badge>{t(word)}</Badge>
}

/** On air, cancelled, over, or how long until it begins. */
export function SetState({ set }: { set: PlannedSet }) {
  const t = useTexts(setTexts)
  noteServerTime(set.now)
  if (set.status === 'live') return <Pill tone="live">{t('onAir')}</Pill>
  if (set.status === 'cancelled') return <Badge tone="bad">{t('cancelled')}</Badge>
  if (set.status === 'over') return <Badge>{t('over')}</Badge>
  return <Countdown until={set.startsAt} />
}

/** What, when and in what state, in rows of sets. */
export function SetWords({ set }: { set: PlannedSet }) {
  return (
    <div class="set-words">
      <h3>
        <a href={`/live/${set.channel.slug}/events/${set.id}`}>{set.title}</a>
      </h3>
      <p class="muted small">
        <time dateTime={set.startsAt}>{formatDate(set.startsAt)}</time>
      </p>
      <SetMarks set={set} />
    </div>
  )
}

function SetMarks({ set }: { set: PlannedSet }) {
  return (
    <div class="set-marks">
      <SetState set={set} />
      <AccessMark access={set.access} />
    </div>
  )
}

/** A planned set in a list: cover, when, what, where. */
export function SetCard({ set, isOwnPage = false }: { set: PlannedSet; isOwnPage?: boolean }) {
  return (
    <a class="live-card" href={`/live/${set.channel.slug}/events/${set.id}`}>
      <div class="live-picture">
        <Poster src={set.cover?.small ?? null} of={set.id} />
      </div>
      <h3>{set.title}</h3>
      <p class="muted small">
        {!isOwnPage && `${set.channel.title} · `}
        <time dateTime={set.startsAt}>{formatDate(set.startsAt, 'short')}</time>
      </p>
      <SetMarks set={set} />
    </a>
  )
}
