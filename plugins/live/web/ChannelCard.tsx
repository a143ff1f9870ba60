import { Pill, useTexts } from '#web'
import type { ChannelView } from '../contract.ts'
import { Poster } from './Cover.tsx'
import { onAirMs, onForWords } from './duration.ts'
import { liveTexts } from './texts.ts'
import { useNow } from './use-now.ts'

/** A channel in a list: its picture, whether it is on air, who watches. */
export function ChannelCard({ channel }: { channel: ChannelView }) {
  const t = useTexts(liveTexts)
  const now = useNow(30_000)
  const isLive = channel.status === 'live'
  const onFor = onAirMs(channel.startedAt, now)
  return (
    <a class="live-card" href={`/live/${channel.slug}`}>
      <div class="live-picture">
        <Poster src={channel.poster ?? channel.cover?.small ?? null} of={channel.slug} />
        <div class="live-marks">
          {isLive && <Pill tone="live">{channel.isInterrupted ? t('interrupted') : t('live')}</Pill>}
          {isLive && channel.viewers > 0 && (
            <span class="live-count">{t('viewers', { count: channel.viewers })}</span>
          )}
        </div>
      </div>
      <h3>{channel.title}</h3>
      <p class="muted small">
        {isLive && onFor !== null ? onForWords(t, onFor) : channel.description || t('offAir')}
      </p>
    </a>
  )
}
