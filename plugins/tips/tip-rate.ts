import type { FigureReader } from '#plugins/live'
import type { Db } from '#sdk'

/** How many tips came in during each step of a show's time, those that were paid back left out. */
export async function tipRate(db: Db, time: Parameters<FigureReader>[0]): Promise<number[]> {
  const { channelId, fromAt, untilAt, stepS } = time
  const [from, until, stepMs] = [Date.parse(fromAt), Date.parse(untilAt), stepS * 1000]
  const rates = Array.from({ length: Math.max(0, Math.ceil((until - from) / stepMs)) }, () => 0)
  const rows: { paidAt: string }[] = await db('tips_tips')
    .where({ channelId, status: 'paid' })
    .whereBetween('paidAt', [fromAt, untilAt])
    .select('paidAt')
  for (const { paidAt } of rows) {
    const i = Math.floor((Date.parse(paidAt) - from) / stepMs)
    if (i >= 0 && i < rates.length) rates[i] = (rates[i] ?? 0) + 1
  }
  return rates
}
