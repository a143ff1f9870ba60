import { Badge, useTexts } from '#web'
import type { ArtistCard } from '../contract.ts'
import { artistTexts } from './texts.ts'

/** Artists as squares with their names. */
export function ArtistGrid({ artists }: { artists: readonly ArtistCard[] }) {
  const t = useTexts(artistTexts)
  return (
    <ul class="artist-grid">
      {artists.map(({ id, slug, name, genres, pictureUrl, isListed }) => (
        <li key={id}>
          <a href={`/artists/${slug}`}>
            <ArtistPicture name={name} url={pictureUrl} />
            <h3>{name}</h3>
            {genres.length > 0 && <p class="muted small">{genres.slice(0, 3).join(', ')}</p>}
            {!isListed && <Badge>{t('unlisted')}</Badge>}
          </a>
        </li>
      ))}
    </ul>
  )
}

/** The picture, or the first letter on a colour that stays the artist's. */
export function ArtistPicture({ name, url }: { name: string; url: string | null }) {
  if (url) return <img class="artist-picture" src={url} alt="" loading="lazy" width={256} height={256} />
  let hue = 0
  for (const character of name) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360
  return (
    <span class="artist-picture artist-letter" aria-hidden="true" style={{ '--hue': String(hue) }}>
      {[...name][0]?.toUpperCase()}
    </span>
  )
}
