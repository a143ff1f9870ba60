import { AmountMinor, defineRoute, Id, PageQuery, pageOf, Time, z } from '#contract'
import { PaymentStatus } from './payment.ts'

export const managePermission = 'payments.manage'
const manage = { permission: managePermission }
/** ISO 4217. */
const Code = z.string().length(3)

/** A payment as the label's people see it. */
export const BookPayment = z.strictObject({
  id: Id,
  purpose: z.string(),
  subjectId: Id,
  title: z.string(),
  /** Null once the account is gone. */
  payer: z.strictObject({ id: Id, username: z.string(), displayName: z.string() }).nullable(),
  amountMinor: AmountMinor,
  currency: Code,
  refundedMinor: z.number().int(),
  status: PaymentStatus,
  provider: z.string(),
  isTest: z.boolean(),
  createdAt: Time,
  expiresAt: Time,
  paidAt: Time.nullable(),
  expiredAt: Time.nullable(),
  refundedAt: Time.nullable(),
})
export type BookPayment = z.infer<typeof BookPayment>

/** A line of the ledger; those of one transaction add up to nothing. */
export const BookEntry = z.strictObject({
  id: Id,
  transactionId: Id,
  reason: z.string(),
  /** `provider.<name>` holds the money, `purpose.<name>` has earned it (below zero). */
  account: z.string(),
  amountMinor: z.number().int(),
  createdAt: Time,
})
export type BookEntry = z.infer<typeof BookEntry>

export const BookRefund = z.strictObject({
  id: Id,
  amountMinor: AmountMinor,
  /** Decided here; because the money came too late; made at the payment service. */
  kind: z.enum(['asked', 'late', 'provider']),
  reason: z.string(),
  /** Null for the command line, the provider and payments that came too late. */
  by: z.string().nullable(),
  createdAt: Time,
  /** When the provider had sent it; null while it has not. */
  returnedAt: Time.nullable(),
})
export type BookRefund = z.infer<typeof BookRefund>

export const BookPage = BookPayment.extend({
  purposeTitle: z.string(),
  /** What it paid, told by the plugin it belongs to; null where that is off, or the thing is gone. */
  subject: z
    .strictObject({ title: z.string(), text: z.string().nullable(), path: z.string().nullable() })
    .nullable(),
  refunds: z.array(BookRefund),
  /** Oldest first. */
  entries: z.array(BookEntry),
  can: z.strictObject({ refund: z.boolean() }),
})
export type BookPage = z.infer<typeof BookPage>

const Minor = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional()
/** Filters of the list, its sums and its export. Times are of the payment's beginning, both counted. */
export const bookFilter = {
  status: PaymentStatus.optional(),
  purpose: z.string().max(60).optional(),
  /** Username or id. */
  member: z.string().max(60).optional(),
  from: Time.optional(),
  to: Time.optional(),
  minMinor: Minor,
  maxMinor: Minor,
}

export const listBooks = defineRoute({
  method: 'GET',
  path: '/api/v1/payments/books',
  access: manage,
  summary: 'All payments, newest first',
  query: PageQuery.extend(bookFilter),
  result: pageOf(BookPayment),
})
/** Of what was paid in one currency. Test payments are apart: no money came of them. */
export const BookSum = z.strictObject({
  currency: Code,
  isTest: z.boolean(),
  count: z.number().int(),
  paidMinor: z.number().int(),
  refundedMinor: z.number().int(),
  /** Paid less refunded. */
  keptMinor: z.number().int(),
})
export type BookSum = z.infer<typeof BookSum>
export const BookSums = z.strictObject({
  /** What new payments are in. */
  currency: Code,
  purposes: z.array(z.strictObject({ name: z.string(), title: z.string() })),
  sums: z.array(BookSum),
})
export type BookSums = z.infer<typeof BookSums>
export const sumBooks = defineRoute({
  method: 'GET',
  path: '/api/v1/payments/books/sums',
  access: manage,
  summary: 'What was paid and paid back, by currency; and what payments are for',
  query: z.strictObject(bookFilter),
  result: BookSums,
})
export const exportBooks = defineRoute({
  method: 'GET',
  path: '/api/v1/payments/books/export',
  access: manage,
  summary: 'Payments as CSV, oldest first, at most 100,000',
  query: z.strictObject(bookFilter),
  result: z.string(),
  type: 'text/csv',
  perMinute: 20,
})
export const getBook = defineRoute({
  method: 'GET',
  path: '/api/v1/payments/books/{id}',
  access: manage,
  summary: 'One payment with its refunds and ledger entries',
  result: BookPage,
})
/** Takes an `Idempotency-Key`, which a part needs; the same again changes nothing. */
export const refundBook = defineRoute({
  method: 'POST',
  path: '/api/v1/payments/books/{id}/refund',
  access: manage,
  summary: 'Pay a payment back, or a part of it',
  body: z.strictObject({
    /** All that is left where it is left out. */
    amountMinor: AmountMinor.optional(),
    reason: z.string().trim().min(1, { error: 'Say why it is paid back.' }).max(300),
  }),
  result: BookPage,
  perMinute: 60,
})
