import '../live.css'
import './watch.css'
import { notFound } from '#contract'
import { ButtonLink, NotFound, type PageProps, QueryView, Slot, useFills, useTexts, useTitle } from '#web'
import { besideStream, type ChannelView, type Replay, watchActions, watchParts } from '../../contract.ts'
import { onAirMs, onForWords } from '../duration.ts'
import { deskAddress } from '../go-live/address.ts'
import { ReplayGrid } from '../ReplayGrid.tsx'
import { liveTexts } from '../texts.ts'
import { useNow } from '../use-now.ts'
import { Stage } from './Stage.tsx'
import { useChannelPage } from './use-channel-page.ts'
import { useLastStream } from './use-last-stream.ts'
import { WatchSkeleton } from './WatchSkeleton.tsx'

/** `/live/{slug}`: the stage, what is said about it, the recordings. */
export default function ChannelPage({ params }: PageProps) {
  const slug = params.slug ?? ''
  return <OpenChannel key={slug} slug={slug} />
}

function OpenChannel({ slug }: { slug: string }) {
  const { channel, replays } = useChannelPage(slug)
  useTitle(channel.data?.title)
  if (channel.error?.is(notFound)) return <NotFound />
  const newest = replays.items.find(({ id }) => id !== channel.data?.streamId) ?? null
  return (
    <QueryView query={channel} skeleton={<WatchSkeleton />}>
      {(data) => (
        <Watch
          channel={data}
          newest={newest}
          isReplayKnown={replays.query.data !== undefined || replays.query.error !== null}
          onExpired={channel.reload}
        >
          {(playing) => <ReplayGrid pages={replays} isOwnPage without={playing} />}
        </Watch>
      )}
    </QueryView>
  )
}

interface WatchProps {
  channel: ChannelView
  newest: Replay | null
  isReplayKnown: boolean
  onExpired(): Promise<void>
  children(playing: string | null): preact.ComponentChildren
}

function Watch({ channel, newest, isReplayKnown, onExpired, children }: WatchProps) {
  const t = useTexts(liveTexts)
  const { stream, hasEnded, onEnded } = useLastStream(channel)
  // The talk of a closed channel is closed with it.
  const hasSide = useFills(besideStream).length > 0 && !channel.isLocked
  const { id, slug, streamId } = channel
  return (
    <div class={`watch${hasSide ? ' has-side' : ''}`}>
      <header class="watch-head">
        <h1>{channel.title}</h1>
        <Status channel={channel} />
      </header>
      <div class="watch-stage">
        <Stage
          channel={channel}
          stream={stream}
          newest={newest}
          isReplayKnown={isReplayKnown}
          hasEnded={hasEnded}
          onEnded={onEnded}
          onExpired={onExpired}
        />
      </div>
      <div class="row watch-actions">
        <Slot of={watchActions} props={{ channel }} />
        {channel.can.publish && channel.status !== 'live' && (
          <ButtonLink href={deskAddress(slug)} icon="broadcast">
            {t('goLive')}
          </ButtonLink>
        )}
      </div>
      {hasSide && (
        <aside class="watch-side" aria-label={t('chat')}>
          <Slot of={besideStream} props={{ channelId: id, slug, streamId }} />
        </aside>
      )}
      <div class="watch-more">
        {channel.description && <p class="watch-about">{channel.description}</p>}
        <Slot of={watchParts} props={{ channel }} />
        <section class="live-part">
          <h2>{t('replays')}</h2>
          {children(stream ? stream.id : null)}
        </section>
      </div>
    </div>
  )
}

function Status({ channel }: { channel: ChannelView }) {
  const t = useTexts(liveTexts)
  const onFor = onAirMs(channel.startedAt, useNow(15_000))
  const words =
    channel.status !== 'live'
      ? t('offAir')
      : channel.isInterrupted
        ? t('interrupted')
        : onFor === null
          ? t('onAir')
          : onForWords(t, onFor)
  return (
    <p class="watch-status" role="status">
      {words}
    </p>
  )
}
