import { AmountMinor, defineEvent, defineJob, Id, z } from '#contract'

export * from './contract/api.ts'
export * from './contract/books.ts'
export * from './contract/payment.ts'
export * from './contract/problems.ts'

/** Of a payment; `purpose` and `subjectId` say whose it is. */
const news = { paymentId: Id, purpose: z.string(), subjectId: Id }
/** The money has arrived. Told once for each payment, and at least once to each subscriber. */
export const paid = defineEvent({ name: 'payments.paid', payload: z.strictObject(news) })
/** It was not paid in time and will not be: what was kept for it is free again. */
export const expired = defineEvent({ name: 'payments.expired', payload: z.strictObject(news) })
/** All of the money goes back. */
export const refunded = defineEvent({ name: 'payments.refunded', payload: z.strictObject(news) })
/** A part goes back, the rest counts on. How much in all is `Payment.refundedMinor`. */
export const partlyRefunded = defineEvent({
  name: 'payments.partly-refunded',
  payload: z.strictObject({ ...news, refundId: Id, amountMinor: AmountMinor }),
})

/** Asks the provider to send the money back, until it says that it did, or for about four hours. */
export const returnMoney = defineJob({
  name: 'payments.return-money',
  payload: z.strictObject({ refundId: Id }),
  attempts: 12,
  backoffMs: 10_000,
})
/** Ends payments whose time is over. */
export const expirePayments = defineJob({ name: 'payments.expire', payload: z.strictObject({}) })
