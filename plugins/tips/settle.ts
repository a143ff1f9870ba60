import { paid, partlyRefunded, refunded } from '#plugins/payments'
import { type Db, isoTime } from '#sdk'
import { tipPurpose } from './give.ts'
import { tellGoal, tellPaid, tellRefunded } from './room.ts'
import type { Ctx } from './settings.ts'
import { findTip, getTip, leftOf, markTipPaid, markTipRefunded, type TipRow, updateRefunded } from './tips.ts'

/** What comes of payments: news may come twice and in any order, each has its effect once. */
export function handlePayments(ctx: Ctx): void {
  ctx.events.on(paid, 'tips.settle', async ({ purpose, subjectId }) => {
    const tip = purpose === tipPurpose ? await findTip(ctx.db, subjectId) : null
    if (tip?.status === 'pending') await settle(ctx, tip)
  })
  ctx.events.on(refunded, 'tips.take-back', async ({ purpose, subjectId }) => {
    const tip = purpose === tipPurpose ? await findTip(ctx.db, subjectId) : null
    if (tip && (await ctx.db.tx((db) => takeBack(ctx, db, tip)))) await afterTakingBack(ctx, tip)
  })
  ctx.events.on(partlyRefunded, 'tips.take-off', async ({ purpose, subjectId, paymentId }) => {
    const tip = purpose === tipPurpose ? await findTip(ctx.db, subjectId) : null
    if (tip) await takeOff(ctx, tip, paymentId)
  })
}

async function settle(ctx: Ctx, tip: TipRow): Promise<void> {
  const { db, needs } = ctx
  const channel = (await needs.live.channelsByIds([tip.channelId])).get(tip.channelId)
  const giver = tip.giverId && (await ctx.accounts.byIds([tip.giverId])).get(tip.giverId)
  // Asked again: much may have happened while it was paid. Who was banned meanwhile has given, and says nothing.
  const isSilent = !channel || !giver || (await needs.chat?.cannotShow(giver.id, channel.slug))
  const isPaid = await db.tx(async (db) => {
    const paidAt = await markTipPaid(db, tip.id)
    if (!paidAt) return false
    if (tip.message === null || isSilent || !channel) return true
    // A part may have gone back before the tip was heard of.
    const now = await getTip(db, tip.id)
    const isShown = tip.isSuperchat ? await say(ctx, db, { tip: now, slug: channel.slug, paidAt }) : true
    if (isShown) await db('tips_tips').where({ id: tip.id }).update({ isMessageShown: true })
    return true
  })
  if (!isPaid || !channel) return
  await tellPaid(ctx, channel, tip.id)
  await tellGoal(ctx, channel)
}

async function say(
  ctx: Ctx,
  db: Db,
  { tip, slug, paidAt }: { tip: TipRow; slug: string; paidAt: string },
): Promise<boolean> {
  const { id: tipId, message, giverId, currency, tone, pinS } = tip
  if (!ctx.needs.chat || message === null || giverId === null) return false
  const said = await ctx.needs.chat.sayPaid(db, {
    tipId,
    slug,
    authorId: giverId,
    text: message,
    amountMinor: ctx.settings.get().showAmounts ? leftOf(tip) : null,
    currency,
    tone,
    pinnedUntil: pinS > 0 ? isoTime(new Date(Date.parse(paidAt) + pinS * 1000)) : null,
  })
  return said !== null
}

/** How much is asked anew each time: parts may be told twice and in any order. The last one is told as a refund. */
async function takeOff(ctx: Ctx, tip: TipRow, paymentId: string): Promise<void> {
  const payment = (await ctx.needs.payments.paymentsByIds(ctx.db, [paymentId])).get(paymentId)
  if (!payment || payment.status === 'refunded') return
  const isNews = await ctx.db.tx(async (db) => {
    if (!(await updateRefunded(db, tip.id, payment.refundedMinor))) return false
    if (tip.isSuperchat) await ctx.needs.chat?.changePaid(db, tip.id, tip.amountMinor - payment.refundedMinor)
    return true
  })
  if (!isNews) return
  const channel = (await ctx.needs.live.channelsByIds([tip.channelId])).get(tip.channelId)
  if (!channel) return
  await tellPaid(ctx, channel, tip.id, 'changed')
  await tellGoal(ctx, channel)
}

/** The tip counts no more and its superchat is an ordinary message. False where that was so already. */
export async function takeBack(ctx: Ctx, db: Db, tip: TipRow): Promise<boolean> {
  if (!(await markTipRefunded(db, tip.id))) return false
  if (tip.isSuperchat) await ctx.needs.chat?.takeBackPaid(db, tip.id)
  return true
}

export async function afterTakingBack(ctx: Ctx, tip: TipRow): Promise<void> {
  const channel = (await ctx.needs.live.channelsByIds([tip.channelId])).get(tip.channelId)
  if (!channel) return
  tellRefunded(ctx, channel, tip.id)
  await tellGoal(ctx, channel)
}
