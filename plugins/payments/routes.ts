import { notFound } from '#contract'
import { type Account, problem } from '#sdk'
import * as contract from './contract.ts'
import { closed, type PaymentView } from './contract.ts'
import { type Desk, providerNamed } from './desk.ts'
import { findPayment, type PaymentRow } from './payments.ts'
import { receive } from './receive.ts'
import { sandboxName, signatureHeader, testCallback } from './sandbox.ts'

/** Looking at one's payments, deciding on test payments, and what providers tell. */
export function registerRoutes(desk: Desk): void {
  const { router, signer } = desk.ctx

  router.handle(contract.getPayment, async ({ params }, call) => present(await own(desk, params.id, call.me)))

  router.handle(contract.decideTestPayment, async ({ params, body }, call) => {
    const payment = await own(desk, params.id, call.me)
    if (payment.provider !== sandboxName) throw problem(notFound)
    if (!providerNamed(desk, sandboxName)) throw problem(closed)
    // As a payment service closes its page in time; what it tells later all the same is another matter.
    if (payment.status === 'expired') return present(payment)
    const { body: raw, signature } = testCallback(signer, payment, body.outcome)
    const header = (name: string) => (name === signatureHeader ? signature : undefined)
    await receive(desk, sandboxName, Buffer.from(raw), header)
    return present(await own(desk, params.id, call.me))
  })

  router.handle(contract.takeCallback, async ({ params, body }, call) => {
    const raw = body instanceof Uint8Array ? body : new Uint8Array()
    await receive(desk, params.provider, raw, (name) => call.header(name))
  })
}

/** What is somebody else's is not there. */
async function own(desk: Desk, id: string, me: Account): Promise<PaymentRow> {
  const payment = await findPayment(desk.ctx.db, id)
  if (payment?.payerId !== me.id) throw problem(notFound)
  return payment
}

const present = (row: PaymentRow): PaymentView => {
  const { id, title, amountMinor, currency, refundedMinor, status, isTest, back, createdAt, expiresAt } = row
  const isLate = row.expiredAt !== null && row.paidAt !== null
  const what = { id, title, amountMinor, currency, refundedMinor }
  return { ...what, status, isLate, isTest, back, createdAt, expiresAt }
}
