import '../live.css'
import './admin.css'
import { useState } from 'preact/hooks'
import { Button, Card, ErrorState, formatDuration, formatNumber, useQuery, useTexts } from '#web'
import { type ChannelView, getHealth } from '../../contract.ts'
import { onAirMs } from '../duration.ts'
import { endAfterAsking } from '../go-live/end-stream.ts'
import { goLiveTexts } from '../go-live/texts.ts'
import { liveTexts } from '../texts.ts'
import { useLiveChannels } from '../use-live-channels.ts'
import { useNow } from '../use-now.ts'
import { adminTexts } from './texts.ts'

function Row({ channel, onEnded }: { channel: ChannelView; onEnded(): void }) {
  const t = useTexts(adminTexts)
  const go = useTexts(goLiveTexts)
  const { slug, title } = channel
  const { data } = useQuery(getHealth, { params: { slug } }, { freshMs: 0, everyMs: 5_000 })
  const onFor = onAirMs(channel.startedAt, useNow(15_000))
  const [isBusy, setBusy] = useState(false)
  const end = async () => {
    setBusy(true)
    if (await endAfterAsking(go, slug)) onEnded()
    setBusy(false)
  }
  const rate = data?.bitrateKbps ?? 0
  const facts = [
    t('viewers', { count: data?.viewers ?? channel.viewers }),
    ...(rate > 0 ? [go('mbits', { value: formatNumber(rate / 1000, { maximumFractionDigits: 1 }) })] : []),
    ...(onFor === null ? [] : [formatDuration(onFor)]),
    ...(channel.isInterrupted ? [t('interrupted')] : []),
  ]
  return (
    <li>
      <div>
        <a href={`/live/${slug}`}>{title}</a>
        <p class="muted small figures">{facts.join(' · ')}</p>
      </div>
      {channel.can.publish && (
        <Button look="danger" isBusy={isBusy} onClick={() => void end()}>
          {t('end')}
          <span class="hidden-text"> {title}</span>
        </Button>
      )}
    </li>
  )
}

/** On the administrator's overview: who is on air, how many watch, and the way to end it. */
export default function LiveStreams() {
  const t = useTexts(adminTexts)
  const words = useTexts(liveTexts)
  const query = useLiveChannels(10_000)
  const onAir = query.data?.items.filter(({ status }) => status === 'live') ?? []
  return (
    <Card title={words('onAirNow')}>
      {!query.data && query.error && <ErrorState error={query.error} retry={() => void query.reload()} />}
      {query.data && onAir.length === 0 && <p class="muted">{t('nobody')}</p>}
      <ul class="live-admin">
        {onAir.map((channel) => (
          <Row key={channel.id} channel={channel} onEnded={() => void query.reload()} />
        ))}
      </ul>
    </Card>
  )
}
