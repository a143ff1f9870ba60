import { notAllowed, notFound } from '#contract'
import { type Account, problem } from '#sdk'
import type { Ctx } from './settings.ts'
import type { TipRow } from './tips.ts'

export interface Channel {
  id: string
  slug: string
  title: string
}

/** Throws not-found. */
export async function getChannel({ needs }: Ctx, slug: string): Promise<Channel> {
  const channel = await needs.live.channelBySlug(slug)
  if (!channel) throw problem(notFound)
  return channel
}

export async function channelOf({ needs }: Ctx, tip: TipRow): Promise<Channel> {
  const channel = (await needs.live.channelsByIds([tip.channelId])).get(tip.channelId)
  if (!channel) throw problem(notFound)
  return channel
}

/** Who may go live on the channel sees all its tips, pays them back and sets the goal. */
export function isHost({ needs }: Ctx, account: Account | null, channel: Channel): Promise<boolean> {
  return needs.live.canPublish(account, channel.id)
}

export async function assertHost(ctx: Ctx, account: Account, channel: Channel): Promise<void> {
  if (!(await isHost(ctx, account, channel))) throw problem(notAllowed)
}

/** Who keeps order in the chat beside the channel does so among the messages of tips. */
export async function isModerator(
  { needs }: Ctx,
  account: Account | null,
  channel: Channel,
): Promise<boolean> {
  if (!account || !needs.chat) return false
  return needs.chat.canModerate(account, channel.slug)
}
