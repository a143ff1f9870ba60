import { isoTime, type JobRun } from '#sdk'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/types.ts'
import { defaults, readPayload } from './enqueue.ts'
import type { Handled } from './registry.ts'
import { changeJob, type JobRow } from './rows.ts'

/** Why an attempt was told to stop. */
export type StopReason = 'cancelled' | 'lease lost' | 'stopping'

/** The reason of a run's AbortSignal. */
export class JobStopped extends Error {
  readonly why: StopReason
  constructor(name: string, why: StopReason) {
    super(`The job ${name} was told to stop: ${why}.`)
    this.why = why
  }
}

export type Outcome = { is: 'done' } | { is: 'error'; error: unknown } | { is: 'stopped'; why: StopReason }

/** An attempt under way in this process: keeps its lease while the handler works. */
export class Run {
  readonly row: JobRow
  readonly entry: Handled
  readonly #db: Db
  readonly #clock: Clock
  readonly #abort = new AbortController()
  readonly #leaseMs: number
  #leaseEndsAt: number
  #why: StopReason | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(db: Db, clock: Clock, row: JobRow, entry: Handled) {
    this.#db = db
    this.#clock = clock
    this.row = row
    this.entry = entry
    this.#leaseMs = leaseMsOf(entry)
    this.#leaseEndsAt = Date.parse(row.leaseUntil ?? '')
  }

  /** Does the work; never rejects. */
  async outcome(): Promise<Outcome> {
    if (!this.#why) this.#timer = setInterval(() => this.#keepLease(), this.#leaseMs / 3)
    let result: Outcome = { is: 'done' }
    try {
      await this.entry.work(readPayload(this.entry.job, this.row.payloadJson), this.#handed())
    } catch (error) {
      result = { is: 'error', error }
    }
    clearInterval(this.#timer)
    // A handler that ended well while the server stops has done its work.
    const isOver = this.#why && !(this.#why === 'stopping' && result.is === 'done')
    return isOver && this.#why ? { is: 'stopped', why: this.#why } : result
  }

  /** Aborts the handler's signal; only the first reason counts. */
  stop(why: StopReason): void {
    if (this.#why) return
    this.#why = why
    clearInterval(this.#timer)
    this.#abort.abort(new JobStopped(this.row.name, why))
  }

  #handed(): JobRun {
    const { signal } = this.#abort
    return {
      id: this.row.id,
      attempt: this.row.attempts,
      signal,
      progress: async (done, note) => {
        signal.throwIfAborted()
        await this.#renew({ progress: Math.min(1, Math.max(0, done)), progressNote: note ?? null })
        signal.throwIfAborted()
      },
    }
  }

  #keepLease(): void {
    // A database that is away for a moment costs nothing; one that is away longer than the lease costs the job.
    this.#renew({}).catch(() => {
      if (this.#clock.now().getTime() > this.#leaseEndsAt) this.stop('lease lost')
    })
  }

  async #renew(changes: object): Promise<void> {
    const until = this.#clock.now().getTime() + this.#leaseMs
    const held = { id: this.row.id, state: 'running', attempts: this.row.attempts } as const
    const isHeld = await changeJob(this.#db, held, { ...changes, leaseUntil: isoTime(new Date(until)) })
    if (isHeld) this.#leaseEndsAt = until
    else this.stop('lease lost')
  }
}

export const leaseMsOf = (entry: Handled): number => entry.job.leaseMs ?? defaults.leaseMs
