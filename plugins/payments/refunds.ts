import { type Db, isoTime, newId } from '#sdk'
import type { Payment, Refund } from './contract.ts'

/** A row of payments_refunds; the key is the same for what must count once. */
export interface RefundRow extends Refund {
  key: string
}

const table = 'payments_refunds'

/** How it came to be, by its key: `late`, `told:<event>`, else somebody asked for it. */
export function kindOf({ key }: Pick<RefundRow, 'key'>): 'asked' | 'late' | 'provider' {
  if (key === 'late') return 'late'
  return key.startsWith('told:') ? 'provider' : 'asked'
}

/** Null where the payment has one under this key. */
export async function insertRefund(
  db: Db,
  payment: Payment,
  wish: Pick<RefundRow, 'key' | 'amountMinor' | 'reason' | 'actorId' | 'returnedAt'>,
): Promise<RefundRow | null> {
  const { id: paymentId, currency } = payment
  const row: RefundRow = { id: newId(), paymentId, currency, ...wish, createdAt: isoTime() }
  const added: { id: string }[] = await db(table)
    .insert(row)
    .onConflict(['payment_id', 'key'])
    .ignore()
    .returning('id')
  return added.length > 0 ? row : null
}

export async function findRefund(db: Db, id: string): Promise<RefundRow | null> {
  return (await db(table).where({ id: id.toLowerCase() }).first()) ?? null
}

export async function findRefundByKey(db: Db, paymentId: string, key: string): Promise<RefundRow | null> {
  return (await db(table).where({ paymentId, key }).first()) ?? null
}

/** Of one payment, oldest first. */
export async function listRefunds(db: Db, paymentId: string): Promise<RefundRow[]> {
  return db(table).where({ paymentId }).orderBy('id')
}

export async function markReturned(db: Db, id: string): Promise<void> {
  await db(table).where({ id, returnedAt: null }).update({ returnedAt: isoTime() })
}

/** Who decided it is gone; that it was decided stays. */
export async function forgetActor(db: Db, actorId: string): Promise<void> {
  await db(table).where({ actorId }).update({ actorId: null })
}
