import { tooMany } from '#contract'
import { problem } from '../sdk/index.ts'

const windowMs = 60_000
const mostKeys = 50_000

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
