import type { Credit } from '../contract.ts'

interface NamesProps {
  artists: readonly Credit[]
  /** Plain words inside what is a link already. */
  isPlain?: boolean
}

/** Main artists, then `feat.` those who are featured; names with a page lead there. */
export function ArtistNames({ artists, isPlain }: NamesProps) {
  const main = artists.filter(({ role }) => role !== 'featured')
  const featured = artists.filter(({ role }) => role === 'featured')
  return (
    <span class="artist-names">
      {main.map((artist, at) => (
        <Name
          key={`${artist.name} ${artist.role}`}
          artist={artist}
          isPlain={isPlain}
          before={at > 0 ? ', ' : ''}
        />
      ))}
      {featured.map((artist, at) => (
        <Name
          key={`${artist.name} feat`}
          artist={artist}
          isPlain={isPlain}
          before={at > 0 ? ', ' : ' feat. '}
        />
      ))}
    </span>
  )
}

function Name({
  artist,
  isPlain,
  before,
}: {
  artist: Credit
  isPlain?: boolean | undefined
  before: string
}) {
  const { name, slug } = artist
  return (
    <>
      {before}
      {slug && !isPlain ? <a href={`/artists/${slug}`}>{name}</a> : name}
    </>
  )
}

/** As text: `Ana, Ben feat. Cleo`. */
export function namesOf(artists: readonly Credit[]): string {
  const of = (isFeatured: boolean) =>
    artists.filter(({ role }) => (role === 'featured') === isFeatured).map(({ name }) => name)
  const [main, featured] = [of(false).join(', '), of(true).join(', ')]
  return featured ? `${main} feat. ${featured}` : main
}
