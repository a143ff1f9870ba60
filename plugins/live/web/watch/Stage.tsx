import type { ComponentChildren } from 'preact'
import { formatDate, useTexts } from '#web'
import type { ChannelView, Replay } from '../../contract.ts'
import { LockedStage } from '../access/LockedStage.tsx'
import { Poster } from '../Cover.tsx'
import { useWatched } from '../clips/watched.ts'
import { Countdown } from '../events/Countdown.tsx'
import { useSets } from '../events/use-sets.ts'
import { Player } from '../player/Player.tsx'
import { playerTexts } from '../player/texts.ts'
import { useChapters } from '../replay/chapter-words.ts'
import { liveTexts } from '../texts.ts'
import { recordingSource } from './recording-source.ts'
import type { OnAir } from './use-last-stream.ts'
import { useShow } from './use-show.ts'

interface StageProps {
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
  return <OffAir {...props} />
}

function Watching({ channel, isListening }: { channel: ChannelView; isListening: boolean }) {
  const t = useTexts(playerTexts)
  const { viewers: count } = channel
  // Where streams begin or go on, the first are counted a moment later.
  if (channel.status !== 'live' || count === 0) return null
  return <span class="player-corner">{t(isListening ? 'listening' : 'watching', { count })}</span>
}

function OffAir({ channel, newest, isReplayKnown, hasEnded }: StageProps) {
  const t = useTexts(liveTexts)
  const chapters = useChapters(newest?.chapters ?? [])
  if (!newest?.playback) {
    return (
      <NothingYet channel={channel} hasEnded={hasEnded}>
        {hasEnded ? t('ended') : isReplayKnown && t('nothingYet')}
      </NothingYet>
    )
  }
  const { playback } = newest
  return (
    <>
      <Player
        source={recordingSource(newest, playback)}
        chapters={chapters}
        storyboard={newest.storyboard}
        title={newest.title}
        artist={channel.title}
        slug={channel.slug}
        poster={newest.poster ?? channel.cover?.large ?? null}
        cover={channel.cover?.large ?? null}
        isAutoplay={false}
        corner={
          <span class="player-corner">
            {t('lastTime')} · {formatDate(newest.startedAt, 'date')}
          </span>
        }
      />
      <p class="stage-note">{t(hasEnded ? 'ended' : 'offNow')}</p>
    </>
  )
}

interface NothingProps extends Pick<StageProps, 'channel' | 'hasEnded'> {
  children: ComponentChildren
}

/** Where nothing can be played: what comes next, or a calm cover. */
function NothingYet({ channel, hasEnded, children }: NothingProps) {
  const t = useTexts(liveTexts)
  const planned = useSets(channel).find(({ status }) => status === 'planned')
  const next = hasEnded ? undefined : planned
  return (
    <div class="stage-off">
      <Poster src={next?.cover?.large ?? channel.cover?.large ?? null} of={channel.slug} isEager />
      <div class="stage-words">
        <p class="stage-title">{next ? next.title : t('offAir')}</p>
        {next ? (
          <p>
            <time dateTime={next.startsAt}>{formatDate(next.startsAt)}</time> ·{' '}
            <Countdown until={next.startsAt} />
          </p>
        ) : (
          children && <p>{children}</p>
        )}
      </div>
    </div>
  )
}
