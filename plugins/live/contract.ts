import { defineContract, defineSlot } from '#contract'
import type { ChannelView } from './contract/channels.ts'
import type { Replay } from './contract/replays.ts'

export * from './contract/access.ts'
export * from './contract/channels.ts'
export * from './contract/happenings.ts'
export * from './contract/health.ts'
export * from './contract/keys.ts'
export * from './contract/playback.ts'
export * from './contract/problems.ts'
export * from './contract/replays.ts'

/** Beside the player of a channel's page: chat fills it. */
export const besideStream = defineSlot<{ channelId: string; slug: string; streamId: string | null }>(
  'live.beside-stream',
)

/** Buttons under the player of a channel's page, e.g. tip or remind me. */
export const watchActions = defineSlot<{ channel: ChannelView }>('live.watch-actions')
/** Blocks under the player of a channel's page, e.g. what is planned, or a goal. */
export const watchParts = defineSlot<{ channel: ChannelView }>('live.watch-parts')
/** Blocks of the DJ's desk, on air or not. */
export const deskParts = defineSlot<{ channel: ChannelView }>('live.desk-parts')
/** Beside the player of a recording: the chat as it ran. `positionMs` is where the player is. */
export const besideReplay = defineSlot<{ replay: Replay; positionMs: number; seek(ms: number): void }>(
  'live.beside-replay',
)

export interface LiveApi {
  /** Channels by id, for other plugins' pages. */
  channelsByIds(ids: string[]): Promise<Map<string, { id: string; slug: string; title: string }>>
  channelBySlug(slug: string): Promise<{ id: string; slug: string; title: string } | null>
  /** May this account act as host of the channel (chat moderation, director)? */
  isHost(accountId: string, channelId: string): Promise<boolean>
}
export const live = defineContract<LiveApi>('live')
