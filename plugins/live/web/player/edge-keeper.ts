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

const poorStalls = 4
const poorWithinMs = 60_000

/** Counts the stalls of a line. */
export class Stalls {
  #at: number[] = []

  /** True when there were too many of late: the line is too poor for so little delay. */
  add(now: number): boolean {
    this.#at = [...this.#at.filter((at) => now - at < poorWithinMs), now]
    return this.#at.length >= poorStalls
  }

  forget(): void {
    this.#at = []
  }
}
