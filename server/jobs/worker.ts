import { z } from '#contract'
import { isoTime, type Log } from '#sdk'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/index.ts'
import { singly } from './batch.ts'
import { claimJobs, claimKey, heldClaims, nextTimes, type Want } from './claims.ts'
import type { Endings } from './endings.ts'
import { defaults } from './enqueue.ts'
import type { Handled, Registry } from './registry.ts'
import { leaseMsOf, Run } from './run.ts'
import type { Slots } from './slots.ts'
import type { Ticker } from './ticker.ts'

const longestSleepMs = 60_000
const errorPauseMs = 1000
const lastWordsMs = 1000

export interface WorkerOptions {
  database: Pick<Database, 'db' | 'dialect'>
  clock: Clock
  log: Log
  registry: Registry
  slots: Slots
  endings: Endings
  ticker: Ticker
  /** Names this process in the table. */
  owner: string
}

/** Claims due jobs and runs them; sleeps until the next is due. */
export class Worker {
  readonly #options: WorkerOptions
  /** Runs under way, with the promise that their end is recorded. */
  readonly #running = new Map<Run, Promise<void>>()
  #isStarted = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  #leaseCheckAt = 0
  #claimed = 0

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#running.size
  }

  start(): void {
    this.#isStarted = true
    this.#isClosed = false
    this.wake()
  }

  /** There may be something to do. */
  readonly wake = (): void => {
    if (!this.#isStarted || this.#isClosed) return
    this.#pump().catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'the jobs could not be read')
      this.#arm(errorPauseMs)
    })
  }

  /** Another process changed something: as wake, and looks whether the jobs under way are still ours. */
  readonly changed = (): void => {
    this.wake()
    // A failure here is mended by the next renewal.
    this.#check().catch(() => {})
  }

  /** Runs all that is due until nothing is; without cron. */
  async drain(): Promise<void> {
    for (;;) {
      const before = this.#claimed
      this.#leaseCheckAt = 0
      await this.#pump()
      if (this.size > 0) await Promise.race(this.#running.values())
      else if (this.#claimed === before) return
    }
  }

  /** Stops the run of a job that is under way here. */
  cancel(id: string): void {
    for (const run of this.#running.keys()) if (run.row.id === id) run.stop('cancelled')
  }

  /** Lets matching runs end for `graceMs`, then tells them to stop; gives back what does not within a moment. */
  async halt(matches: (run: Run) => boolean, graceMs: number): Promise<void> {
    const left = () => [...this.#running.keys()].filter(matches)
    const ended = () => Promise.all(left().map((run) => this.#running.get(run)))
    await within(graceMs, ended())
    for (const run of left()) run.stop('stopping')
    await within(lastWordsMs, ended())
    await Promise.all(left().map((run) => this.#options.endings.release(run)))
  }

  /** Claims nothing more; resolves when no claim is under way. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#pump().catch(() => {})
    this.#isStarted = false
  }

  readonly #pump = singly(async () => {
    const { clock, endings, ticker } = this.#options
    if (this.#isClosed) return
    if (this.#isStarted) await ticker.tick()
    const now = clock.now().getTime()
    if (now >= this.#leaseCheckAt) {
      this.#leaseCheckAt = now + this.#shortestLease()
      await endings.takeOver()
    }
    let claimed = await this.#claim()
    while (claimed) claimed = await this.#claim()
    if (this.#isStarted) await this.#sleep(claimed === 0)
  })

  /** How many were claimed; null where nothing can be claimed before a run ends. */
  async #claim(): Promise<number | null> {
    const { database, clock, slots, owner } = this.#options
    const wants = this.#isClosed ? [] : this.#wants()
    if (wants.length === 0) return null
    const granted = slots.take(wants.reduce((sum, want) => sum + want.free, 0))
    if (granted === 0) {
      slots.wait(this.wake)
      return null
    }
    let used = 0
    try {
      const rows = await claimJobs(database, wants, { now: isoTime(clock.now()), owner, limit: granted })
      used = rows.length
      this.#claimed += used
      for (const row of rows) this.#begin(row)
    } finally {
      slots.give(granted - used)
    }
    return used
  }

  #wants(): Want[] {
    const now = this.#options.clock.now().getTime()
    const busy = new Map<string, number>()
    for (const { row } of this.#running.keys()) busy.set(row.name, (busy.get(row.name) ?? 0) + 1)
    return this.#options.registry.handled().flatMap((entry) => {
      const { name, concurrency = defaults.concurrency } = entry.job
      const free = concurrency - (busy.get(name) ?? 0)
      return free > 0 ? [{ name, free, leaseUntil: isoTime(new Date(now + leaseMsOf(entry))) }] : []
    })
  }

  #begin(row: Run['row']): void {
    const { database, clock, registry, endings, log, slots } = this.#options
    const entry = this.#isClosed ? undefined : registry.find(row.name)
    const run = new Run(database.db, clock, row, entry ?? gone(row.name))
    if (!entry) run.stop('stopping')
    // Begins in the next turn, when the run is known to be under way.
    const begun = Promise.resolve().then(() => endings.record(run))
    const recorded = begun.catch((error: unknown) => {
      // The lease ends by itself, and the job is done again.
      log.error({ err: error, job: row.name, id: row.id }, 'the end of a job could not be written down')
    })
    const ended = recorded.then(() => {
      this.#running.delete(run)
      slots.give(1)
      this.wake()
    })
    this.#running.set(run, ended)
  }

  async #sleep(isIdle: boolean): Promise<void> {
    const { database, clock, registry, ticker } = this.#options
    const now = clock.now()
    // A lease given in another process meanwhile is seen before it can end.
    let next = Math.min(now.getTime() + Math.min(longestSleepMs, this.#shortestLease()), ticker.nextAt())
    if (isIdle) {
      const names = registry.handled().map((entry) => entry.job.name)
      const { dueAt, leaseEndsAt } = await nextTimes(database.db, names, isoTime(now))
      if (dueAt) next = Math.min(next, Date.parse(dueAt))
      this.#leaseCheckAt = leaseEndsAt ? Date.parse(leaseEndsAt) + 1 : next
    }
    this.#arm(Math.min(next, this.#leaseCheckAt) - now.getTime())
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#isStarted && !this.#isClosed) this.#timer = setTimeout(this.wake, Math.max(1, ms))
  }

  #shortestLease(): number {
    return Math.min(defaults.leaseMs, ...this.#options.registry.handled().map(leaseMsOf))
  }

  readonly #check = singly(async () => {
    const runs = [...this.#running.keys()]
    if (runs.length === 0) return
    const rows = runs.map((run) => run.row)
    const held = await heldClaims(this.#options.database.db, rows)
    for (const run of runs) if (!held.has(claimKey(run.row))) run.stop('lease lost')
  })
}

const gone = (name: string): Handled => ({
  owner: '',
  job: { kind: 'job', name, payload: z.unknown() },
  work: () => Promise.reject(new Error(`Nothing here does the job ${name} any more.`)),
})

function within(ms: number, work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
