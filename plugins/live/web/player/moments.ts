/** A piece of media with the date at which it was made: a segment, or the parts of one that is being made. */
export interface Stretch {
  startS: number
  durationS: number
  atMs: number
}

/** Dates between which a player can play. */
export interface Reach {
  fromMs: number
  toMs: number
}

/** Index of the last stretch whose `key` is not after `value`; -1 where all are. */
function lastUpTo(stretches: readonly Stretch[], key: (stretch: Stretch) => number, value: number): number {
  let low = 0
  let high = stretches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (key(stretches[middle]!) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The date of a position, also a little before and after what is listed; null without anything to tell it by. */
export function momentAt(stretches: readonly Stretch[], positionS: number): number | null {
  const near =
    stretches[
      Math.max(
        0,
        lastUpTo(stretches, ({ startS }) => startS, positionS),
      )
    ]
  return near ? near.atMs + (positionS - near.startS) * 1000 : null
}

/** Where a moment is played: the next that there is, where the publisher was away; the ends for what is outside. */
export function positionOf(stretches: readonly Stretch[], atMs: number): number | null {
  const first = stretches[0]
  if (!first) return null
  const index = lastUpTo(stretches, (stretch) => stretch.atMs, atMs)
  const near = stretches[index]
  if (!near) return first.startS
  const inside = Math.min(Math.max(0, (atMs - near.atMs) / 1000), near.durationS)
  const next = stretches[index + 1]
  const isInGap = next !== undefined && (atMs - near.atMs) / 1000 > near.durationS
  return isInGap ? next.startS : near.startS + inside
}

export function reachOf(stretches: readonly Stretch[]): Reach | null {
  const [first, last] = [stretches[0], stretches.at(-1)]
  return first && last ? { fromMs: first.atMs, toMs: last.atMs + last.durationS * 1000 } : null
}
