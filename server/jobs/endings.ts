import type { Job } from '#contract'
import { type Counter, isoTime, type Log, type Metrics } from '#sdk'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/types.ts'
import { batched } from './batch.ts'
import { finishJobs, listExpired } from './claims.ts'
import { defaults } from './enqueue.ts'
import { type Claim, changeJob, changeToWaiting, type JobRow } from './rows.ts'
import type { Run } from './run.ts'

const longestWaitMs = 3_600_000

export interface EndingsOptions {
  db: Db
  clock: Clock
  log: Log
  metrics?: Metrics | undefined
  /** 0..1, for the jitter. */
  random: () => number
}

/** Writes down how attempts ended. Nothing is written for an attempt that no longer holds its job. */
export class Endings {
  readonly #options: EndingsOptions
  readonly #finish: (claim: Claim) => Promise<void>
  readonly #total: Counter | undefined

  constructor(options: EndingsOptions) {
    const { db, clock, metrics } = options
    this.#options = options
    this.#finish = batched((claims) => finishJobs(db, claims, isoTime(clock.now())))
    this.#total = metrics?.counter('veza_jobs_total', 'Attempts at jobs by their end.', ['name', 'end'])
  }

  /** Runs it to its end and records that; resolves when it is in the database. */
  async record(run: Run): Promise<void> {
    const { row } = run
    const outcome = await run.outcome()
    let end: string = outcome.is
    if (outcome.is === 'done') await this.#finish({ id: row.id, attempts: row.attempts })
    else if (outcome.is === 'error') end = await this.#fail(run, outcome.error)
    else if (outcome.why === 'stopping') await this.release(run)
    this.#total?.inc({ name: row.name, end })
  }

  /** Gives a job back to other workers; this attempt does not count. */
  async release({ row }: Run): Promise<void> {
    const { db } = this.#options
    if (await changeToWaiting(db, heldBy(row), { maxAttempts: row.maxAttempts + 1 })) await db.wake()
  }

  /** Takes back the jobs of workers that fell silent. */
  async takeOver(): Promise<void> {
    const { db, clock, log } = this.#options
    for (const row of await listExpired(db, isoTime(clock.now()))) {
      const fields = { job: row.name, id: row.id, attempt: row.attempts, worker: row.leaseOwner }
      log.warn(fields, 'a worker fell silent; its job is taken over')
      await this.#retryOrFail(row, 'The worker that ran this job fell silent.', row.runAt)
    }
  }

  async #fail({ row, entry }: Run, error: unknown): Promise<string> {
    const { clock, log, random } = this.#options
    const tries = row.attempts - row.maxAttempts + (entry.job.attempts ?? defaults.attempts)
    const runAt = clock.now().getTime() + backoffMs(entry.job, tries, random())
    const end = await this.#retryOrFail(row, sentenceOf(error), isoTime(new Date(runAt)))
    const fields = { job: row.name, id: row.id, attempt: row.attempts, err: error }
    if (end === 'retry') log.warn(fields, 'a job failed and will be tried again')
    if (end === 'failed') log.error(fields, 'a job failed for good')
    return end
  }

  async #retryOrFail(
    row: JobRow,
    lastError: string,
    runAt: string,
  ): Promise<'retry' | 'failed' | 'lease lost'> {
    const { db, clock } = this.#options
    const isLast = row.attempts >= row.maxAttempts
    const failed = { state: 'failed', lastError, leaseUntil: null, finishedAt: isoTime(clock.now()) }
    const isHeld = isLast
      ? await changeJob(db, heldBy(row), failed)
      : await changeToWaiting(db, heldBy(row), { lastError, runAt })
    if (!isHeld) return 'lease lost'
    return isLast ? 'failed' : 'retry'
  }
}

const heldBy = (row: JobRow) => ({ id: row.id, state: 'running', attempts: row.attempts }) as const

/** The wait after the n-th try, 1 being the first: doubled each time, an hour at most, then up to a quarter more by chance. */
export function backoffMs(job: Job<unknown>, tries: number, chance: number): number {
  const first = job.backoffMs ?? defaults.backoffMs
  const wait = Math.min(first * 2 ** Math.max(0, tries - 1), longestWaitMs)
  return Math.ceil(wait * (1 + chance / 4))
}

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 2000)
