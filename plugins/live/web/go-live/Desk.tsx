import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { formatDuration, Notice, PageHeader, QueryView, Slot, useFills, useTexts } from '#web'
import {
  besideStream,
  type ChannelView,
  deskLinks,
  deskParts,
  deskPlans,
  type Health,
  type IngestAddress,
} from '../../contract.ts'
import { onAirMs } from '../duration.ts'
import { useNow } from '../use-now.ts'
import { WatchSkeleton } from '../watch/WatchSkeleton.tsx'
import { Connection } from './Connection.tsx'
import { CoverCard } from './CoverCard.tsx'
import { EndButton } from './EndButton.tsx'
import { HealthCard } from './HealthCard.tsx'
import { Keys } from './Keys.tsx'
import { Preview } from './Preview.tsx'
import { TitleCard } from './TitleCard.tsx'
import { goLiveTexts } from './texts.ts'
import { useDesk } from './use-desk.ts'
import { Waiting } from './Waiting.tsx'

interface DeskProps {
  slug: string
  ingest: IngestAddress
  choose: ComponentChildren
}

/** One channel before and during a stream; turns from the one to the other by itself. */
export function Desk({ slug, ingest, choose }: DeskProps) {
  const t = useTexts(goLiveTexts)
  const { channel, health, isReachable } = useDesk(slug)
  return (
    <QueryView query={channel} skeleton={<WatchSkeleton />}>
      {(data) => (
        <>
          {data.status === 'live' ? (
            <LiveHeader channel={data} health={health} choose={choose} />
          ) : (
            <PageHeader title={t('title')} lead={t('lead')} actions={choose} />
          )}
          <div role="status">{!isReachable && <Notice tone="warn">{t('unreachable')}</Notice>}</div>
          <div class="golive">
            <div class="golive-main">
              {data.status === 'live' ? (
                <OnAir channel={data} health={health} ingest={ingest} onSaved={channel.set} />
              ) : (
                <OffAir channel={data} health={health} ingest={ingest} onSaved={channel.set} />
              )}
            </div>
            <Side channel={data} />
          </div>
        </>
      )}
    </QueryView>
  )
}

function Side({ channel }: { channel: ChannelView }) {
  const t = useTexts(goLiveTexts)
  const { id, slug, streamId } = channel
  if (useFills(besideStream).length === 0) return null
  return (
    <aside class="golive-side" aria-label={t('chat')}>
      <Slot of={besideStream} props={{ channelId: id, slug, streamId }} />
    </aside>
  )
}

interface LiveHeaderProps {
  channel: ChannelView
  health: Health | null
  choose: ComponentChildren
}

function LiveHeader({ channel, health, choose }: LiveHeaderProps) {
  const t = useTexts(goLiveTexts)
  const onFor = onAirMs(channel.startedAt, useNow(5_000))
  const isAway = channel.isInterrupted || health?.status === 'interrupted'
  const facts = [
    channel.title,
    t('people', { count: channel.viewers }),
    ...(onFor === null ? [] : [formatDuration(onFor)]),
  ]
  return (
    <div class={`golive-live${isAway ? ' is-away' : ''}`}>
      <PageHeader
        title={
          <span aria-live="polite">
            <i class="golive-dot" aria-hidden="true" />
            {t(isAway ? 'away' : 'youAreLive')}
          </span>
        }
        lead={isAway ? t('awayLead') : facts.join(' · ')}
        actions={
          <>
            {choose}
            <EndButton slug={channel.slug} />
          </>
        }
      />
    </div>
  )
}

interface AirProps {
  channel: ChannelView
  health: Health | null
  ingest: IngestAddress
  onSaved(channel: ChannelView): void
}

/** What is looked at while playing comes first, what is set up once comes last. */
function OnAir({ channel, health, ingest, onSaved }: AirProps) {
  const t = useTexts(goLiveTexts)
  return (
    <>
      <HealthCard health={health} />
      <Preview channel={channel} />
      <Slot of={deskParts} props={{ channel }} />
      <Plans channel={channel} onSaved={onSaved} />
      <Group title={t('groupLinks')}>
        <Slot of={deskLinks} props={{ channel }} />
        <details class="golive-details">
          <summary>{t('connectionDetails')}</summary>
          <div class="stack">
            <Connection slug={channel.slug} ingest={ingest} />
            <Keys slug={channel.slug} />
          </div>
        </details>
      </Group>
    </>
  )
}

/** The way onto the air first, then what the show is to be. */
function OffAir({ channel, health, ingest, onSaved }: AirProps) {
  const t = useTexts(goLiveTexts)
  return (
    <>
      <Waiting health={health} />
      <Connection slug={channel.slug} ingest={ingest} />
      <Keys slug={channel.slug} />
      <Slot of={deskLinks} props={{ channel }} />
      <Plans channel={channel} onSaved={onSaved} />
      <Group title={t('groupOnAir')}>
        <Slot of={deskParts} props={{ channel }} />
      </Group>
    </>
  )
}

function Plans({ channel, onSaved }: Pick<AirProps, 'channel' | 'onSaved'>) {
  const t = useTexts(goLiveTexts)
  return (
    <Group title={t('groupPlans')}>
      <TitleCard channel={channel} onSaved={onSaved} />
      <CoverCard channel={channel} onSaved={onSaved} />
      <Slot of={deskPlans} props={{ channel }} />
    </Group>
  )
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId()
  return (
    <section class="golive-group" aria-labelledby={id}>
      <h2 id={id} class="golive-group-title">
        {title}
      </h2>
      {children}
    </section>
  )
}
