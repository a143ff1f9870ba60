import { createHash } from 'node:crypto'
import { invalidInput, moneyText, type z } from '#contract'
import { banned, normaliseText, roomClosed } from '#plugins/chat'
import { keyReused } from '#plugins/payments'
import { type Account, type Call, newId, problem } from '#sdk'
import { type giveTip, noChat, offAir } from './contract.ts'
import type { Ctx } from './settings.ts'
import { tierFor } from './tiers.ts'
import { findTipByKey, getTip, insertTip, type TipRow } from './tips.ts'

export const tipPurpose = 'tips.tip'
interface Channel {
  id: string
  slug: string
  title: string
}
type Wish = z.infer<NonNullable<typeof giveTip.body>>

/** Begins a tip and its payment in one transaction. The same key and wish again answer what was begun first. */
export async function give(ctx: Ctx, call: Call, channel: Channel, body: Wish): Promise<TipRow> {
  const { db, needs } = ctx
  const key = needs.payments.keyOf(call)
  const wish = { ...body, message: normaliseText(body.message) }
  const requestHash = hashOf(channel, wish)
  const before = await findTipByKey(db, call.me.id, key)
  if (before) return same(before, requestHash)
  const streamId = (await needs.live.onAir([channel.id])).get(channel.id)?.streamId ?? null
  const { tone, pinS } = await checkWish(ctx, call.me, { channel, wish, streamId })
  const id = newId()
  const { amountMinor, currency, isSuperchat } = wish
  return db.tx(async (db) => {
    const { payment, isNew } = await needs.payments.begin(db, {
      purpose: tipPurpose,
      subjectId: id,
      title: titleOf(call, channel),
      payerId: call.me.id,
      key,
      amountMinor,
      currency,
      back: `/live/${channel.slug}?tip=${id}`,
    })
    if (!isNew) return same(await getTip(db, payment.subjectId), requestHash)
    return insertTip(db, {
      id,
      channelId: channel.id,
      streamId,
      giverId: call.me.id,
      paymentId: payment.id,
      idempotencyKey: key,
      requestHash,
      amountMinor,
      currency: payment.currency,
      message: wish.message || null,
      isMessageShown: false,
      isSuperchat,
      isNameShown: wish.showName,
      tone,
      pinS,
    })
  })
}

const titleOf = ({ language }: Call, { title }: Channel) =>
  language === 'fr' ? `Pourboire pour ${title}` : `Tip for ${title}`

function hashOf({ id }: Channel, wish: Wish): string {
  const { amountMinor, currency, message, isSuperchat, showName } = wish
  const text = JSON.stringify([id, amountMinor, currency ?? null, message, isSuperchat, showName])
  return createHash('sha256').update(text).digest('hex')
}

function same(tip: TipRow, requestHash: string): TipRow {
  if (tip.requestHash !== requestHash) throw problem(keyReused)
  return tip
}

/** Refuses before anything is paid what could not be shown; answers what a superchat of it gives. */
async function checkWish(
  ctx: Ctx,
  me: Account,
  { channel, wish, streamId }: { channel: Channel; wish: Wish; streamId: string | null },
): Promise<{ tone: number; pinS: number }> {
  const { messageLength, tiers } = ctx.settings.get()
  const { amountMinor, message, isSuperchat } = wish
  if (isSuperchat && !wish.showName) throw fault('showName', 'A superchat shows the name of its author.')
  if (isSuperchat && !message) throw fault('message', 'Write what the superchat says.')
  const { currency } = ctx.needs.payments.terms()
  const tier = isSuperchat ? tierFor(amountMinor, tiers) : { tone: 0, pinS: 0, maxLength: messageLength }
  if (!tier) {
    const least = moneyText({ amountMinor: tiers[0]?.fromMinor ?? 0, currency }, 'en')
    throw fault('amountMinor', `A superchat begins at ${least}.`)
  }
  if (message.length > tier.maxLength)
    throw fault('message', `Use at most ${tier.maxLength} characters for this amount.`)
  if (isSuperchat && !ctx.needs.chat) throw problem(noChat)
  if (isSuperchat && streamId === null) throw problem(offAir)
  if (message) await checkStanding(ctx, me, channel.slug)
  return tier
}

const fault = (field: string, message: string) =>
  problem(invalidInput, message, { errors: [{ pointer: `/${field}`, message }] })

async function checkStanding({ needs }: Ctx, me: Account, slug: string): Promise<void> {
  const why = (await needs.chat?.cannotShow(me.id, slug)) ?? null
  if (why === 'banned') throw problem(banned)
  if (why === 'closed') throw problem(roomClosed)
  if (why === 'no-room') throw problem(noChat)
}
