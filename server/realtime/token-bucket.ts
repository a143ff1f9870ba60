/** A bucket of `burst` tokens, filled with `perSecond`. Returns whether a token could be taken. */
export function tokenBucket(perSecond: number, burst: number, now: () => number): () => boolean {
  let tokens = burst
  let filledAt = now()
  return () => {
    const time = now()
    // A clock set back must not empty the bucket.
    const elapsedS = Math.max(0, time - filledAt) / 1000
    filledAt = time
    tokens = Math.min(burst, tokens + elapsedS * perSecond)
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
