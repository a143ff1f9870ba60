import { type Account, type Db, isoTime, problem } from '#sdk'
import {
  keyReused,
  type ProviderNews,
  paid,
  partlyRefunded,
  refunded,
  returnMoney,
  tooMuch,
} from './contract.ts'
import type { Desk } from './desk.ts'
import { insertEntries } from './ledger.ts'
import { getPayment, markPaid, markPaidLate, type PaymentRow, takeOff } from './payments.ts'
import { findRefundByKey, insertRefund, kindOf } from './refunds.ts'

export const newsOf = ({ id: paymentId, purpose, subjectId }: PaymentRow) => ({
  paymentId,
  purpose,
  subjectId,
})

/**
 * The money of a payment is there. Where its time was over, who waited for it has been told so and may have begun anew:
 * all of it goes back at once.
 */
export async function takeIn(desk: Desk, db: Db, payment: PaymentRow): Promise<void> {
  if (await markPaid(db, payment.id)) {
    await enter(db, payment)
    await desk.ctx.events.emit(db, paid, newsOf(payment))
  } else if (await markPaidLate(db, payment.id)) {
    await enter(db, payment)
    const { amountMinor } = payment
    const why = { key: 'late', reason: '', actor: null }
    await giveBack(desk, db, payment, { amountMinor, ...why, isReturned: false })
  }
}

/** Enters money of which only is known that it goes back; `known` where it was entered before. */
async function enterFirst(db: Db, payment: PaymentRow): Promise<'in-time' | 'late' | 'known'> {
  const came = (await markPaid(db, payment.id))
    ? 'in-time'
    : (await markPaidLate(db, payment.id))
      ? 'late'
      : 'known'
  if (came !== 'known') await enter(db, payment)
  return came
}

/** The provider gave this much back by itself. It had come before, even if that was not told yet. */
export async function takeBack(
  desk: Desk,
  db: Db,
  payment: PaymentRow,
  { amountMinor: told, eventId }: Pick<ProviderNews, 'amountMinor' | 'eventId'>,
): Promise<void> {
  const came = await enterFirst(db, payment)
  const now = await getPayment(db, payment.id)
  const left = now.amountMinor - now.refundedMinor
  if (left === 0) return
  const amountMinor = Math.min(told, left)
  const rest = left - amountMinor
  // What goes back as a whole never counted: nobody has to hear that it came.
  if (came === 'in-time' && rest > 0) await desk.ctx.events.emit(db, paid, newsOf(payment))
  const why = { reason: '', actor: null }
  await giveBack(desk, db, now, { amountMinor, key: `told:${eventId}`, ...why, isReturned: true })
  if (came === 'late' && rest > 0)
    await giveBack(desk, db, now, { amountMinor: rest, key: 'late', ...why, isReturned: false })
}

const enter = (db: Db, payment: PaymentRow) =>
  insertEntries(db, payment, {
    transactionId: payment.id,
    reason: 'paid',
    amountMinor: payment.amountMinor,
  })

export interface GivingBack {
  amountMinor: number
  /** The same again changes nothing. */
  key: string
  reason: string
  actor: Account | null
  /** The provider has sent it already. */
  isReturned: boolean
}

/** Takes an amount out of the books and has it sent. Once for a key; throws `payments.too-much`. */
export async function giveBack(desk: Desk, db: Db, payment: PaymentRow, wish: GivingBack): Promise<void> {
  const { amountMinor, key, reason, actor, isReturned } = wish
  const { audit, events, jobs } = desk.ctx
  const returnedAt = isReturned ? isoTime() : null
  const row = { key, amountMinor, reason, actorId: actor?.id ?? null, returnedAt }
  const refund = await insertRefund(db, payment, row)
  if (!refund) {
    const before = await findRefundByKey(db, payment.id, key)
    if (before?.amountMinor !== amountMinor) throw problem(keyReused)
    return
  }
  if (!(await takeOff(db, payment.id, amountMinor))) throw problem(tooMuch)
  await insertEntries(db, payment, {
    transactionId: refund.id,
    reason: 'refunded',
    amountMinor: -amountMinor,
  })
  const { status } = await getPayment(db, payment.id)
  const news = newsOf(payment)
  if (status === 'refunded') await events.emit(db, refunded, news)
  else await events.emit(db, partlyRefunded, { ...news, refundId: refund.id, amountMinor })
  if (!isReturned) await jobs.enqueue(db, returnMoney, { refundId: refund.id })
  const { purpose, subjectId, currency } = payment
  const what = { purpose, subjectId, amountMinor, currency }
  const detail = { ...what, kind: kindOf(refund), reason, refundId: refund.id }
  await audit.record(db, { action: 'payments.refunded', actor, subject: payment.id, detail })
}
