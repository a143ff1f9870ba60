import './grid.css'
import { Badge, useTexts } from '#web'
import type { ReleaseCard } from '../contract.ts'
import { ArtistNames } from './ArtistNames.tsx'
import { CoverArt } from './CoverArt.tsx'
import { catalogTexts } from './texts.ts'

/** Releases as covers with their names. */
export function ReleaseGrid({ releases }: { releases: readonly ReleaseCard[] }) {
  return (
    <ul class="release-grid">
      {releases.map((release) => (
        <li key={release.id}>
          <a href={release.href}>
            <CoverArt cover={release.cover} size="small" />
            <h3>{release.title}</h3>
            <p>
              <ArtistNames artists={release.artists} isPlain />
            </p>
          </a>
          <ReleaseMarks release={release} />
        </li>
      ))}
    </ul>
  )
}

/** Who can see it, where that is not everybody. */
export function ReleaseMarks({ release }: { release: Pick<ReleaseCard, 'status' | 'visibility'> }) {
  const t = useTexts(catalogTexts)
  const { status, visibility } = release
  if (status !== 'published') return <Badge tone="warn">{t(status)}</Badge>
  return visibility === 'public' ? null : <Badge>{t(visibility)}</Badge>
}
