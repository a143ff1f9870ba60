import { tipsRoom } from './contract.ts'
import { goalOf } from './goals.ts'
import { presentTip, visitor } from './present.ts'
import type { Ctx } from './settings.ts'
import { findTip } from './tips.ts'

interface Place {
  id: string
  slug: string
}

/** Whoever may watch a channel may hear of its tips, as long as they may. */
export function registerRoom({ realtime, needs, onStop }: Ctx): void {
  realtime.channel(tipsRoom, {
    canJoin: ({ account }, { slug }) => needs.live.mayWatch(account?.id ?? null, slug),
  })
  onStop(
    needs.live.onRights((change) =>
      realtime.askAgain(tipsRoom, 'slug' in change ? { params: { slug: change.slug } } : change),
    ),
  )
}

/** Tells of a tip that counts as visitors see it. Never throws: who misses it asks again. */
export async function tellPaid(
  ctx: Ctx,
  { slug }: Place,
  tipId: string,
  type: 'paid' | 'changed' = 'paid',
): Promise<void> {
  try {
    const tip = await findTip(ctx.db, tipId)
    if (tip?.status === 'paid')
      ctx.realtime.publish(tipsRoom, { slug }, type, await presentTip(ctx, tip, visitor))
  } catch (error) {
    ctx.log.warn({ err: error, tipId }, 'a tip could not be told to its channel')
  }
}

export function tellRefunded({ realtime }: Ctx, { slug }: Place, id: string): void {
  realtime.publish(tipsRoom, { slug }, 'refunded', { id })
}

/** Never throws. */
export async function tellGoal(ctx: Ctx, { id, slug }: Place): Promise<void> {
  try {
    ctx.realtime.publish(tipsRoom, { slug }, 'goal', await goalOf(ctx.db, id))
  } catch (error) {
    ctx.log.warn({ err: error, channel: slug }, 'a goal could not be told to its channel')
  }
}
