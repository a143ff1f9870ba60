import '../live.css'
import './stats.css'
import {
  ButtonLink,
  EmptyState,
  formatDate,
  PageHeader,
  QueryView,
  query,
  Skeleton,
  urlOf,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import {
  type ChannelView,
  getStats,
  listShowTotals,
  myChannels,
  type ShowStats,
  statsCsv,
} from '../../contract.ts'
import { PastShows } from './PastShows.tsx'
import { ShowCharts } from './ShowCharts.tsx'
import { Totals } from './Totals.tsx'
import { statsTexts } from './texts.ts'
import { totalsOf } from './totals.ts'

/** `/go-live/stats?channel=slug&show=id`: what the audience of a show did. */
export default function StatsPage() {
  const t = useTexts(statsTexts)
  const mine = useQuery(myChannels, {})
  useTitle(t('title'))
  return (
    <QueryView query={mine} skeleton={<Waiting />}>
      {({ items }) => {
        const channel = items.find(({ slug }) => slug === query.value.get('channel')) ?? items[0]
        return channel ? <ChannelStats key={channel.slug} channel={channel} /> : <Nothing slug={null} />
      }}
    </QueryView>
  )
}

function Waiting() {
  return (
    <div class="stack">
      <Skeleton lines={2} />
      <Skeleton shape="block" count={2} />
    </div>
  )
}

function Nothing({ slug }: { slug: string | null }) {
  const t = useTexts(statsTexts)
  return (
    <EmptyState
      icon="broadcast"
      title={t('none')}
      text={t('noneText')}
      action={
        <ButtonLink look="main" href={slug ? `/go-live?channel=${encodeURIComponent(slug)}` : '/go-live'}>
          {t('goLive')}
        </ButtonLink>
      }
    />
  )
}

function ChannelStats({ channel }: { channel: ChannelView }) {
  const t = useTexts(statsTexts)
  const { slug } = channel
  const wanted = query.value.get('show')
  const isRunning = channel.status === 'live' && (wanted === null || wanted === channel.streamId)
  const input = { params: { slug }, query: wanted ? { streamId: wanted } : {} }
  const stats = useQuery(getStats, input, { freshMs: 0, ...(isRunning ? { everyMs: 10_000 } : {}) })
  const shows = useQuery(listShowTotals, { params: { slug } }, { freshMs: 0 })
  return (
    <QueryView query={stats} skeleton={<Waiting />}>
      {(data) =>
        data ? (
          <div class="stats">
            <Head channel={channel} stats={data} />
            <Totals items={totalsOf(t, data)} />
            <ShowCharts stats={data} />
            <QueryView query={shows}>{(page) => <PastShows slug={slug} first={page} />}</QueryView>
          </div>
        ) : (
          <Nothing slug={slug} />
        )
      }
    </QueryView>
  )
}

function Head({ channel, stats }: { channel: ChannelView; stats: ShowStats }) {
  const t = useTexts(statsTexts)
  const csv = urlOf(statsCsv, { params: { slug: channel.slug } })
  return (
    <PageHeader
      title={t('title')}
      lead={[channel.title, stats.title, formatDate(stats.startedAt)].filter(isNew).join(' · ')}
      actions={
        <>
          <ButtonLink href={`/go-live?channel=${encodeURIComponent(channel.slug)}`}>{t('back')}</ButtonLink>
          <ButtonLink href={`${csv}?streamId=${stats.streamId}`} download>
            {t('csv')}
          </ButtonLink>
        </>
      }
    />
  )
}

/** A show often has the channel's title. */
const isNew = (text: string, i: number, all: readonly string[]) => all.indexOf(text) === i
