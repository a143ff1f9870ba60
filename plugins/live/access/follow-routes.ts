import type { Account } from '#sdk'
import { type Channel, channelsByIds, getChannel } from '../channels.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { streamsOnAir } from '../streams.ts'
import { countFollowers, findFollow, insertFollow, listFollows, removeFollow } from './follows.ts'
import { loseRight } from './lose.ts'

/** Who follows a channel. */
export function handleFollows(desk: Desk): void {
  const { router, db } = desk.ctx

  router.handle(contract.getFollowing, async ({ params }, call) =>
    followingOf(desk, await getChannel(db, params.slug), call.account),
  )
  router.handle(contract.followChannel, async ({ params }, call) => {
    const channel = await getChannel(db, params.slug)
    await insertFollow(db, { channelId: channel.id, accountId: call.me.id })
    desk.forgetViewer(call.me.id)
    return followingOf(desk, channel, call.me)
  })
  router.handle(contract.unfollowChannel, async ({ params }, call) => {
    const channel = await getChannel(db, params.slug)
    await db.tx(async (db) => {
      if (await removeFollow(db, channel.id, call.me.id)) await loseRight(desk, db, call.me.id)
    })
    return followingOf(desk, channel, call.me)
  })
  router.handle(contract.listFollowed, async ({ query }, call) => {
    const { items, next } = await listFollows(db, call.me.id, query)
    const ids = items.map(({ channelId }) => channelId)
    const [channels, onAir] = [await channelsByIds(db, ids), await streamsOnAir(db, ids)]
    const shown = items.flatMap(({ channelId, isMailed, createdAt }) => {
      const channel = channels.get(channelId)
      if (!channel) return []
      const { id, slug, title } = channel
      return [{ channel: { id, slug, title, isLive: onAir.has(id) }, isMailed, since: createdAt }]
    })
    return { items: shown, next }
  })
}

/** As it is now, for this account or for nobody. */
export async function followingOf(
  { ctx: { db } }: Desk,
  channel: Channel,
  account: Account | null,
): Promise<contract.Following> {
  const follow = account && (await findFollow(db, channel.id, account.id))
  const followers = await countFollowers(db, channel.id)
  return { isFollowing: !!follow, isMailed: follow?.isMailed ?? false, followers }
}
