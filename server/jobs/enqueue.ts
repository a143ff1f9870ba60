import type { Job } from '#contract'
import { isoTime, newId } from '#sdk'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/types.ts'
import type { Driver } from './drivers/driver.ts'
import { insertJobs, insertKeyed } from './rows.ts'

export const defaults = { attempts: 5, backoffMs: 1000, concurrency: 4, leaseMs: 30_000, priority: 0 }

export interface Entry {
  job: Job<unknown>
  payload: unknown
  at?: Date | undefined
  key?: string | undefined
  priority?: number | undefined
}

export interface Enqueuer {
  one(db: Db, entry: Entry): Promise<string>
  /** Several at once, without keys. */
  all(db: Db, entries: Entry[]): Promise<void>
}

/** Adds jobs in the caller's transaction; workers here and elsewhere hear of it when it is committed. */
export function createEnqueuer(clock: Clock, driver: Driver, wakeHere: () => void): Enqueuer {
  const tell = async (db: Db) => {
    db.afterCommit(wakeHere)
    await driver.tell(db)
  }
  return {
    one: async (db, entry) => {
      const row = rowOf(entry, clock.now())
      const { key } = entry
      const id = key === undefined ? row.id : await insertKeyed(db, { ...row, key })
      if (key === undefined) await insertJobs(db, [row])
      await tell(db)
      return id
    },
    all: async (db, entries) => {
      if (entries.length === 0) return
      await insertJobs(
        db,
        entries.map((entry) => rowOf(entry, clock.now())),
      )
      await tell(db)
    },
  }
}

function rowOf({ job, payload, at, priority }: Entry, now: Date) {
  return {
    id: newId(),
    name: job.name,
    payloadJson: storable(job, payload),
    state: 'waiting',
    priority: priority ?? job.priority ?? defaults.priority,
    runAt: isoTime(at ?? now),
    attempts: 0,
    maxAttempts: job.attempts ?? defaults.attempts,
    createdAt: isoTime(now),
  }
}

/** The payload as text, checked as the worker will read it: what JSON cannot carry is refused here. */
function storable(job: Job<unknown>, payload: unknown): string {
  const text = JSON.stringify(payload ?? null)
  readPayload(job, JSON.parse(text))
  return text
}

/** The stored payload by the job's schema; throws a sentence that shows no values. */
export function readPayload(job: Job<unknown>, stored: unknown): unknown {
  const read = job.payload.safeParse(stored)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Error(`The payload of ${job.name} does not fit: /${issue?.path.join('/')} ${issue?.message}`)
}
