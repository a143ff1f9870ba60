import type { ClockPoint } from './replays.ts'

/** The position of a date; that of the next media where it fell into an interruption. Null before the beginning. */
export function positionOf(clock: readonly ClockPoint[], date: string): number | null {
  const time = Date.parse(date)
  const at = clock.findLastIndex((point) => Date.parse(point.date) <= time)
  const point = clock[at]
  if (!point) return null
  const next = clock[at + 1]
  return Math.min(point.atMs + time - Date.parse(point.date), next?.atMs ?? Number.POSITIVE_INFINITY)
}

/** The date of a position; null where nothing is known. */
export function dateAt(clock: readonly ClockPoint[], atMs: number): string | null {
  const point = clock.findLast((candidate) => candidate.atMs <= atMs) ?? clock[0]
  return point ? new Date(Date.parse(point.date) + atMs - point.atMs).toISOString() : null
}
