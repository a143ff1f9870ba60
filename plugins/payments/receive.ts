import { notFound } from '#contract'
import { type Db, problem } from '#sdk'
import { insertCallback } from './callbacks.ts'
import { type ProviderNews, paid, refunded, wrongAmount } from './contract.ts'
import { type Desk, providerNamed } from './desk.ts'
import { insertEntries } from './ledger.ts'
import { findPayment, markFailed, markPaid, markRefunded, type PaymentRow } from './payments.ts'

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
  const payment = await findPayment(db, news.paymentId)
  if (payment?.provider !== provider) throw problem(notFound, 'There is no such payment.')
  if (payment.amountMinor !== news.amountMinor || payment.currency !== news.currency) {
    desk.ctx.log.error({ paymentId: payment.id, provider }, 'a provider told of another amount')
    throw problem(wrongAmount, 'The payment is of another amount.')
  }
  if (!(await insertCallback(db, provider, news))) return
  await settle(desk, db, payment, news.kind)
}

async function settle(desk: Desk, db: Db, payment: PaymentRow, kind: ProviderNews['kind']): Promise<void> {
  const { events } = desk.ctx
  const { id, purpose, subjectId } = payment
  if (kind === 'failed') {
    await markFailed(db, id)
    return
  }
  const isChanged = await (kind === 'paid' ? markPaid(db, id) : markRefunded(db, id))
  if (!isChanged) return
  await insertEntries(db, payment, kind)
  await events.emit(db, kind === 'paid' ? paid : refunded, { paymentId: id, purpose, subjectId })
}
