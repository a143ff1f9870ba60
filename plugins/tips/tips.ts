import { notFound } from '#contract'
import { type Db, isoTime, pageFrom, problem } from '#sdk'

/** A row of tips_tips. One that is `pending` waits for its payment, whose state tells the rest. */
export interface TipRow {
  id: string
  channelId: string
  /** What was on air when it was begun. */
  streamId: string | null
  /** Null once the account is gone. */
  giverId: string | null
  paymentId: string
  idempotencyKey: string
  requestHash: string
  amountMinor: number
  /** What of it was paid back in part. */
  refundedMinor: number
  currency: string
  message: string | null
  isMessageShown: boolean
  isSuperchat: boolean
  isNameShown: boolean
  /** Number of the superchat's tier, and how long that is pinned. */
  tone: number
  pinS: number
  status: 'pending' | 'paid' | 'refunded'
  createdAt: string
  paidAt: string | null
  refundedAt: string | null
}

const table = 'tips_tips'

export async function insertTip(
  db: Db,
  tip: Omit<TipRow, 'refundedMinor' | 'status' | 'createdAt' | 'paidAt' | 'refundedAt'>,
): Promise<TipRow> {
  const times = { createdAt: isoTime(), paidAt: null, refundedAt: null }
  const row: TipRow = { ...tip, refundedMinor: 0, status: 'pending', ...times }
  await db(table).insert(row)
  return row
}

export async function findTip(db: Db, id: string): Promise<TipRow | null> {
  return (await db(table).where({ id: id.toLowerCase() }).first()) ?? null
}

export async function tipsByIds(db: Db, ids: readonly string[]): Promise<TipRow[]> {
  return ids.length === 0 ? [] : db(table).whereIn('id', [...new Set(ids)])
}

/** Throws not-found. */
export async function getTip(db: Db, id: string): Promise<TipRow> {
  const tip = await findTip(db, id)
  if (!tip) throw problem(notFound)
  return tip
}

/** What this account began under that key, or null. */
export async function findTipByKey(db: Db, giverId: string, idempotencyKey: string): Promise<TipRow | null> {
  return (await db(table).where({ giverId, idempotencyKey }).first()) ?? null
}

/** A page of a channel, or of all for `channelId` null; newest first. */
export async function listTips(
  db: Db,
  page: {
    channelId: string | null
    statuses: TipRow['status'][]
    after?: string | undefined
    limit: number
  },
): Promise<{ items: TipRow[]; next: string | null }> {
  const query = db(table)
    .whereIn('status', page.statuses)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.channelId !== null) query.where({ channelId: page.channelId })
  if (page.after) query.where('id', '<', page.after.toLowerCase())
  const rows: TipRow[] = await query
  return pageFrom(rows, page.limit)
}

/** All of one account, oldest first. */
export async function listTipsOf(db: Db, giverId: string): Promise<TipRow[]> {
  return db(table).where({ giverId }).orderBy('id')
}

/** False where it was not waiting any more. */
export async function markTipPaid(db: Db, id: string): Promise<string | null> {
  const paidAt = isoTime()
  const count: number = await db(table).where({ id, status: 'pending' }).update({ status: 'paid', paidAt })
  return count > 0 ? paidAt : null
}

/** Also where its payment was never heard of: news may come in any order. False where it was so already. */
export async function markTipRefunded(db: Db, id: string): Promise<boolean> {
  const changes = { status: 'refunded', refundedAt: isoTime() }
  const count: number = await db(table).where({ id }).whereNot({ status: 'refunded' }).update(changes)
  return count > 0
}

/** Parts of it went back: so much in all. False where that is no news; it never becomes less. */
export async function updateRefunded(db: Db, id: string, refundedMinor: number): Promise<boolean> {
  const count: number = await db(table)
    .where({ id })
    .where('refundedMinor', '<', refundedMinor)
    .update({ refundedMinor })
  return count > 0
}

/** False where it was not shown. */
export async function hideMessage(db: Db, id: string): Promise<boolean> {
  const count: number = await db(table).where({ id, isMessageShown: true }).update({ isMessageShown: false })
  return count > 0
}

/** What counts of it. Of a tip that was paid back as a whole: what it was. */
export const leftOf = ({
  status,
  amountMinor,
  refundedMinor,
}: Pick<TipRow, 'status' | 'amountMinor' | 'refundedMinor'>): number =>
  status === 'refunded' ? amountMinor : amountMinor - refundedMinor

/** What was given stays, with neither name nor words. */
export async function forgetGiver(db: Db, giverId: string): Promise<void> {
  const changes = { giverId: null, message: null, isMessageShown: false, isNameShown: false, requestHash: '' }
  await db(table).where({ giverId }).update(changes)
}
