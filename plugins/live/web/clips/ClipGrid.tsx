import './clips.css'
import { formatClock, formatDate, MoreButton, usePages, useTexts } from '#web'
import { type Clip, listClips } from '../../contract.ts'
import { Poster } from '../Cover.tsx'
import { pathOf } from './clip-path.ts'
import { clipTexts } from './texts.ts'

/** Clips of a channel, or of one recording; nothing where there are none. */
export function ClipGrid({ slug, streamId }: { slug: string; streamId?: string }) {
  const t = useTexts(clipTexts)
  const pages = usePages(listClips, { params: { slug }, query: { limit: 12, ...(streamId && { streamId }) } })
  const clips = pages.items.filter(({ status }) => status === 'ready')
  if (clips.length === 0) return null
  return (
    <section class="live-part">
      <h2>{t('clips')}</h2>
      <ul class="live-cards">
        {clips.map((clip) => (
          <li key={clip.id}>
            <ClipCard clip={clip} />
          </li>
        ))}
      </ul>
      <MoreButton pages={pages} />
    </section>
  )
}

function ClipCard({ clip }: { clip: Clip }) {
  return (
    <a class="live-card" href={pathOf(clip)}>
      <div class="live-picture">
        <Poster src={clip.poster} of={clip.channel.slug} />
        <span class="live-length">{formatClock(clip.durationMs)}</span>
      </div>
      <h3>{clip.title}</h3>
      <p class="muted small">
        {clip.maker && `${clip.maker.displayName} · `}
        <time dateTime={clip.from}>{formatDate(clip.from, 'date')}</time>
      </p>
    </a>
  )
}
