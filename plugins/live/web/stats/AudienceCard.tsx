import './stats.css'
import { Card, Link, useQuery, useTexts } from '#web'
import { type ChannelView, getStats } from '../../contract.ts'
import { statsAddress } from './address.ts'
import { LineChart } from './LineChart.tsx'
import { Totals } from './Totals.tsx'
import { statsTexts } from './texts.ts'
import { timeAt } from './time-at.ts'
import { totalsOf } from './totals.ts'

/** On the desk: the audience of what is on air, or of the last time. */
export default function AudienceCard({ channel }: { channel: ChannelView }) {
  const t = useTexts(statsTexts)
  const { slug, status } = channel
  const isLive = status === 'live'
  const { data } = useQuery(
    getStats,
    { params: { slug } },
    { freshMs: 0, ...(isLive && { everyMs: 10_000 }) },
  )
  if (data === undefined) return null
  if (data === null)
    return (
      <Card title={t('card')}>
        <p class="muted">{t('cardNone')}</p>
      </Card>
    )
  return (
    <Card
      title={t('card')}
      lead={t(isLive ? 'cardNow' : 'cardLast')}
      actions={<Link href={statsAddress(slug)}>{t('cardLink')}</Link>}
    >
      <div class="stack">
        <Totals items={totalsOf(t, data).slice(0, 3)} />
        <LineChart
          label={t('curve')}
          series={[{ name: t('watching'), values: data.viewers }]}
          place={timeAt(data.fromAt, data.stepS)}
          placeName={t('time')}
          value={(value) => String(Math.round(value))}
        />
      </div>
    </Card>
  )
}
