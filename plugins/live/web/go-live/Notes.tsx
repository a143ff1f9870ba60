import { Notice, useTexts } from '#web'
import type { Health } from '../../contract.ts'
import { healthTexts } from './health-texts.ts'
import { noteWords } from './health-words.ts'

/** What the measurements mean, in sentences. */
export function Notes({ notes }: Pick<Health, 'notes'>) {
  const t = useTexts(healthTexts)
  return (
    <div class="golive-notes">
      {notes.map((note) => (
        <Notice key={note.code} tone={note.level}>
          {noteWords(t, note)}
        </Notice>
      ))}
    </div>
  )
}
