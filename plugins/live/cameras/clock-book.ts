import type { StreamHealth } from '../media/types.ts'
import type { Stream } from '../streams.ts'

export type Clock = Pick<Stream, 'clockOffsetMs' | 'timeCodeOffsetMs'>

/** Less is within what measuring varies by. */
const worthTellingMs = 10

interface Run {
  sinceMs: number
  lastMs: number
  clock: Clock
}

/**
 * The clocks of open streams as the ingest measures them. Each connection of a publisher is dated anew, so a stream has
 * one clock for each; while it runs the newest counts, for its recording that of the longest.
 */
export class ClockBook {
  readonly #runs = new Map<string, Run[]>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** The next measurements are of another connection. */
  reconnected(streamId: string): void {
    const runs = this.#runs.get(streamId) ?? []
    const nowMs = this.#now()
    runs.push({ sinceMs: nowMs, lastMs: nowMs, clock: { clockOffsetMs: null, timeCodeOffsetMs: null } })
    this.#runs.set(streamId, runs)
  }

  /** The new clock where it differs from what is known of the stream by enough to be told. */
  measured(stream: Stream, health: StreamHealth): Clock | null {
    const { clockOffsetMs = null, timeCodeOffsetMs = null } = health
    if (clockOffsetMs === null) return null
    const clock = { clockOffsetMs, timeCodeOffsetMs }
    if (!this.#runs.has(stream.id)) this.reconnected(stream.id)
    const run = this.#runs.get(stream.id)?.at(-1)
    if (run) Object.assign(run, { clock, lastMs: this.#now() })
    const isNews =
      differs(stream.clockOffsetMs, clockOffsetMs) || differs(stream.timeCodeOffsetMs, timeCodeOffsetMs)
    return isNews ? clock : null
  }

  forget(streamId: string): void {
    this.#runs.delete(streamId)
  }

  /** For the recording; null where nothing was measured. */
  of(streamId: string): Clock | null {
    const runs = (this.#runs.get(streamId) ?? []).filter(({ clock }) => clock.clockOffsetMs !== null)
    const longest = runs.reduce<Run | null>(
      (best, run) => (best && lengthOf(best) >= lengthOf(run) ? best : run),
      null,
    )
    return longest?.clock ?? null
  }
}

const lengthOf = ({ sinceMs, lastMs }: Run) => lastMs - sinceMs

function differs(known: number | null, measured: number | null): boolean {
  if (known === null || measured === null) return known !== measured
  return Math.abs(known - measured) >= worthTellingMs
}
