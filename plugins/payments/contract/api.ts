import { defineContract } from '#contract'
import type { Account, Call, Db } from '#sdk'
import type { PaymentStatus } from './payment.ts'

/** What others may know of a payment. Amounts are whole minor units of `currency`. */
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
  /** How much of it went back; never more than the amount. */
  refundedMinor: number
  status: PaymentStatus
  provider: string
  isTest: boolean
  back: string
  createdAt: string
  /** Until then it waits; a provider closes its own page by then, too. */
  expiresAt: string
  paidAt: string | null
  /** When its time was over; stays where money came all the same, and went back. */
  expiredAt: string | null
  /** When all of it had gone back. */
  refundedAt: string | null
}

/** Money of a payment on its way back. */
export interface Refund {
  id: string
  paymentId: string
  amountMinor: number
  currency: string
  /** Why, for the label's own people. */
  reason: string
  /** Null for the command line, a provider and the plugin itself. */
  actorId: string | null
  createdAt: string
  /** When its provider had sent it; null while it has not. */
  returnedAt: string | null
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

export interface RefundWish {
  /** Who decided it; null for the command line. */
  actor: Account | null
  reason?: string | undefined
  /** All that is left unless said. A part needs a key of its own: the same again is no second one. */
  part?: { amountMinor: number; key: string } | undefined
}

/** What a provider says of a payment, checked by it. Comes in any order, and more than once. */
export interface ProviderNews {
  /** Unique with the provider; the same again is no news. */
  eventId: string
  /** `refunded` means that it was paid before, whether or not that was told. */
  kind: 'paid' | 'failed' | 'refunded'
  paymentId: string
  /** Of the payment; of a refund, what went back. */
  amountMinor: number
  currency: string
  /** Of a refund that it was asked for (`Refund.id`); left out where the provider refunded by itself. */
  refundId?: string | undefined
}

/** A way to pay. Its plugin registers it at set-up. */
export interface Provider {
  /** Lower-case word; part of the callback's address: `/api/v1/payments/callbacks/<name>`. */
  name: string
  /** No money moves. */
  isTest: boolean
  /** Where it is paid. May be asked again for the same payment and answers the same then. */
  checkout(payment: Payment, backUrl: string): Promise<{ url: string }>
  /** Sends this much back; asked again until it resolves, so it counts once by the refund's id. */
  refund(refund: Refund, payment: Payment): Promise<void>
  /** Checks signature and age; throws `payments.bad-signature`. Null for news that are none of ours. */
  readCallback(
    raw: Uint8Array,
    header: (name: string) => string | undefined,
  ): Promise<ProviderNews | null> | ProviderNews | null
}

/** What payments of a plugin are for, so that the label's people can find them. */
export interface Purpose {
  /** As in `PaymentWish`: `tips.tip`. */
  name: string
  title: { en: string; fr: string }
  /** What these subjects are, in that language; those that are gone are left out. `path` is of this site. */
  describe(
    subjectIds: string[],
    language: string,
  ): Promise<Map<string, { title: string; text: string | null; path: string | null }>>
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
  /** Registers what payments are for, until the returned function is called. */
  addPurpose(purpose: Purpose): () => void
  /** The request's Idempotency-Key; throws `payments.key-needed`. */
  keyOf(call: Call): string
  /**
   * Part of the caller's transaction. With a key the payer has used for the same purpose, amount and currency, that
   * payment and `isNew` false, whatever its subject: the caller tells whether that is the same, too; for another one
   * `payments.key-reused`. Throws `payments.closed`, `payments.wrong-amount`,
   * `payments.wrong-currency`.
   */
  begin(db: Db, wish: PaymentWish): Promise<{ payment: Payment; isNew: boolean }>
  /** Where it is paid; null once it is settled. Asks the provider: never within a transaction. */
  checkout(payment: Payment): Promise<{ url: string } | null>
  paymentsByIds(db: Db, ids: string[]): Promise<Map<string, Payment>>
  /**
   * Part of the caller's transaction: from now on it counts no more, and a job sends the money back. Once, however
   * often asked. Throws not-found, `payments.not-paid`, `payments.too-much`, and `payments.key-reused` for a part of
   * another amount under the key. Recorded in the audit log.
   */
  refund(db: Db, id: string, wish: RefundWish): Promise<Payment>
}
export const payments = defineContract<PaymentsApi>('payments')
