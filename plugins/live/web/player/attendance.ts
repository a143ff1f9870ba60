/** So far from what is heard a picture is of another moment. */
const outOfStepMs = 1_000
/** It may take so long to come back by itself. */
const patienceMs = 4_000

export interface Look {
  /** By `performance.now()`. */
  now: number
  isRunning: boolean
  isSeeking: boolean
  /** Where the picture is, in its own time. */
  atS: number
  /** How late it is against what is heard; null while that cannot be told. */
  behindMs: number | null
}

/** Whether a camera’s picture stays with the sound that goes on. */
export class Attendance {
  #movedAt = 0
  #inStepAt = 0
  #lastS = 0

  begin(now: number): void {
    this.#movedAt = now
    this.#inStepAt = now
  }

  /** `away`: it stands still; `late`: it moves, and does not come to the moment that is heard. */
  look({ now, isRunning, isSeeking, atS, behindMs }: Look): 'away' | 'late' | null {
    if (!isRunning || atS !== this.#lastS) this.#movedAt = now
    const isInStep = behindMs === null || (!isSeeking && Math.abs(behindMs) <= outOfStepMs)
    if (!isRunning || isInStep) this.#inStepAt = now
    this.#lastS = atS
    if (now - this.#movedAt > patienceMs) return 'away'
    return now - this.#inStepAt > patienceMs ? 'late' : null
  }
}
