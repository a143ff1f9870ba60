import type { Db } from '#sdk'

export interface Sum {
  amountMinor: number
  count: number
}

interface Wanted {
  channelId: string
  currency: string
  streamId?: string
  /** ISO times, both counted. */
  since?: string
  until?: string | null
}

interface Totals {
  total?: string | number | null
  back?: string | number | null
  count?: string | number
}

/** What was paid and not paid back. */
export async function sumTips(db: Db, { since, until, ...exact }: Wanted): Promise<Sum> {
  const query = db('tips_tips').where({ ...exact, status: 'paid' })
  if (since) query.where('paidAt', '>=', since)
  if (until) query.where('paidAt', '<=', until)
  const row: Totals | undefined = await query
    .sum({ total: 'amountMinor' })
    .sum({ back: 'refundedMinor' })
    .count({ count: '*' })
    .first()
  return { amountMinor: Number(row?.total ?? 0) - Number(row?.back ?? 0), count: Number(row?.count ?? 0) }
}
