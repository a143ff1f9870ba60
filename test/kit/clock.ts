import type { Clock } from '../../server/clock.ts'

/** A clock that stands still until it is turned. */
export interface FakeClock extends Clock {
  /** Goes on by so many milliseconds; back, where negative. */
  advance(ms: number): void
  set(at: Date | string): void
}

/** A clock standing at `start`. Timers of the runtime do not follow it: use `drain()` after turning it. */
export function fakeClock(start: Date | string = '2026-01-05T10:00:00.000Z'): FakeClock {
  let at = new Date(start).getTime()
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms
    },
    set: (to) => {
      at = new Date(to).getTime()
    },
  }
}
