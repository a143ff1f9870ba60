import '../live.css'
import './events.css'
import { useQuery, useTexts } from '#web'
import { upcomingSets } from '../../contract.ts'
import { SetCard } from './SetCard.tsx'
import { setTexts } from './texts.ts'

const shown = { query: { limit: 6 } }

/** On the landing page and under /live: what is planned on any channel; nothing while nothing is. */
export default function UpcomingRow() {
  const t = useTexts(setTexts)
  const { data } = useQuery(upcomingSets, shown, { everyMs: 60_000 })
  if (!data || data.items.length === 0) return null
  return (
    <section class="live-part set-upcoming">
      <header class="set-head">
        <h2>{t('upcoming')}</h2>
        <a href="/live/calendar.ics">{t('followCalendar')}</a>
      </header>
      <ul class="live-cards">
        {data.items.map((set) => (
          <li key={set.id}>
            <SetCard set={set} />
          </li>
        ))}
      </ul>
    </section>
  )
}
