import { Notice, useTexts } from '#web'
import type { Health } from '../../contract.ts'
import { healthTexts } from './health-texts.ts'
import { noteWords, sortedNotes } from './health-words.ts'
import { goLiveTexts } from './texts.ts'

/** Before the first picture: whether the encoder has come, and what keeps it from being seen. */
export function Waiting({ health }: { health: Health | null }) {
  const t = useTexts(goLiveTexts)
  const say = useTexts(healthTexts)
  return (
    <section class="golive-waiting">
      <i class="golive-dot" aria-hidden="true" />
      <div role="status">
        <h2>{t(health ? 'connected' : 'waiting')}</h2>
        <p>{t(health ? 'connectedText' : 'waitingText')}</p>
      </div>
      {health && health.notes.length > 0 && (
        <div class="golive-notes">
          {sortedNotes(health.notes).map((note) => (
            <Notice key={note.code} tone={note.level}>
              {noteWords(say, note)}
            </Notice>
          ))}
        </div>
      )}
    </section>
  )
}
