import { tooMany } from '#contract'
import { problem } from '../sdk/index.ts'

const windowMs = 60_000
const mostKeys = 50_000

/**
 * Calls allowed by class, address (or account) and minute, where a route says nothing else. Reading is cheap and whole
 * venues share one address; writing is not, and they do not write that fast.
 */
export const perMinuteOf = { read: 120_000, write: 600, page: 12_000, media: 600_000, socket: 3_000 } as const

/** Counts calls by key in fixed windows of a minute; throws `too-many-requests` with Retry-After. */
export function createRateLimit(now: () => number): (key: string, perMinute: number) => void {
  let counts = new Map<string, number>()
  let startedAt = now()
  return (key, perMinute) => {
    const time = now()
    if (time - startedAt >= windowMs || counts.size > mostKeys) {
      counts = new Map()
      startedAt = time
    }
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > perMinute)
      throw problem(tooMany, undefined, {
        retryAfterS: Math.max(1, Math.ceil((startedAt + windowMs - time) / 1000)),
      })
  }
}
