import { useTexts } from '#web'
import type { Health } from '../../contract.ts'
import { Notes } from './Notes.tsx'
import { goLiveTexts } from './texts.ts'

/** Before the first picture: whether the encoder has come, and what keeps it from being seen. */
export function Waiting({ health }: { health: Health | null }) {
  const t = useTexts(goLiveTexts)
  const isTurnedAway = health?.notes.some(({ level }) => level === 'bad') ?? false
  const state = isTurnedAway ? 'turnedAway' : health ? 'connected' : 'waiting'
  return (
    <section class="golive-waiting">
      <i class="golive-dot" aria-hidden="true" />
      <div role="status">
        <h2>{t(state)}</h2>
        <p>{t(`${state}Text`)}</p>
      </div>
      {health && health.notes.length > 0 && <Notes notes={health.notes} />}
    </section>
  )
}
