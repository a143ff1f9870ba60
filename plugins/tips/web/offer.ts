import { parseAmount } from '#contract'
import type { Tier, TipTerms } from '../contract.ts'

/** What the dialog has been filled with. */
export interface Offer {
  /** A preset, or null for the amount that was typed. */
  presetMinor: number | null
  typed: string
  isSuperchat: boolean
  message: string
  showName: boolean
}

/** The amount in minor units; null where it is none that can be paid. */
export function amountOf({ presetMinor, typed }: Offer, terms: TipTerms): number | null {
  const amount = presetMinor ?? parseAmount(typed, terms.currency)
  const fits = amount !== null && amount >= terms.minAmountMinor && amount <= terms.maxAmountMinor
  return fits ? amount : null
}

/** What a superchat of that amount gives; null where it is too little for one. */
export function tierOf(amountMinor: number | null, tiers: readonly Tier[]): Tier | null {
  return tiers.findLast(({ fromMinor }) => amountMinor !== null && fromMinor <= amountMinor) ?? null
}

/** Characters that may be written. */
export function maxLengthOf(offer: Offer, terms: TipTerms): number {
  if (!offer.isSuperchat) return terms.messageLength
  return tierOf(amountOf(offer, terms), terms.tiers)?.maxLength ?? terms.messageLength
}

/** A new key for each offer, the same for the same: pressed twice or sent again it is one tip. */
export function keyKeeper(newKey: () => string): (body: unknown) => string {
  let last = { body: '', key: '' }
  return (body) => {
    const text = JSON.stringify(body)
    if (text !== last.body) last = { body: text, key: newKey() }
    return last.key
  }
}
