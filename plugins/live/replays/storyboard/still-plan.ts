import type { IndexEntry } from '../../media/types.ts'
import { stillDate } from './stills.ts'

/** As many as a line of a thousand pixels can show; each time there are more, every other one has to do. */
const mostStills = 216
const leastStepMs = 5_000
/** A second of a slow core: then it is seen who else needs it. */
const atOnce = 24

/** How far apart pictures of so long a time are: five seconds, doubled as often as it takes. */
function stepFor(spanMs: number): number {
  let stepMs = leastStepMs
  while (spanMs / stepMs > mostStills) stepMs *= 2
  return stepMs
}

const slotOf = (dateMs: number, stepMs: number): number => Math.floor(dateMs / stepMs)

/** How often it is even: pictures that longer times share, too. */
function evenness(slot: number): number {
  let times = 0
  for (let rest = slot; rest > 0 && rest % 2 === 0; rest /= 2) times++
  return times
}

/**
 * The segments whose first pictures are to be made next, of what is kept of a running stream: from coarse to fine,
 * the newest first. Dates are cut into equal slots, so that a growing or sliding window keeps asking for the same ones.
 */
export function planStills(entries: readonly IndexEntry[], made: readonly number[]): IndexEntry[] {
  const places = entries.filter(({ track, isIndependent }) => track === 'video' && isIndependent)
  const [first, last] = [places[0], places.at(-1)]
  if (!first || !last) return []
  const stepMs = stepFor(stillDate(last) - stillDate(first))
  const filled = new Set(made.map((date) => slotOf(date, stepMs)))
  const wanted = new Map<number, IndexEntry>()
  for (const entry of places) {
    const slot = slotOf(stillDate(entry), stepMs)
    if (!filled.has(slot) && !wanted.has(slot)) wanted.set(slot, entry)
  }
  return [...wanted]
    .sort(([a], [b]) => evenness(b) - evenness(a) || b - a)
    .slice(0, atOnce)
    .map(([, entry]) => entry)
}

/** Of dates in order those that are worth being told: one a slot. */
export function thinStills(dates: readonly number[]): number[] {
  const stepMs = stepFor((dates.at(-1) ?? 0) - (dates[0] ?? 0))
  return dates.filter((date, i) => i === 0 || slotOf(date, stepMs) !== slotOf(dates[i - 1] ?? date, stepMs))
}
