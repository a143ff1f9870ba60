import { hostname } from 'node:os'
import { defineJob, Id, type Job, type Page, z } from '#contract'
import { isoTime, type Jobs, type Log, type Metrics, problem } from '#sdk'
import { type Clock, systemClock } from '../clock.ts'
import type { Database } from '../db/index.ts'
import type { Db } from '../db/types.ts'
import type { Driver } from './drivers/driver.ts'
import { embeddedDriver } from './drivers/embedded.ts'
import { Endings } from './endings.ts'
import { createEnqueuer, defaults, type Enqueuer, type Entry } from './enqueue.ts'
import { jobEnded, jobNotEnded, unknownJob } from './problems.ts'
import { createRegistry, type Handled, type Registry } from './registry.ts'
import {
  changeJob,
  changeToWaiting,
  countJobs,
  findJob,
  type JobRow,
  type JobState,
  listJobs,
} from './rows.ts'
import { createSlots, type Slots } from './slots.ts'
import { sweepJobs } from './sweep.ts'
import { createTicker } from './ticker.ts'
import { Worker } from './worker.ts'

export interface JobsOptions {
  database: Pick<Database, 'db' | 'dialect' | 'watch'>
  log: Log
  clock?: Clock
  metrics?: Metrics
  /** How other processes hear of jobs; by the database unless said. */
  driver?: Driver
  /** Shared by the sites of one process; ten of its own unless said. */
  slots?: Slots
  /** 0..1, for the jitter of retries. */
  random?: () => number
}

/** The durable jobs of one site. */
export interface JobSystem {
  /** The face a plugin sees; what it registers is dropped by `dropOwner`. */
  jobsFor(owner: string): Jobs
  /** Registered jobs whose name begins so. */
  handledUnder(prefix: string): Job<unknown>[]
  /** Adds several jobs in the caller's transaction. */
  enqueueAll(db: Db, entries: Entry[]): Promise<void>
  /** Forgets a plugin's handlers and schedules and stops its runs; its jobs wait until it is there again. */
  dropOwner(owner: string): Promise<void>
  /** Begins to run jobs and schedules in this process. */
  start(): Promise<void>
  /** Lets runs end for `graceMs`, then aborts them and gives them back uncounted. Claims nothing meanwhile. */
  stop(graceMs: number): Promise<void>
  /** Runs all that is due, and what follows from it, until nothing is; schedules do not tick. */
  drain(): Promise<void>
  /** Newest first. */
  list(filter: { state?: JobState; name?: string; after?: string; limit: number }): Promise<Page<JobRow>>
  counts(): Promise<Record<JobState, number>>
  /** Throws `jobs.unknown`. */
  get(id: string): Promise<JobRow>
  /** Waiting: at once. Running: its signal is aborted, wherever it runs. Throws `jobs.unknown`, `jobs.ended`. */
  cancel(id: string): Promise<void>
  /** Puts a failed or cancelled job back for a full round of tries. Throws `jobs.unknown`, `jobs.not-ended`. */
  retry(id: string): Promise<void>
}

const sweep = defineJob({ name: 'jobs.sweep', payload: z.strictObject({}), attempts: 1 })

/** Makes the job system of one database; it runs nothing before `start` or `drain`. */
export function createJobs(options: JobsOptions): JobSystem {
  const { database, log, metrics, clock = systemClock, random = Math.random } = options
  const { db } = database
  const driver = options.driver ?? embeddedDriver(database)
  const registry = createRegistry(() => worker.wake())
  const enqueuer = createEnqueuer(clock, driver, () => worker.wake())
  const worker: Worker = new Worker({
    database,
    clock,
    log,
    registry,
    slots: options.slots ?? createSlots(),
    endings: new Endings({ db, clock, log, metrics, random }),
    ticker: createTicker(db, clock, registry, enqueuer),
    owner: `${hostname()}:${process.pid}`,
  })
  metrics?.gauge('veza_jobs_running', 'Jobs under way in this process.', () => worker.size)
  const own = facade(registry, enqueuer, 'jobs')
  own.handle(sweep, () => sweepJobs(db, clock.now()))
  own.every(sweep, '17 * * * *')
  return {
    jobsFor: (owner) => facade(registry, enqueuer, owner),
    handledUnder: (prefix) =>
      registry.handled().flatMap(({ job }) => (job.name.startsWith(prefix) ? [job] : [])),
    enqueueAll: enqueuer.all,
    dropOwner: async (owner) => {
      registry.drop(owner)
      await worker.halt((run) => run.entry.owner === owner, 0)
    },
    drain: () => worker.drain(),
    list: (filter) => listJobs(db, filter),
    counts: () => countJobs(db),
    get: (id) => getJob(db, id),
    ...lifecycle(worker, driver),
    ...actions(db, clock, driver, worker, registry),
  }
}

/** Handlers of any payload are kept side by side; each is only ever given what its own schema read. */
function facade(registry: Registry, enqueuer: Enqueuer, owner: string): Jobs {
  return {
    enqueue: (db, job, payload, more) => enqueuer.one(db, { ...more, job, payload }),
    handle: (job, work) => registry.handle({ owner, job, work: work as Handled['work'] }),
    every: (job, line) => registry.schedule(owner, job, line),
  }
}

function lifecycle(worker: Worker, driver: Driver): Pick<JobSystem, 'start' | 'stop'> {
  let unlisten: (() => Promise<void>) | null = null
  return {
    start: async () => {
      unlisten ??= await driver.listen(worker.changed)
      worker.start()
    },
    stop: async (graceMs) => {
      await worker.close()
      await worker.halt(() => true, graceMs)
      await unlisten?.()
      unlisten = null
    },
  }
}

function actions(
  db: Db,
  clock: Clock,
  driver: Driver,
  worker: Worker,
  registry: Registry,
): Pick<JobSystem, 'cancel' | 'retry'> {
  return {
    cancel: async (id) => {
      const changes = { state: 'cancelled', leaseUntil: null, finishedAt: isoTime(clock.now()) }
      const { state } = await getJob(db, id)
      // It may begin to run, or be given back, between the look and the change.
      const states =
        state === 'running' ? (['running', 'waiting'] as const) : (['waiting', 'running'] as const)
      for (const state of states) {
        if (!(await changeJob(db, { id, state }, changes))) continue
        worker.cancel(id)
        return driver.tell(db)
      }
      throw problem(jobEnded)
    },
    retry: async (id) => {
      const { state, name, attempts } = await getJob(db, id)
      if (state !== 'failed' && state !== 'cancelled') throw problem(jobNotEnded)
      // Attempt numbers are never used twice; a new round is a higher limit.
      const maxAttempts = attempts + (registry.find(name)?.job.attempts ?? defaults.attempts)
      const runAt = isoTime(clock.now())
      if (!(await changeToWaiting(db, { id, state }, { runAt, maxAttempts }))) throw problem(jobNotEnded)
      worker.wake()
      await driver.tell(db)
    },
  }
}

async function getJob(db: Db, id: string): Promise<JobRow> {
  const row = Id.safeParse(id).success ? await findJob(db, id) : null
  if (!row) throw problem(unknownJob)
  return row
}
