import { defineContract, defineSlot } from '#contract'
import type { Account, Db } from '#sdk'
import type { RightsChange, WatchGate } from './contract/access.ts'
import type { ChannelView } from './contract/channels.ts'
import type { Replay } from './contract/replays.ts'

export * from './contract/access.ts'
export * from './contract/cameras.ts'
export * from './contract/channels.ts'
export * from './contract/clips.ts'
export * from './contract/clock.ts'
export * from './contract/events.ts'
export * from './contract/follows.ts'
export * from './contract/guests.ts'
export * from './contract/happenings.ts'
export * from './contract/health.ts'
export * from './contract/keys.ts'
export * from './contract/playback.ts'
export * from './contract/problems.ts'
export * from './contract/reminders.ts'
export * from './contract/replays.ts'
export * from './contract/simulcast.ts'
export * from './contract/stats.ts'
export * from './contract/titles.ts'

/** Beside the player of a channel's page: chat fills it. */
export const besideStream = defineSlot<{ channelId: string; slug: string; streamId: string | null }>(
  'live.beside-stream',
)

/** Buttons under the player of a channel's page, e.g. tip or remind me. */
export const watchActions = defineSlot<{ channel: ChannelView }>('live.watch-actions')
/** Blocks under the player of a channel's page, e.g. what is planned, or a goal. */
export const watchParts = defineSlot<{ channel: ChannelView }>('live.watch-parts')
/** Blocks of the DJ's desk that are looked at while on air, e.g. cameras and tips. */
export const deskParts = defineSlot<{ channel: ChannelView }>('live.desk-parts')
/** Blocks of the desk about what is to come and who may watch it. */
export const deskPlans = defineSlot<{ channel: ChannelView }>('live.desk-plans')
/** Blocks of the desk about where the stream comes from and goes to. */
export const deskLinks = defineSlot<{ channel: ChannelView }>('live.desk-links')
/** Beside the player of a recording: the chat as it ran. `positionMs` is where the player is. */
export const besideReplay = defineSlot<{ replay: Replay; positionMs: number; seek(ms: number): void }>(
  'live.beside-replay',
)

/**
 * What another plugin knows of the time of a show, for its statistics: one value for each step of `stepS` seconds from
 * `fromAt` (a multiple of the step) until `untilAt`.
 */
export type FigureReader = (time: {
  streamId: string
  channelId: string
  fromAt: string
  untilAt: string
  stepS: number
}) => Promise<number[]>

export interface LiveApi {
  /** Channels by id, for other plugins' pages. */
  channelsByIds(ids: string[]): Promise<Map<string, { id: string; slug: string; title: string }>>
  channelBySlug(slug: string): Promise<{ id: string; slug: string; title: string } | null>
  /** May this account, or nobody (null), watch what is on air on the channel now, or would be next? */
  mayWatch(accountId: string | null, slug: string): Promise<boolean>
  /**
   * May this account watch what was on air at moments of that time (ISO text, both counted)? What was said and given
   * beside a closed set stays with those who could watch it. Between shows it is as the channel itself says.
   */
  mayWatchThen(
    accountId: string | null,
    slug: string,
    time: { from: string; until: string },
  ): Promise<(at: string) => boolean>
  /** Lets what another plugin sells open channels and sets of that access, beside the guest list. */
  addGate(kind: 'subscribers' | 'ticket', check: WatchGate): void
  /** Within the caller's transaction: the account may no longer watch something; its players stop within seconds. */
  loseRight(db: Db, accountId: string): Promise<void>
  /**
   * Tells when who may watch may have changed, for those who keep rooms beside streams; in the process in which it
   * happened. Answers how to take that back.
   */
  onRights(listener: (change: RightsChange) => void): () => void
  /** May this account act as host of the channel (chat moderation, director)? */
  isHost(accountId: string, channelId: string): Promise<boolean>
  /** May who makes this call go live on the channel, and so see to what belongs to it? */
  canPublish(account: Account | null, channelId: string): Promise<boolean>
  /** What is on air now, by channel: the stream its show goes by, whichever camera is shown. */
  onAir(channelIds: string[]): Promise<Map<string, { streamId: string }>>
  /** Adds a curve to the statistics of shows, as `chat` its messages; answers how to take that back. */
  addFigure(name: string, read: FigureReader): () => void
  /** Who keeps what was said beside streams says where it is read; answers how to take that back. */
  addReplayChat(addressOf: (channel: { slug: string }) => string): () => void
}
export const live = defineContract<LiveApi>('live')
