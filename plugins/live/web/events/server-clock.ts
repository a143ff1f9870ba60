let aheadMs = Number.NEGATIVE_INFINITY

/**
 * Takes note of the server's clock in an answer. An answer is always older when it is read than it was when it was
 * written, so the furthest the server was ever ahead is nearest to the truth.
 */
export function noteServerTime(at: string, now = Date.now()): void {
  aheadMs = Math.max(aheadMs, Date.parse(at) - now)
}

/** The server's time as far as it is known, else the device's. */
export function serverTime(now = Date.now()): number {
  return Number.isFinite(aheadMs) ? now + aheadMs : now
}
