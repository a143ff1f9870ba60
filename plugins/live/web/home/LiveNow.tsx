import '../live.css'
import './home.css'
import { formatDuration, Icon, Pill, useTexts } from '#web'
import type { ChannelView } from '../../contract.ts'
import { ChannelCard } from '../ChannelCard.tsx'
import { Poster } from '../Cover.tsx'
import { onAirMs } from '../duration.ts'
import { liveTexts } from '../texts.ts'
import { useLiveChannels } from '../use-live-channels.ts'
import { useNow } from '../use-now.ts'

function First({ channel }: { channel: ChannelView }) {
  const t = useTexts(liveTexts)
  const onFor = onAirMs(channel.startedAt, useNow(30_000))
  return (
    <a class="live-hero" href={`/live/${channel.slug}`}>
      <Poster src={channel.poster ?? channel.cover?.large ?? null} of={channel.slug} isEager />
      <div class="live-marks">
        <Pill tone="live">{channel.isInterrupted ? t('interrupted') : t('onAirNow')}</Pill>
        <span class="live-count">{t('viewers', { count: channel.viewers })}</span>
      </div>
      <div class="live-hero-words">
        <div>
          <h2>{channel.title}</h2>
          {onFor !== null && onFor >= 60_000 && <p>{t('onFor', { time: formatDuration(onFor) })}</p>}
        </div>
        <span class="live-hero-play">
          <Icon name="play" size={22} />
          {t('watch')}
        </span>
      </div>
    </a>
  )
}

/** On the landing page, only while somebody is on air: large, one press away. */
export default function LiveNow() {
  const { data, isLoading } = useLiveChannels(20_000)
  const [first, ...others] = data?.items.filter(({ status }) => status === 'live') ?? []
  // Keeps the place while it is not known: an empty landing page would say that nothing is on.
  if (!data && isLoading) return <div hidden />
  if (!first) return null
  return (
    <section class="live-now">
      <First channel={first} />
      {others.length > 0 && (
        <ul class="live-cards">
          {others.map((channel) => (
            <li key={channel.id}>
              <ChannelCard channel={channel} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
