import './replay.css'
import { formatClock, useTexts } from '#web'
import type { Chapter } from '../../contract.ts'
import type { PlayerPlace } from './place.ts'
import { replayTexts } from './texts.ts'

/** A recording's chapters: the one that plays is marked, a click goes there. */
export function Chapters({ chapters, place }: { chapters: readonly Chapter[]; place: PlayerPlace }) {
  const t = useTexts(replayTexts)
  if (chapters.length === 0) return null
  const at = place.atMs.value
  const current = chapters.findLastIndex(({ atMs }) => atMs <= at + 200)
  return (
    <section class="live-part replay-chapters">
      <h2>{t('chapters')}</h2>
      <p class="muted small replay-keys">{t('chapterKeys')}</p>
      <ol>
        {chapters.map((chapter, index) => (
          <li key={chapter.atMs}>
            <button
              type="button"
              class="replay-chapter"
              aria-current={index === current ? 'true' : undefined}
              onClick={() => place.seek(chapter.atMs, true)}
            >
              <span class="replay-time">{formatClock(chapter.atMs)}</span>
              <span>{chapter.title}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
