import type { Track } from '#plugins/catalog'
import type { PlayFrom } from '#web'
import { Link, useTexts } from '#web'
import { playerTexts } from '../texts.ts'

export function Artists({ track }: { track: Track }) {
  return (
    <>
      {track.artists.map(({ name, slug }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two may have one name, and they do not change places
        <span key={at}>
          {at > 0 && ', '}
          {slug ? <Link href={`/artists/${slug}`}>{name}</Link> : name}
        </span>
      ))}
    </>
  )
}

/** Title, artists, and from where it plays. */
export function TrackWords({ track, from }: { track: Track; from: PlayFrom | null }) {
  const t = useTexts(playerTexts)
  return (
    <div class="player-words">
      <Link class="player-title" href={`/tracks/${track.id}`}>
        {track.title}
      </Link>
      <span class="player-by">
        <Artists track={track} />
        {from && (
          <>
            {' · '}
            {t('from')} {from.href ? <Link href={from.href}>{from.title}</Link> : from.title}
          </>
        )}
      </span>
    </div>
  )
}

export function Cover({ track, isLarge }: { track: Track; isLarge?: boolean }) {
  const { cover } = track.release
  if (!cover) return <span class="player-cover is-empty" aria-hidden="true" />
  const { avif, webp, jpeg } = isLarge ? cover.large : cover.small
  return (
    <picture class="player-cover" style={{ background: cover.colour }}>
      {isLarge && <source type="image/avif" srcset={avif} />}
      {isLarge && <source type="image/webp" srcset={webp} />}
      <img
        src={isLarge ? jpeg : cover.thumb}
        alt=""
        width={isLarge ? 1200 : 160}
        height={isLarge ? 1200 : 160}
      />
    </picture>
  )
}
