import { notFound } from '#contract'
import { type Db, problem } from '#sdk'
import { insertCallback } from './callbacks.ts'
import { type ProviderNews, wrongAmount } from './contract.ts'
import { type Desk, providerNamed } from './desk.ts'
import { lockPayment, markFailed, type PaymentRow } from './payments.ts'
import { findRefund, markReturned } from './refunds.ts'
import { takeBack, takeIn } from './settle.ts'

/**
 * Takes what a provider says. Signature and age are its own to check; here each news counts once, whatever the order
 * in which they come.
 */
export async function receive(
  desk: Desk,
  name: string,
  raw: Uint8Array,
  header: (name: string) => string | undefined,
): Promise<void> {
  const provider = providerNamed(desk, name)
  if (!provider) throw problem(notFound)
  const news = await provider.readCallback(raw, header)
  if (news) await desk.ctx.db.tx((db) => take(desk, db, name, news))
}

async function take(desk: Desk, db: Db, provider: string, news: ProviderNews): Promise<void> {
  const payment = await lockPayment(db, news.paymentId)
  if (payment?.provider !== provider) throw problem(notFound, 'There is no such payment.')
  if (!isItsAmount(payment, news)) {
    desk.ctx.log.error({ paymentId: payment.id, provider }, 'a provider told of another amount')
    throw problem(wrongAmount, 'The payment is of another amount.')
  }
  if (!(await insertCallback(db, provider, news))) return
  if (news.kind === 'failed') await markFailed(db, payment.id)
  else if (news.kind === 'paid') await takeIn(desk, db, payment)
  else await takeRefund(desk, db, payment, news)
}

/** Of a refund that may be a part. */
function isItsAmount(payment: PaymentRow, { kind, amountMinor, currency }: ProviderNews): boolean {
  if (currency !== payment.currency || !Number.isSafeInteger(amountMinor) || amountMinor < 1) return false
  return kind === 'refunded' ? amountMinor <= payment.amountMinor : amountMinor === payment.amountMinor
}

/** A refund that was asked for here has been sent; another one was made at the provider, and counts as well. */
async function takeRefund(desk: Desk, db: Db, payment: PaymentRow, news: ProviderNews): Promise<void> {
  const own = news.refundId ? await findRefund(db, news.refundId) : null
  if (own?.paymentId === payment.id) await markReturned(db, own.id)
  else await takeBack(desk, db, payment, news)
}
