import '../live.css'
import './events.css'
import { useTexts } from '#web'
import type { ChannelView, PlannedSet } from '../../contract.ts'
import { Poster } from '../Cover.tsx'
import { SetActions } from './SetActions.tsx'
import { SetWords } from './SetCard.tsx'
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
  return (
    <article class="set-row">
      <div class="live-picture">
        <Poster src={set.cover?.small ?? null} of={set.id} />
      </div>
      <SetWords set={set} />
      <SetActions set={set} />
    </article>
  )
}
