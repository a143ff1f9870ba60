import type { Artist } from '#plugins/artists'
import { useQuery, useTexts } from '#web'
import { listReleases, listTracks } from '../contract.ts'
import { ReleaseGrid } from './ReleaseGrid.tsx'
import { TrackList } from './TrackList.tsx'
import { catalogTexts } from './texts.ts'

/** On an artist's page: what is played most, and every release. */
export default function ArtistReleases({ artist }: { artist: Artist }) {
  const t = useTexts(catalogTexts)
  const releases = useQuery(listReleases, { query: { artist: artist.slug, limit: 100 } })
  const tracks = useQuery(listTracks, { query: { artist: artist.slug, sort: 'plays', limit: 5 } })
  const from = { id: `artist:${artist.id}`, title: artist.name, href: `/artists/${artist.slug}` }
  return (
    <>
      {tracks.data && tracks.data.items.length > 0 && (
        <section class="artist-part">
          <h2>{t('topTracks')}</h2>
          <TrackList tracks={tracks.data.items} from={from} look="mixed" label={t('topTracks')} />
        </section>
      )}
      {releases.data && releases.data.items.length > 0 && (
        <section class="artist-part">
          <h2>{t('releases')}</h2>
          <ReleaseGrid releases={releases.data.items} />
        </section>
      )}
    </>
  )
}
