import type { TrackRules } from '../contract.ts'
import { seedOf } from '../rules.ts'
import type { Plain } from './plain-rules.ts'

/** When the rules are asked. */
export const now = new Date()

type Order = (string | number | Buffer)[]
/** By what a track is sorted, best first. */
export function orderOf(
  sort: TrackRules['sort'],
  { row, ...plain }: Plain,
  account: { id: string } | null,
): Order {
  const down = (id: string) =>
    [...id].map((letter) => String.fromCharCode(0xffff - letter.charCodeAt(0))).join('')
  const { times, plus } = seedOf(account, now)
  const chance = Number((BigInt(row.chance) * BigInt(times) + BigInt(plus)) % BigInt(2 ** 31 - 1))
  const orders: Record<TrackRules['sort'], Order> = {
    random: [chance, row.id],
    newest: [down(row.id)],
    oldest: [row.id],
    title: [row.titleKey, row.id],
    artist: [`\n${plain.artists.join('\n')}\n`, row.titleKey, row.id],
    'most-played': [-row.plays, down(row.id)],
    'least-played': [row.plays, row.id],
    'last-played': [down(plain.playedAt ?? '') || '\uffff\uffff', down(row.id)],
    'best-rated': [-plain.stars, down(row.id)],
    bpm: [row.bpm ?? 1000, row.id],
    duration: [row.durationMs, row.id],
  }
  return orders[sort]
}

export function compare(a: Order, b: Order): number {
  for (const [at, one] of a.entries()) {
    const other = b[at] as typeof one
    const order = Buffer.isBuffer(one)
      ? Buffer.compare(one, other as Buffer)
      : one < other
        ? -1
        : one > other
          ? 1
          : 0
    if (order !== 0) return order
  }
  return 0
}
