/** Clocks of two machines drift apart by up to about this much. */
const driftPerMs = 1e-4

/**
 * Follows the least distance between two clocks, arrival minus sending: that of media which waited nowhere. A smaller
 * one counts at once; it grows only as clocks drift, so that a jam is not taken for a longer way.
 */
export class LeastDistance {
  private leastMs = Infinity
  private leastAtMs = 0

  add(nowMs: number, distanceMs: number): void {
    if (distanceMs > this.at(nowMs)) return
    this.leastMs = distanceMs
    this.leastAtMs = nowMs
  }

  /** Infinite before the first. */
  at(nowMs: number): number {
    return this.leastMs + (nowMs - this.leastAtMs) * driftPerMs
  }
}
