/** How a viewer at the edge is doing. */
export interface EdgeLook {
  /** From what is seen to the end of what there is. */
  distanceMs: number
  /** Where that should be. */
  targetMs: number
  /** It has just begun to play, or to play again: a jump is not heard as one. */
  isFresh: boolean
  /** The page was asleep, or its tab was frozen. */
  wasAsleep: boolean
}

/** A little late is left alone, as any mending would be heard in music. */
const lateMs = 6_000
const freshLateMs = 800
export const asleepAfterMs = 5_000

/** Whether who follows the edge has fallen so far back that it is better to jump to it. */
export function shouldCatchUp({ distanceMs, targetMs, isFresh, wasAsleep }: EdgeLook): boolean {
  const behindMs = distanceMs - targetMs
  return behindMs > (isFresh || wasAsleep ? freshLateMs : lateMs)
}

const poorMs = 4_000
const poorWithinMs = 30_000

/** How long a line kept its viewer waiting of late. */
export class Waits {
  #waits: { at: number; ms: number }[] = []

  /** True when it was too long: the line is too poor for so little delay. */
  add(now: number, ms: number): boolean {
    this.#waits = [...this.#waits.filter(({ at }) => now - at < poorWithinMs), { at: now, ms }]
    return this.#waits.reduce((sum, wait) => sum + wait.ms, 0) >= poorMs
  }

  forget(): void {
    this.#waits = []
  }
}
