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
import { type ChannelView, getStats, type ShowStats, statsCsv } from '../../contract.ts'
import { deskAddress } from '../go-live/address.ts'
import { OwnChannel } from '../go-live/OwnChannel.tsx'
import { statsAddress } from './address.ts'
import { PastShows } from './PastShows.tsx'
import { ShowCharts } from './ShowCharts.tsx'
import { Totals } from './Totals.tsx'
import { statsTexts } from './texts.ts'
import { totalsOf } from './totals.ts'

/** `/go-live/stats?channel=slug&show=id`: what the audience of a show did. */
export default function StatsPage() {
  const t = useTexts(statsTexts)
  useTitle(t('title'))
  return (
    <OwnChannel skeleton={<Waiting />} address={statsAddress} none={<Nothing href="/go-live" />}>
      {({ channel }) => <ChannelStats key={channel.slug} channel={channel} />}
    </OwnChannel>
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

function Nothing({ href }: { href: string }) {
  const t = useTexts(statsTexts)
  return (
    <>
      <PageHeader title={t('title')} />
      <EmptyState
        icon="broadcast"
        title={t('none')}
        text={t('noneText')}
        action={
          <ButtonLink look="main" href={href}>
            {t('goLive')}
          </ButtonLink>
        }
      />
    </>
  )
}

function ChannelStats({ channel }: { channel: ChannelView }) {
  const t = useTexts(statsTexts)
  const { slug } = channel
  const wanted = query.value.get('show')
  const isRunning = channel.status === 'live' && (wanted === null || wanted === channel.streamId)
  const input = { params: { slug }, query: wanted ? { streamId: wanted } : {} }
  const stats = useQuery(getStats, input, { freshMs: 0, ...(isRunning ? { everyMs: 10_000 } : {}) })
  return (
    <QueryView query={stats} skeleton={<Waiting />}>
      {(data) =>
        data ? (
          <div class="stats">
            <Head channel={channel} stats={data} />
            <Totals items={totalsOf(t, data)} />
            <ShowCharts stats={data} />
            <PastShows slug={slug} />
          </div>
        ) : (
          <Nothing href={deskAddress(slug)} />
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
          <ButtonLink href={deskAddress(channel.slug)}>{t('back')}</ButtonLink>
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
