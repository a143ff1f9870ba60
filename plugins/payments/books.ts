import { type Db, pageFrom } from '#sdk'
import type { BookSum, PaymentStatus } from './contract.ts'
import type { PaymentRow } from './payments.ts'

export interface BookFilter {
  status?: PaymentStatus | undefined
  purpose?: string | undefined
  /** Null finds nothing: nobody is called so. */
  payerId?: string | null | undefined
  from?: string | undefined
  to?: string | undefined
  minMinor?: number | undefined
  maxMinor?: number | undefined
}

const table = 'payments_payments'

function filtered(db: Db, filter: BookFilter) {
  const { status, purpose, payerId, from, to, minMinor, maxMinor } = filter
  const query = db<PaymentRow>(table)
  if (status) query.where({ status })
  if (purpose) query.where({ purpose })
  if (payerId === null) query.whereRaw('1 = 0')
  else if (payerId) query.where({ payerId })
  if (from) query.where('createdAt', '>=', from)
  if (to) query.where('createdAt', '<=', to)
  if (minMinor !== undefined) query.where('amountMinor', '>=', minMinor)
  if (maxMinor !== undefined) query.where('amountMinor', '<=', maxMinor)
  return query
}

/** Newest first; `after` is the last id seen. */
export async function listBooks(
  db: Db,
  filter: BookFilter,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: PaymentRow[]; next: string | null }> {
  const query = filtered(db, filter)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('id', '<', page.after.toLowerCase())
  const rows: PaymentRow[] = await query
  return pageFrom(rows, page.limit)
}

interface SumRow {
  currency: string
  isTest: boolean
  count: number | string
  paidMinor: number | string
  refundedMinor: number | string
}

/** Of what was paid, with what of it went back; test payments apart. */
export async function sumBooks(db: Db, filter: BookFilter): Promise<BookSum[]> {
  const rows = (await filtered(db, filter)
    .whereNotNull('paidAt')
    .select('currency', 'isTest')
    .count({ count: '*' })
    .sum({ paidMinor: 'amountMinor' })
    .sum({ refundedMinor: 'refundedMinor' })
    .groupBy('currency', 'isTest')
    .orderBy(['isTest', 'currency'])) as unknown as SumRow[]
  return rows.map(({ currency, isTest, ...row }) => {
    const [paidMinor, refundedMinor] = [Number(row.paidMinor), Number(row.refundedMinor)]
    const sums = { count: Number(row.count), paidMinor, refundedMinor, keptMinor: paidMinor - refundedMinor }
    return { currency, isTest: Boolean(isTest), ...sums }
  })
}

const pageSize = 1000

/** All that fit, oldest first, page by page, `most` at the most. */
export async function* eachBook(db: Db, filter: BookFilter, most: number): AsyncGenerator<PaymentRow[]> {
  let after: string | undefined
  for (let left = most; left > 0; ) {
    const limit = Math.min(pageSize, left)
    const query = filtered(db, filter).orderBy('id').limit(limit)
    if (after) query.where('id', '>', after)
    const rows: PaymentRow[] = await query
    if (rows.length > 0) yield rows
    if (rows.length < limit) return
    after = rows.at(-1)?.id
    left -= rows.length
  }
}
