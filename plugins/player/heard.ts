import { tooMany } from '#contract'
import { problem } from '#sdk'
import { notHeard } from './contract.ts'

/** A play counts from here on, or from half of the track. */
const enoughMs = 30_000
/** The player goes up to double speed: half of a track may take a quarter of its time. */
const fastest = 2
const dayMs = 86_400_000
const hourMs = 3_600_000

/** When a UUIDv7 was made, in ms since 1970 (RFC 9562, section 5.7); null for other ids. */
export function madeAt(id: string): number | null {
  return id[14] === '7' ? Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) : null
}

/**
 * Refuses what cannot be a play: less than 30 s or half of the track, or more than there was time for since it
 * started. A clock that is ahead gets there later.
 */
export function checkHeard(
  play: { startId: string; heardMs: number },
  durationMs: number,
  now: number,
): void {
  const startedAt = madeAt(play.startId)
  const isEnough = play.heardMs >= Math.min(enoughMs, durationMs / 2 / fastest)
  if (startedAt === null || !isEnough || now - startedAt > dayMs) throw problem(notHeard)
  const missingMs = play.heardMs - (now - startedAt)
  if (missingMs > 0) throw problem(notHeard, undefined, { retryAfterS: Math.ceil(missingMs / 1000) })
}

interface Listener {
  /** Time left to be heard, and when that was so. */
  restMs: number
  at: number
}

/** So much may be told at once, after a time without network. */
const savedMs = 2 * hourMs
const mostListeners = 20_000

/**
 * Nobody hears more than the clock allows: each listener has as much time as goes by. An account listens for itself
 * (on two devices at most); behind one address there may be a whole bar, so many plays an hour and few of one track.
 */
export class Listeners {
  readonly #accounts = new Map<string, Listener>()
  readonly #guests = new Map<string, number>()
  #guestsSince = 0

  /** Throws too-many-requests. */
  account(accountId: string, heardMs: number, now: number): void {
    const before = this.#accounts.get(accountId) ?? { restMs: savedMs, at: now }
    const restMs = Math.min(savedMs, before.restMs + 2 * (now - before.at)) - heardMs
    if (restMs < 0) throw problem(tooMany, undefined, { retryAfterS: Math.ceil(-restMs / 2000) })
    // Whoever comes back after having been forgotten has all of it again.
    if (this.#accounts.size >= mostListeners) this.#accounts.clear()
    this.#accounts.set(accountId, { restMs, at: now })
  }

  /** Throws too-many-requests. `perHour` for all tracks together, a tenth of it for one. */
  guest(block: string, trackId: string, perHour: number, now: number): void {
    if (now - this.#guestsSince >= hourMs || this.#guests.size > 10 * mostListeners) {
      this.#guests.clear()
      this.#guestsSince = now
    }
    const limits = [
      [block, perHour],
      [`${block} ${trackId}`, Math.ceil(perHour / 10)],
    ] as const
    if (limits.some(([key, limit]) => (this.#guests.get(key) ?? 0) >= limit))
      throw problem(tooMany, undefined, { retryAfterS: Math.ceil((this.#guestsSince + hourMs - now) / 1000) })
    for (const [key] of limits) this.#guests.set(key, (this.#guests.get(key) ?? 0) + 1)
  }
}
