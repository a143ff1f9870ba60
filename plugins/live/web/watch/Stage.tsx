import { Later, Skeleton, useTexts } from '#web'
import type { ChannelView, Replay } from '../../contract.ts'
import { LockedStage } from '../access/LockedStage.tsx'
import { useWatched } from '../clips/watched.ts'
import { Player } from '../player/Player.tsx'
import { playerTexts } from '../player/texts.ts'
import type { OnAir } from './use-last-stream.ts'
import { useShow } from './use-show.ts'

/** Only where nothing is on air. */
const loadOffAir = () => import('./OffAir.tsx')

export interface StageProps {
  channel: ChannelView
  stream: OnAir | null
  newest: Replay | null
  isReplayKnown: boolean
  /** A stream was shown on this page and is over. */
  hasEnded: boolean
  onEnded(): void
  onExpired(): Promise<void>
}

/** The stream; off air the newest recording, ready to play; a calm cover where there is neither. */
export function Stage(props: StageProps) {
  const { channel, stream, onEnded, onExpired } = props
  const { slug, title, startedAt } = channel
  const cover = channel.cover?.large ?? null
  const showId = useShow(stream)
  const moments = useWatched(stream?.id ?? null)
  if (stream && showId) {
    const { playback } = stream
    return (
      <Player
        source={{ id: showId, playback, isLive: true, startedAt }}
        title={title}
        artist=""
        slug={slug}
        poster={stream.poster ?? cover}
        cover={cover}
        isAutoplay
        isInterrupted={channel.isInterrupted}
        corner={<Watching channel={channel} isListening={!playback.hasVideo} />}
        onEnded={onEnded}
        onExpired={onExpired}
        {...moments}
      />
    )
  }
  if (channel.isLocked)
    return (
      <LockedStage
        slug={slug}
        access={channel.access}
        isOnAir={channel.status === 'live'}
        poster={channel.poster ?? cover}
      />
    )
  return <Later load={loadOffAir} props={props} wait={<Skeleton shape="video" />} />
}

function Watching({ channel, isListening }: { channel: ChannelView; isListening: boolean }) {
  const t = useTexts(playerTexts)
  const { viewers: count } = channel
  // Where streams begin or go on, the first are counted a moment later.
  if (channel.status !== 'live' || count === 0) return null
  return <span class="player-corner">{t(isListening ? 'listening' : 'watching', { count })}</span>
}
