import type { ComponentChildren } from 'preact'
import { formatDate, useTexts } from '#web'
import { Poster } from '../Cover.tsx'
import { Countdown } from '../events/Countdown.tsx'
import { useSets } from '../events/use-sets.ts'
import { Player } from '../player/Player.tsx'
import { useChapters } from '../replay/chapter-words.ts'
import { liveTexts } from '../texts.ts'
import { recordingSource } from './recording-source.ts'
import type { StageProps } from './Stage.tsx'

/** What a channel shows while nothing is on air: its newest recording, or what comes next. */
export default function OffAir({ channel, newest, isReplayKnown, hasEnded }: StageProps) {
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
