import '../live.css'
import './events.css'
import { formatDate, useTexts } from '#web'
import type { ChannelView, PlannedSet } from '../../contract.ts'
import { Poster } from '../Cover.tsx'
import { SetActions } from './SetActions.tsx'
import { AccessMark, SetState } from './SetCard.tsx'
import { setTexts } from './texts.ts'
import { useSets } from './use-sets.ts'

/** On a channel's page: what is planned there. */
export default function UpcomingSets({ channel }: { channel: ChannelView }) {
  const t = useTexts(setTexts)
  const sets = useSets(channel)
  if (sets.length === 0) return null
  return (
    <section class="live-part">
      <h2>{t('upcoming')}</h2>
      <ul class="set-rows">
        {sets.map((set) => (
          <li key={set.id}>
            <SetRow set={set} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function SetRow({ set }: { set: PlannedSet }) {
  const path = `/live/${set.channel.slug}/events/${set.id}`
  return (
    <article class="set-row">
      <div class="live-picture">
        <Poster src={set.cover?.small ?? null} of={set.id} />
      </div>
      <div class="set-words">
        <h3>
          <a href={path}>{set.title}</a>
        </h3>
        <p class="muted small">
          <time dateTime={set.startsAt}>{formatDate(set.startsAt)}</time>
        </p>
        <div class="set-marks">
          <SetState set={set} />
          <AccessMark access={set.access} />
        </div>
      </div>
      <SetActions set={set} />
    </article>
  )
}
