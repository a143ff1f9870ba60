import '../live.css'
import './home.css'
import { ErrorState, Skeleton, useChannel, useQuery, useTexts } from '#web'
import { liveNow, recentReplays } from '../../contract.ts'
import { ReplayCard } from '../ReplayGrid.tsx'
import { liveTexts } from '../texts.ts'

const shown = { query: { limit: 6 } }

/** On the landing page: the newest recordings; nothing while there are none. */
export default function RecentReplays() {
  const t = useTexts(liveTexts)
  const query = useQuery(recentReplays, shown)
  useChannel(liveNow, {}, { changed: ({ status }) => status === 'offline' && void query.reload() })
  if (!query.data && query.error) return <ErrorState error={query.error} retry={() => void query.reload()} />
  if (!query.data) return <Skeleton shape="block" count={3} />
  const { items } = query.data
  if (items.length === 0) return null
  return (
    <section>
      <header class="live-home-head">
        <h2>{t('replays')}</h2>
        <a href="/live">{t('allReplays')}</a>
      </header>
      <ul class="live-cards">
        {items.map((replay) => (
          <li key={replay.id}>
            <ReplayCard replay={replay} />
          </li>
        ))}
      </ul>
    </section>
  )
}
