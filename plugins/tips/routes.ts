import { notAllowed, notFound } from '#contract'
import { type Account, problem } from '#sdk'
import type { Tip, TipList, TipToPay } from './contract.ts'
import * as contract from './contract.ts'
import { give } from './give.ts'
import { goalOf } from './goals.ts'
import { assertHost, type Channel, channelOf, getChannel, isHost, isModerator } from './policy.ts'
import { presentTip, presentTips } from './present.ts'
import { tellPaid } from './room.ts'
import type { Ctx } from './settings.ts'
import { afterTakingBack, takeBack } from './settle.ts'
import { sumTips } from './sums.ts'
import { termsFor } from './terms.ts'
import { getTip, hideMessage, listTips, type TipRow } from './tips.ts'

/** Giving and looking. */
export function registerRoutes(ctx: Ctx): void {
  const { router, db } = ctx

  router.handle(contract.giveTip, async ({ params, body }, call) => {
    const tip = await give(ctx, call, await getChannel(ctx, params.slug), body)
    call.status(201)
    return toPay(ctx, tip, call.me)
  })

  router.handle(contract.listTips, async ({ params, query }, call) => {
    const channel = await getChannel(ctx, params.slug)
    return tipsOf(ctx, channel, { page: query, account: call.account })
  })

  router.handle(contract.getTip, async ({ params }, call) => {
    const tip = await getTip(db, params.id)
    if (tip.giverId !== call.me.id) throw problem(notFound)
    return toPay(ctx, tip, call.me)
  })
}

/** Paying back, and taking words away. */
export function registerHostRoutes(ctx: Ctx): void {
  const { router, db, audit, needs } = ctx

  router.handle(contract.refundTip, async ({ params }, call) => {
    const tip = await getTip(db, params.id)
    await assertHost(ctx, call.me, await channelOf(ctx, tip))
    const isTakenBack = await db.tx(async (db) => {
      await needs.payments.refund(db, tip.paymentId, { actor: call.me })
      return takeBack(ctx, db, tip)
    })
    if (isTakenBack) await afterTakingBack(ctx, tip)
    return presentTip(ctx, await getTip(db, tip.id), { account: call.me, isHost: true })
  })

  router.handle(contract.hideTipMessage, async ({ params }, call) => {
    const tip = await getTip(db, params.id)
    const channel = await channelOf(ctx, tip)
    const mayHide = (await isHost(ctx, call.me, channel)) || (await isModerator(ctx, call.me, channel))
    if (!mayHide) throw problem(notAllowed)
    const isHidden = await db.tx(async (db) => {
      if (!(await hideMessage(db, tip.id))) return false
      const entry = { action: 'tips.message-hidden', actor: call.me, subject: tip.id }
      await audit.record(db, { ...entry, detail: { channel: channel.slug } })
      return true
    })
    if (isHidden) await tellPaid(ctx, channel, tip.id, 'changed')
  })
}

/** The tip as its giver sees it. The payment may know more than the tip, which hears of it a moment later. */
async function toPay(ctx: Ctx, tip: TipRow, me: Account): Promise<TipToPay> {
  const { payments } = ctx.needs
  const payment = (await payments.paymentsByIds(ctx.db, [tip.paymentId])).get(tip.paymentId)
  const status = payment?.status === 'created' ? 'pending' : payment?.status
  const checkout = tip.status === 'pending' && payment ? await payments.checkout(payment) : null
  const shown: Tip['status'] = tip.status === 'pending' ? (status ?? 'pending') : tip.status
  return { tip: await presentTip(ctx, tip, { account: me, isHost: false }, shown), checkout }
}

async function tipsOf(
  ctx: Ctx,
  channel: Channel,
  { page, account }: { page: { after?: string | undefined; limit: number }; account: Account | null },
): Promise<TipList> {
  const { db, needs } = ctx
  const manage = await isHost(ctx, account, channel)
  const moderates = manage || (await isModerator(ctx, account, channel))
  const streamId = (await needs.live.onAir([channel.id])).get(channel.id)?.streamId ?? null
  const terms = await termsFor(ctx, channel, { account, streamId })
  const sees = moderates || (await needs.live.mayWatch(account?.id ?? null, channel.slug))
  const { items, next } = await listTips(db, {
    ...page,
    channelId: channel.id,
    statuses: manage ? ['paid', 'refunded'] : sees ? ['paid'] : [],
  })
  const seen = moderates ? items : await thoseOfOpenShows(ctx, { channel, account }, items)
  const sums = { channelId: channel.id, currency: terms.currency }
  return {
    items: await presentTips(ctx, seen, { account, isHost: manage, isModerator: moderates }),
    next,
    goal: await goalOf(db, channel.id),
    totals: manage
      ? { stream: streamId ? await sumTips(db, { ...sums, streamId }) : null, all: await sumTips(db, sums) }
      : null,
    terms,
    can: { manage, moderate: moderates },
  }
}

/** What was given beside a closed set is told to those who could watch it, whatever is on air now. */
async function thoseOfOpenShows(
  { needs }: Ctx,
  { channel, account }: { channel: Channel; account: Account | null },
  tips: readonly TipRow[],
): Promise<readonly TipRow[]> {
  const [last, first] = [tips.at(0), tips.at(-1)]
  if (!first || !last) return tips
  const time = { from: first.createdAt, until: last.createdAt }
  const isOpen = await needs.live.mayWatchThen(account?.id ?? null, channel.slug, time)
  return tips.filter(({ createdAt }) => isOpen(createdAt))
}
