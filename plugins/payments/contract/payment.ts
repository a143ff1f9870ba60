import { AmountMinor, Bytes, Currency, defineRoute, Id, Time, z } from '#contract'

/**
 * `created` waits for its payer; `failed` was declined and may still be paid; `expired` was not paid in time; `paid`
 * counts, less what of it went back; `refunded` has gone back as a whole, for good.
 */
export const PaymentStatus = z.enum(['created', 'paid', 'failed', 'expired', 'refunded'])
export type PaymentStatus = z.infer<typeof PaymentStatus>

/** A payment as its payer sees it. */
export const PaymentView = z.strictObject({
  id: Id,
  /** What it is for, in the label's words. */
  title: z.string(),
  amountMinor: AmountMinor,
  currency: Currency,
  refundedMinor: z.number().int(),
  status: PaymentStatus,
  /** The money came after the time to pay was over, and goes back. */
  isLate: z.boolean(),
  /** Made by the sandbox: no money moves. */
  isTest: z.boolean(),
  /** Path of this site to go back to. */
  back: z.string(),
  createdAt: Time,
  /** Until when it can be paid. */
  expiresAt: Time,
})
export type PaymentView = z.infer<typeof PaymentView>

export const getPayment = defineRoute({
  method: 'GET',
  path: '/api/v1/payments/{id}',
  access: 'signed-in',
  summary: 'A payment of one’s own',
  result: PaymentView,
})
/** Where the sandbox is on. A payment that is settled stays as it is. */
export const decideTestPayment = defineRoute({
  method: 'POST',
  path: '/api/v1/payments/{id}/test',
  access: 'signed-in',
  summary: 'Pay or decline a test payment of one’s own; no money moves',
  body: z.strictObject({ outcome: z.enum(['paid', 'failed']) }),
  result: PaymentView,
  perMinute: 60,
})
/**
 * Where a provider tells what came of a payment. The body is what it signed, byte by byte; the same news again changes
 * nothing and is answered alike.
 */
export const takeCallback = defineRoute({
  method: 'POST',
  path: '/api/v1/payments/callbacks/{provider}',
  access: 'public',
  summary: 'News of a payment, signed by its provider',
  takes: ['application/json'],
  body: Bytes,
  bodyLimit: 64 * 1024,
})
