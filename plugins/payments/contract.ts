import {
  AmountMinor,
  Bytes,
  Currency,
  defineContract,
  defineEvent,
  defineJob,
  defineProblem,
  defineRoute,
  Id,
  Time,
  z,
} from '#contract'
import type { Account, Call, Db } from '#sdk'

/**
 * `created` waits for its payer; `failed` was declined and may still be paid; `paid` counts; `refunded` has gone back,
 * for good.
 */
export const PaymentStatus = z.enum(['created', 'paid', 'failed', 'refunded'])
export type PaymentStatus = z.infer<typeof PaymentStatus>

/** A payment as its payer sees it. */
export const PaymentView = z.strictObject({
  id: Id,
  /** What it is for, in the label's words. */
  title: z.string(),
  amountMinor: AmountMinor,
  currency: Currency,
  status: PaymentStatus,
  /** Made by the sandbox: no money moves. */
  isTest: z.boolean(),
  /** Path of this site to go back to. */
  back: z.string(),
  createdAt: Time,
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

/** Of a payment; `purpose` and `subjectId` say whose it is. */
const News = z.strictObject({ paymentId: Id, purpose: z.string(), subjectId: Id })
/** The money has arrived. Told once for each payment, and at least once to each subscriber. */
export const paid = defineEvent({ name: 'payments.paid', payload: News })
/** The money goes back. */
export const refunded = defineEvent({ name: 'payments.refunded', payload: News })
/** Asks the provider to send the money back, until it says that it did. */
export const returnMoney = defineJob({
  name: 'payments.return-money',
  payload: z.strictObject({ paymentId: Id }),
  attempts: 12,
  backoffMs: 10_000,
})

export const closed = defineProblem({
  name: 'payments.closed',
  status: 409,
  title: 'Nothing can be paid here at the moment.',
})
export const wrongAmount = defineProblem({
  name: 'payments.wrong-amount',
  status: 422,
  title: 'This amount cannot be paid here.',
})
export const wrongCurrency = defineProblem({
  name: 'payments.wrong-currency',
  status: 422,
  title: 'This currency is not taken here.',
})
export const keyNeeded = defineProblem({
  name: 'payments.key-needed',
  status: 400,
  title: 'Send an Idempotency-Key of 1 to 64 letters, digits, - and _, made anew for each payment.',
})
export const keyReused = defineProblem({
  name: 'payments.key-reused',
  status: 409,
  title: 'This Idempotency-Key was used for something else; send a new one.',
})
export const notPaid = defineProblem({
  name: 'payments.not-paid',
  status: 409,
  title: 'Only what was paid can be paid back.',
})
export const badSignature = defineProblem({
  name: 'payments.bad-signature',
  status: 401,
  title: 'The signature does not fit, or is too old.',
})
export const providerFailed = defineProblem({
  name: 'payments.provider-failed',
  status: 503,
  title: 'The payment service does not answer; try again in a moment. Nothing was charged.',
})

export interface Payment {
  id: string
  /** The plugin's own word: `tips.tip`. */
  purpose: string
  /** What is paid for, in that plugin. */
  subjectId: string
  title: string
  /** Null once the account is gone. */
  payerId: string | null
  amountMinor: number
  currency: string
  status: PaymentStatus
  provider: string
  isTest: boolean
  back: string
  createdAt: string
  paidAt: string | null
  refundedAt: string | null
}

/** What is to be paid, by whom, and where they come back to. */
export interface PaymentWish {
  purpose: string
  subjectId: string
  /** For the payer to read: `Tip for Friday Night`; at most 200 characters. */
  title: string
  payerId: string
  /** Idempotency-Key of the request (`keyOf`). */
  key: string
  amountMinor: number
  /** The site's currency unless said; another one is refused. */
  currency?: string | undefined
  /** Path of this site, as `/live/friday`. */
  back: string
}

/** What a provider says of a payment, checked by it. */
export interface ProviderNews {
  /** Unique with the provider; the same again is no news. */
  eventId: string
  kind: 'paid' | 'failed' | 'refunded'
  paymentId: string
  amountMinor: number
  currency: string
}

/** A way to pay. Its plugin registers it at set-up. */
export interface Provider {
  /** Lower-case word; part of the callback's address: `/api/v1/payments/callbacks/<name>`. */
  name: string
  /** No money moves. */
  isTest: boolean
  /** Where it is paid. May be asked again for the same payment and answers the same then. */
  checkout(payment: Payment, backUrl: string): Promise<{ url: string }>
  /** Sends the money back; asked again until it resolves, so it counts once by the payment's id. */
  refund(payment: Payment): Promise<void>
  /** Checks signature and age; throws `payments.bad-signature`. Null for news that are none of ours. */
  readCallback(
    raw: Uint8Array,
    header: (name: string) => string | undefined,
  ): Promise<ProviderNews | null> | ProviderNews | null
}

export interface PaymentTerms {
  isOpen: boolean
  isTest: boolean
  currency: string
  minAmountMinor: number
  maxAmountMinor: number
}

export interface PaymentsApi {
  /** Whether there is a provider, and what it takes. */
  terms(): PaymentTerms
  /** Registers a provider until the returned function is called. With the sandbox on, everything goes to that. */
  addProvider(provider: Provider): () => void
  /** The request's Idempotency-Key; throws `payments.key-needed`. */
  keyOf(call: Call): string
  /**
   * Part of the caller's transaction. With a key the payer has used for the same thing, that payment and `isNew` false;
   * for another thing `payments.key-reused`. Throws `payments.closed`, `payments.wrong-amount`,
   * `payments.wrong-currency`.
   */
  begin(db: Db, wish: PaymentWish): Promise<{ payment: Payment; isNew: boolean }>
  /** Where it is paid; null once it is settled. Asks the provider: never within a transaction. */
  checkout(payment: Payment): Promise<{ url: string } | null>
  paymentsByIds(db: Db, ids: string[]): Promise<Map<string, Payment>>
  /**
   * Part of the caller's transaction: from now on it counts no more, and a job sends the money back. Once, however
   * often asked. Throws not-found, `payments.not-paid`. Recorded in the audit log; `actor` null for the CLI.
   */
  refund(db: Db, id: string, actor: Account | null): Promise<Payment>
}
export const payments = defineContract<PaymentsApi>('payments')
