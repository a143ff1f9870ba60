import type { Page } from '#contract'
import { isUniqueViolation } from '../db/index.ts'
import type { Db } from '../db/types.ts'
import { pageFrom } from '../sdk/index.ts'

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

/** A job as the table keeps it. */
export interface JobRow {
  id: string
  name: string
  payloadJson: unknown
  state: JobState
  priority: number
  runAt: string
  attempts: number
  maxAttempts: number
  key: string | null
  leaseUntil: string | null
  leaseOwner: string | null
  progress: number | null
  progressNote: string | null
  lastError: string | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

/** One attempt at a job: the number grows with each and never comes again, so it is the fence. */
export interface Claim {
  id: string
  attempts: number
}

/** Adds rows, in one statement. Without keys. */
export async function insertJobs(db: Db, rows: object[]): Promise<void> {
  if (rows.length > 0) await db('jobs').insert(rows)
}

/** Adds a row unless a job of that name and key waits; returns the id of the one that waits then. */
export async function insertKeyed(db: Db, row: { id: string; name: string; key: string }): Promise<string> {
  for (let tries = 0; tries < 20; tries += 1) {
    const added = await db('jobs').insert(row).onConflict().ignore().returning('id')
    if (added.length > 0) return row.id
    const waiting = await db('jobs').where({ name: row.name, key: row.key, state: 'waiting' }).first('id')
    // None: it was claimed between the two statements, so there is room now.
    if (waiting) return (waiting as { id: string }).id
  }
  throw new Error(`The job ${row.name} with the key ${row.key} could not be added.`)
}

export async function findJob(db: Db, id: string): Promise<JobRow | null> {
  return ((await db('jobs').where({ id }).first()) as JobRow | undefined) ?? null
}

/** Newest first. */
export async function listJobs(
  db: Db,
  filter: { state?: JobState; name?: string; after?: string; limit: number },
): Promise<Page<JobRow>> {
  const query = db('jobs')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.state) query.where('state', filter.state)
  if (filter.name) query.where('name', filter.name)
  if (filter.after) query.where('id', '<', filter.after)
  const rows: JobRow[] = await query
  return pageFrom(rows, filter.limit)
}

export async function countJobs(db: Db): Promise<Record<JobState, number>> {
  const counts = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 }
  const rows: { state: JobState; count: number }[] = await db('jobs')
    .select('state')
    .count({ count: '*' })
    .groupBy('state')
  for (const row of rows) counts[row.state] = row.count
  return counts
}

/** Changes a job in that state, and says whether it was still in it. */
export async function changeJob(
  db: Db,
  where: { id: string; state: JobState; attempts?: number },
  changes: object,
): Promise<boolean> {
  return (await db('jobs').where(where).update(changes)) === 1
}

/** As changeJob, back to waiting; gives up the key where another job waits with it meanwhile. */
export async function changeToWaiting(
  db: Db,
  where: { id: string; state: JobState; attempts?: number },
  changes: object,
): Promise<boolean> {
  const waiting = { ...changes, state: 'waiting', leaseUntil: null, leaseOwner: null, finishedAt: null }
  try {
    return await changeJob(db, where, waiting)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return changeJob(db, where, { ...waiting, key: null })
  }
}

/** Removes ended jobs in portions, so that no statement holds the database for long. */
export async function removeEnded(db: Db, state: JobState, before: string): Promise<number> {
  let removed = 0
  for (;;) {
    // run_at is indexed and never later than finished_at.
    const old = db('jobs').select('id').where({ state }).where('runAt', '<', before)
    old.where('finishedAt', '<', before).limit(1000)
    const count: number = await db('jobs').whereIn('id', old).delete()
    removed += count
    if (count < 1000) return removed
  }
}
