import '../live.css'
import './watch.css'
import { notFound } from '#contract'
import {
  formatDate,
  formatDuration,
  NotFound,
  type PageProps,
  QueryView,
  usePages,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { getReplay, listReplays, type Replay } from '../../contract.ts'
import { Player } from '../player/Player.tsx'
import { ReplayGrid } from '../ReplayGrid.tsx'
import { liveTexts } from '../texts.ts'
import { ReplayTools } from './ReplayTools.tsx'
import { WatchSkeleton } from './WatchSkeleton.tsx'

/** `/live/{slug}/replays/{id}`: one recording, and the others of its channel. */
export default function ReplayPage({ params }: PageProps) {
  const { slug = '', id = '' } = params
  const query = useQuery(getReplay, { params: { id } })
  useTitle(query.data?.title)
  const isElsewhere = query.data && query.data.channel.slug !== slug
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
  const { channel, playback } = replay
  const others = usePages(listReplays, { params: { slug: channel.slug }, query: { limit: 12 } })
  const hasOthers = others.items.some(({ id }) => id !== replay.id)
  return (
    <div class="watch">
      <header class="watch-head">
        <h1>{replay.title}</h1>
        <p class="watch-status">
          <a href={`/live/${channel.slug}`}>{channel.title}</a> ·{' '}
          <time dateTime={replay.startedAt}>{formatDate(replay.startedAt)}</time> ·{' '}
          {formatDuration(replay.durationMs)}
        </p>
      </header>
      <div class="watch-stage">
        {playback && (
          <Player
            source={{ id: replay.id, url: playback.hls, isLive: false, hasVideo: playback.hasVideo }}
            title={replay.title}
            artist={channel.title}
            slug={channel.slug}
            poster={replay.poster}
            isAutoplay={mayBegin()}
            onExpired={onExpired}
          />
        )}
      </div>
      <div class="watch-more">
        <ReplayTools replay={replay} onChanged={onChanged} />
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
