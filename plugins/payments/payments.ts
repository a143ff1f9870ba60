import { notFound } from '#contract'
import { type Db, isoTime, newId, problem } from '#sdk'
import type { Payment, PaymentStatus } from './contract.ts'

/** A row of payments_payments; `returnedAt` is when the provider had sent a refund back. */
export interface PaymentRow extends Payment {
  idempotencyKey: string
  returnedAt: string | null
}

const table = 'payments_payments'

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
>

/** Null where the payer has used the key before. */
export async function insertPayment(db: Db, wish: NewPayment): Promise<PaymentRow | null> {
  const row: PaymentRow = {
    id: newId(),
    ...wish,
    status: 'created',
    createdAt: isoTime(),
    paidAt: null,
    refundedAt: null,
    returnedAt: null,
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

export async function paymentsByIds(db: Db, ids: readonly string[]): Promise<Map<string, PaymentRow>> {
  const rows: PaymentRow[] = ids.length === 0 ? [] : await db(table).whereIn('id', [...new Set(ids)])
  return new Map(rows.map((row) => [row.id, row]))
}

/** Newest first. */
export async function listPayments(
  db: Db,
  page: { status?: PaymentStatus | undefined; limit: number },
): Promise<PaymentRow[]> {
  const query = db(table).orderBy('id', 'desc').limit(page.limit)
  return page.status ? query.where({ status: page.status }) : query
}

/** All of one account, oldest first. */
export async function listPaymentsOf(db: Db, payerId: string): Promise<PaymentRow[]> {
  return db(table).where({ payerId }).orderBy('id')
}

/** Money that arrives counts, also after a first try was declined. False where it was settled before. */
export async function markPaid(db: Db, id: string): Promise<boolean> {
  const changes = { status: 'paid', paidAt: isoTime() }
  const count: number = await db(table).where({ id }).whereIn('status', ['created', 'failed']).update(changes)
  return count > 0
}

/** A late refusal does not undo a payment. False where nothing changed. */
export async function markFailed(db: Db, id: string): Promise<boolean> {
  const count: number = await db(table).where({ id, status: 'created' }).update({ status: 'failed' })
  return count > 0
}

/** False where it is not paid, or not any more. */
export async function markRefunded(db: Db, id: string): Promise<boolean> {
  const changes = { status: 'refunded', refundedAt: isoTime() }
  const count: number = await db(table).where({ id, status: 'paid' }).update(changes)
  return count > 0
}

export async function markReturned(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).update({ returnedAt: isoTime() })
}

/** The books stay; whose money it was does not. */
export async function forgetPayer(db: Db, payerId: string): Promise<void> {
  await db(table).where({ payerId }).update({ payerId: null })
}
