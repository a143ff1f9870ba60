import { Icon } from '#web'
import type { PlaylistCard } from '../contract.ts'

interface MosaicProps {
  list: Pick<PlaylistCard, 'coverUrl' | 'covers' | 'kind'>
  /** Beside the title rather than in a grid or row. */
  isLarge?: boolean
}

/** The cover of a playlist: its own, four of its tracks’, one, or a quiet square. Decoration beside the title. */
export function Mosaic({ list, isLarge }: MosaicProps) {
  const { coverUrl, covers, kind } = list
  if (coverUrl) return <img class="list-cover" src={coverUrl} alt="" loading={isLarge ? 'eager' : 'lazy'} />
  const [only] = covers
  if (!only)
    return (
      <span class="list-cover is-none" aria-hidden="true">
        <Icon name={kind === 'smart' ? 'radio' : 'music'} size={isLarge ? 64 : 40} />
      </span>
    )
  if (covers.length < 4)
    return <img class="list-cover" src={only[isLarge ? 'large' : 'small'].webp} alt="" loading="lazy" />
  return (
    <span class="list-cover is-mosaic" aria-hidden="true">
      {covers.map((cover) => (
        <img
          key={cover.thumb}
          src={isLarge ? cover.small.webp : cover.thumb}
          alt=""
          loading="lazy"
          style={{ background: cover.colour }}
        />
      ))}
    </span>
  )
}
