import './artists.css'
import { Link, useQuery, useTexts } from '#web'
import { listArtists } from '../contract.ts'
import { ArtistGrid } from './ArtistGrid.tsx'
import { artistTexts } from './texts.ts'

/** On the landing page: the first artists of the roster; nothing at all while there is none. */
export default function HomeArtists() {
  const t = useTexts(artistTexts)
  const { data } = useQuery(listArtists, { query: { limit: 6 } })
  if (!data || data.items.length === 0) return null
  return (
    <section class="home-artists">
      <header class="card-head">
        <h2>{t('artists')}</h2>
        <Link href="/artists">{t('all')}</Link>
      </header>
      <ArtistGrid artists={data.items} />
    </section>
  )
}
