import { useQuery, useTexts } from '#web'
import { listReleases, type Release } from '../../contract.ts'
import { ReleaseGrid } from '../ReleaseGrid.tsx'
import { catalogTexts } from '../texts.ts'

/** Other releases of the first artist; nothing where there is none. */
export function MoreOfArtist({ release }: { release: Release }) {
  const t = useTexts(catalogTexts)
  const artist = release.artists[0]
  const { data } = useQuery(
    listReleases,
    artist ? { query: { artist: artist.slug ?? artist.name, limit: 7 } } : null,
    {
      freshMs: 60_000,
    },
  )
  const others = (data?.items ?? []).filter(({ id }) => id !== release.id).slice(0, 6)
  if (!artist || others.length === 0) return null
  return (
    <section class="release-more">
      <h2>{t('moreOf', { name: artist.name })}</h2>
      <ReleaseGrid releases={others} />
    </section>
  )
}
