import type { Tier } from './contract.ts'

/** What a superchat of this amount gives; `tone` counts from 0. Null where it is too little for one. */
export function tierFor(amountMinor: number, tiers: readonly Tier[]): (Tier & { tone: number }) | null {
  const tone = tiers.findLastIndex(({ fromMinor }) => fromMinor <= amountMinor)
  const tier = tiers[tone]
  return tier ? { ...tier, tone } : null
}
