import { notFound } from '#contract'
import { type Db, problem } from '#sdk'
import { notPaid, type Payment, type RefundWish, returnMoney, tooMuch } from './contract.ts'
import { type Desk, providerNamed } from './desk.ts'
import { getPayment, lockPayment } from './payments.ts'
import { findRefund, findRefundByKey, markReturned } from './refunds.ts'
import { sandboxName } from './sandbox.ts'
import { giveBack } from './settle.ts'

/** See PaymentsApi.refund. */
export async function refund(
  desk: Desk,
  db: Db,
  id: string,
  { actor, reason = '', part }: RefundWish,
): Promise<Payment> {
  const payment = await lockPayment(db, id)
  if (!payment) throw problem(notFound, 'There is no such payment.')
  const isKnown = part !== undefined && (await findRefundByKey(db, payment.id, partKey(part.key))) !== null
  if (!isKnown && payment.status === 'refunded') {
    if (part) throw problem(tooMuch)
    return payment
  }
  if (!isKnown && payment.status !== 'paid') throw problem(notPaid)
  const left = payment.amountMinor - payment.refundedMinor
  const amountMinor = part?.amountMinor ?? left
  const key = part ? partKey(part.key) : `rest:${left}`
  await giveBack(desk, db, payment, { amountMinor, key, reason, actor, isReturned: false })
  return getPayment(db, payment.id)
}

const partKey = (key: string) => `part:${key}`

/** The provider is asked outside the transaction, and again until it has done it. */
export function handleRefunds(desk: Desk): void {
  const { jobs, db } = desk.ctx
  jobs.handle(returnMoney, async ({ refundId }) => {
    const refund = await findRefund(db, refundId)
    if (!refund || refund.returnedAt !== null) return
    const payment = await getPayment(db, refund.paymentId)
    // There is no money of the sandbox to send, also after it was switched off.
    const provider = payment.provider === sandboxName ? desk.sandbox : providerNamed(desk, payment.provider)
    if (!provider) throw new Error(`The payment provider "${payment.provider}" is not there.`)
    await provider.refund(refund, payment)
    await markReturned(db, refund.id)
  })
}
