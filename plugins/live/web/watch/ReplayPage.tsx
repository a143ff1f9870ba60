import '../live.css'
import './watch.css'
import { notFound } from '#contract'
import {
  formatDate,
  formatDuration,
  NotFound,
  type PageProps,
  QueryView,
  Slot,
  useChannel,
  useFills,
  usePages,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import {
  besideReplay,
  type Chapter,
  channelRoom,
  getReplay,
  listReplays,
  type Replay,
} from '../../contract.ts'
import { LockedStage } from '../access/LockedStage.tsx'
import { ClipGrid } from '../clips/ClipGrid.tsx'
import { ClipOfReplay } from '../clips/ClipOfReplay.tsx'
import { Player } from '../player/Player.tsx'
import { ReplayGrid } from '../ReplayGrid.tsx'
import { Chapters } from '../replay/Chapters.tsx'
import { useChapters } from '../replay/chapter-words.ts'
import { type PlayerPlace, usePlayerPlace } from '../replay/place.ts'
import { liveTexts } from '../texts.ts'
import { ReplayTools } from './ReplayTools.tsx'
import { recordingSource } from './recording-source.ts'
import { WatchSkeleton } from './WatchSkeleton.tsx'

/** `/live/{slug}/replays/{id}`: one recording, and the others of its channel. */
export default function ReplayPage({ params }: PageProps) {
  const { slug = '', id = '' } = params
  const query = useQuery(getReplay, { params: { id } })
  useTitle(query.data?.title)
  const isElsewhere = query.data && query.data.channel.slug !== slug
  // Its pictures, chapters and length come some time after the end.
  useChannel(channelRoom, query.data && !isElsewhere ? { slug } : null, {
    replay: (changed) => changed.id === id && void query.reload(),
  })
  // An id that is none at all is refused as bad input.
  if (isElsewhere || query.error?.is(notFound) || query.error?.status === 400) return <NotFound />
  return (
    <QueryView query={query} skeleton={<WatchSkeleton />}>
      {(replay) => (
        <OpenReplay key={replay.id} replay={replay} onChanged={query.set} onExpired={query.reload} />
      )}
    </QueryView>
  )
}

interface OpenReplayProps {
  replay: Replay
  onChanged(replay: Replay): void
  onExpired(): Promise<void>
}

/** True where the reader pressed something on this site before: a followed link may begin to play. */
function mayBegin(): boolean {
  return typeof navigator !== 'undefined' && (navigator.userActivation?.hasBeenActive ?? false)
}

function OpenReplay({ replay, onChanged, onExpired }: OpenReplayProps) {
  const t = useTexts(liveTexts)
  const { channel } = replay
  const place = usePlayerPlace()
  const chapters = useChapters(replay.chapters)
  const others = usePages(listReplays, { params: { slug: channel.slug }, query: { limit: 12 } })
  const hasOthers = others.items.some(({ id }) => id !== replay.id)
  const hasSide = useFills(besideReplay).length > 0 && replay.chat !== null && replay.playback !== null
  return (
    <div class={`watch${hasSide ? ' has-side' : ''}`}>
      <header class="watch-head">
        <h1>{replay.title}</h1>
        <p class="watch-status">
          <a href={`/live/${channel.slug}`}>{channel.title}</a> ·{' '}
          <time dateTime={replay.startedAt}>{formatDate(replay.startedAt)}</time> ·{' '}
          {formatDuration(replay.durationMs)}
        </p>
      </header>
      <div class="watch-stage">
        <ReplayStage replay={replay} chapters={chapters} place={place} onExpired={onExpired} />
      </div>
      {hasSide && (
        <aside class="watch-side" aria-label={t('chat')}>
          <Beside replay={replay} place={place} />
        </aside>
      )}
      <div class="watch-more">
        <div class="watch-tools">
          {replay.hasClips && replay.playback && <ClipOfReplay replay={replay} place={place} />}
          <ReplayTools replay={replay} place={place} onChanged={onChanged} />
        </div>
        <Chapters chapters={chapters} place={place} />
        <ClipGrid slug={channel.slug} streamId={replay.id} />
        {hasOthers && (
          <section class="live-part">
            <h2>{t('replaysOf')}</h2>
            <ReplayGrid pages={others} isOwnPage without={replay.id} />
          </section>
        )}
      </div>
    </div>
  )
}

interface StageProps {
  replay: Replay
  chapters: readonly Chapter[]
  place: PlayerPlace
  onExpired(): Promise<void>
}

function ReplayStage({ replay, chapters, place, onExpired }: StageProps) {
  const { channel, playback } = replay
  if (replay.isLocked)
    return <LockedStage slug={channel.slug} access={replay.access} isOnAir={false} poster={replay.poster} />
  if (!playback) return null
  return (
    <Player
      source={recordingSource(replay, playback)}
      chapters={chapters}
      storyboard={replay.storyboard}
      title={replay.title}
      artist={channel.title}
      slug={channel.slug}
      poster={replay.poster}
      isAutoplay={mayBegin()}
      onPosition={place.onPosition}
      onSeeker={place.onSeeker}
      onExpired={onExpired}
    />
  )
}

/** Alone in reading the position, so that the page itself is not drawn twice a second. */
function Beside({ replay, place }: { replay: Replay; place: PlayerPlace }) {
  return <Slot of={besideReplay} props={{ replay, positionMs: place.atMs.value, seek: place.seek }} />
}
