import { notFound } from '#contract'
import { type Db, isoTime, newId, problem } from '#sdk'
import type { Payment, PaymentStatus } from './contract.ts'

/** A row of payments_payments. */
export interface PaymentRow extends Payment {
  idempotencyKey: string
}

const table = 'payments_payments'
/** In which money is still awaited. */
const open: PaymentStatus[] = ['created', 'failed']

export type NewPayment = Pick<
  PaymentRow,
  | 'purpose'
  | 'subjectId'
  | 'title'
  | 'payerId'
  | 'idempotencyKey'
  | 'amountMinor'
  | 'currency'
  | 'provider'
  | 'isTest'
  | 'back'
  | 'expiresAt'
>

/** Null where the payer has used the key before. */
export async function insertPayment(db: Db, wish: NewPayment): Promise<PaymentRow | null> {
  const row: PaymentRow = {
    id: newId(),
    ...wish,
    refundedMinor: 0,
    status: 'created',
    createdAt: isoTime(),
    paidAt: null,
    expiredAt: null,
    refundedAt: null,
  }
  const added: { id: string }[] = await db(table)
    .insert(row)
    .onConflict(['payer_id', 'idempotency_key'])
    .ignore()
    .returning('id')
  return added.length > 0 ? row : null
}

/** What the payer began under this key, or null. */
export async function findByKey(
  db: Db,
  payerId: string | null,
  idempotencyKey: string,
): Promise<PaymentRow | null> {
  return (await db(table).where({ payerId, idempotencyKey }).first()) ?? null
}

export async function findPayment(db: Db, id: string): Promise<PaymentRow | null> {
  return (await db(table).where({ id: id.toLowerCase() }).first()) ?? null
}

/** Throws not-found. */
export async function getPayment(db: Db, id: string): Promise<PaymentRow> {
  const row = await findPayment(db, id)
  if (!row) throw problem(notFound, 'There is no such payment.')
  return row
}

/**
 * As it is, and stays until the transaction ends but for this one: what happens to a payment at once happens one after
 * the other. Before anything that refers to it is written.
 */
export async function lockPayment(db: Db, id: string): Promise<PaymentRow | null> {
  return (await db(table).where({ id: id.toLowerCase() }).forNoKeyUpdate().first()) ?? null
}

export async function paymentsByIds(db: Db, ids: readonly string[]): Promise<Map<string, PaymentRow>> {
  const rows: PaymentRow[] = ids.length === 0 ? [] : await db(table).whereIn('id', [...new Set(ids)])
  return new Map(rows.map((row) => [row.id, row]))
}

/** All of one account, oldest first. */
export async function listPaymentsOf(db: Db, payerId: string): Promise<PaymentRow[]> {
  return db(table).where({ payerId }).orderBy('id')
}

/** Those that wait for their money longer than they may, the longest first. */
export function listDue(db: Db, now: string, limit: number): PromiseLike<PaymentRow[]> {
  return db(table).whereIn('status', open).where('expiresAt', '<=', now).orderBy('expiresAt').limit(limit)
}

/** Money that arrives counts, also after a first try was declined. False where it was settled before. */
export async function markPaid(db: Db, id: string): Promise<boolean> {
  return change(db, id, open, { status: 'paid', paidAt: isoTime() })
}

/** The same where its time was over before. */
export async function markPaidLate(db: Db, id: string): Promise<boolean> {
  return change(db, id, ['expired'], { status: 'paid', paidAt: isoTime() })
}

/** A late refusal does not undo a payment. False where nothing changed. */
export async function markFailed(db: Db, id: string): Promise<boolean> {
  return change(db, id, ['created'], { status: 'failed' })
}

/** False where it was paid at the last moment, or had ended before. */
export async function markExpired(db: Db, id: string): Promise<boolean> {
  return change(db, id, open, { status: 'expired', expiredAt: isoTime() })
}

/** Takes this much off what is left; false where that is less, or nothing was paid. */
export async function takeOff(db: Db, id: string, amountMinor: number): Promise<boolean> {
  const count: number = await db(table)
    .where({ id, status: 'paid' })
    .whereRaw('refunded_minor + ? <= amount_minor', [amountMinor])
    .increment('refundedMinor', amountMinor)
  if (count === 0) return false
  await db(table)
    .where({ id })
    .whereRaw('refunded_minor = amount_minor')
    .update({ status: 'refunded', refundedAt: isoTime() })
  return true
}

/** One statement, so that of what happens at once only one has its way. */
async function change(
  db: Db,
  id: string,
  from: readonly PaymentStatus[],
  to: Partial<PaymentRow>,
): Promise<boolean> {
  const count: number = await db(table)
    .where({ id })
    .whereIn('status', [...from])
    .update(to)
  return count > 0
}

/** The books stay; whose money it was does not. */
export async function forgetPayer(db: Db, payerId: string): Promise<void> {
  await db(table).where({ payerId }).update({ payerId: null })
}
