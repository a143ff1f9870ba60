import { type Account, type Db, problem } from '#sdk'
import { notPaid, type Payment, refunded, returnMoney } from './contract.ts'
import { type Desk, providerNamed } from './desk.ts'
import { insertEntries } from './ledger.ts'
import { getPayment, markRefunded, markReturned } from './payments.ts'
import { sandboxName } from './sandbox.ts'

/** See PaymentsApi.refund. */
export async function refund(desk: Desk, db: Db, id: string, actor: Account | null): Promise<Payment> {
  const { audit, events, jobs } = desk.ctx
  const payment = await getPayment(db, id)
  if (payment.status === 'refunded') return payment
  if (!(await markRefunded(db, payment.id))) {
    const now = await getPayment(db, id)
    if (now.status === 'refunded') return now
    throw problem(notPaid)
  }
  await insertEntries(db, payment, 'refunded')
  const { purpose, subjectId, amountMinor, currency } = payment
  await events.emit(db, refunded, { paymentId: payment.id, purpose, subjectId })
  await jobs.enqueue(db, returnMoney, { paymentId: payment.id })
  const detail = { purpose, subjectId, amountMinor, currency }
  await audit.record(db, { action: 'payments.refunded', actor, subject: payment.id, detail })
  return getPayment(db, id)
}

/** The provider is asked outside the transaction, and again until it has done it. */
export function handleRefunds(desk: Desk): void {
  const { jobs, db } = desk.ctx
  jobs.handle(returnMoney, async ({ paymentId }) => {
    const payment = await getPayment(db, paymentId)
    if (payment.status !== 'refunded' || payment.returnedAt !== null) return
    // There is no money of the sandbox to send, also after it was switched off.
    const provider = payment.provider === sandboxName ? desk.sandbox : providerNamed(desk, payment.provider)
    if (!provider) throw new Error(`The payment provider "${payment.provider}" is not there.`)
    await provider.refund(payment)
    await markReturned(db, payment.id)
  })
}
