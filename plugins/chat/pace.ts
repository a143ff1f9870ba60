const windowMs = 10_000

interface Step {
  tokens: number
  at: number
  /** When the account last said something; null until it was looked up. */
  saidAt: number | null
}

/** How fast each account may write in each room. In memory: a restart forgets it, and each process has its own. */
export interface Pace {
  /** Takes a place in the bucket. 0, or the ms to wait. */
  take(key: string, perTenSeconds: number, now: number): number
  /** Slow mode: takes the turn. 0, or the ms to wait. `look` tells when the account last spoke, asked once. */
  turn(key: string, slowMs: number, now: number, look: () => Promise<number>): Promise<number>
}

/** Makes the pace of one site. At `max` accounts those that were silent longest are forgotten. */
export function createPace(max = 10_000): Pace {
  const steps = new Map<string, Step>()
  const stepOf = (key: string, now: number): Step => {
    const step = steps.get(key) ?? { tokens: Number.POSITIVE_INFINITY, at: now, saidAt: null }
    steps.delete(key)
    steps.set(key, step)
    const oldest = steps.size > max ? steps.keys().next() : null
    if (oldest?.value !== undefined) steps.delete(oldest.value)
    return step
  }
  return {
    take(key, perTenSeconds, now) {
      const step = stepOf(key, now)
      const gained = (Math.max(0, now - step.at) / windowMs) * perTenSeconds
      step.tokens = Math.min(perTenSeconds, step.tokens + gained)
      step.at = now
      if (step.tokens < 1) return Math.ceil(((1 - step.tokens) / perTenSeconds) * windowMs)
      step.tokens -= 1
      return 0
    },
    async turn(key, slowMs, now, look) {
      const step = stepOf(key, now)
      const looked = step.saidAt ?? (await look())
      // Another message of the same account may have taken the turn during the look-up.
      step.saidAt = Math.max(step.saidAt ?? 0, looked)
      const since = now - step.saidAt
      // A little before zero: one that came later was looked up sooner. Far before: the clock was set back.
      if (since > -slowMs && since < slowMs) return slowMs - Math.max(0, since)
      step.saidAt = now
      return 0
    },
  }
}
