import type { Database } from '../db/index.ts'
import type { Db } from '../db/types.ts'
import type { Claim, JobRow } from './rows.ts'

/** What one worker may claim of one job name at this moment. */
export interface Want {
  name: string
  /** How many more of it may run. */
  free: number
  leaseUntil: string
}

/**
 * Claims up to `limit` due jobs in one statement, the most urgent first, never more of a name than is free. Two workers
 * never get the same attempt.
 */
export async function claimJobs(
  { db, dialect }: Pick<Database, 'db' | 'dialect'>,
  wants: Want[],
  by: { now: string; owner: string; limit: number },
): Promise<JobRow[]> {
  const names = wants.map((want) => want.name)
  const marks = names.map(() => '?').join(', ')
  const leases = wants.map(() => 'when ? then ?').join(' ')
  const limits = wants.map((want) => `when ? then ${Math.trunc(want.free)}`).join(' ')
  // Materialised: PostgreSQL may otherwise run the inner select again for each row, and claim more than the limit.
  const rows = await db.raw<JobRow[]>(
    `with due as materialized (
      select id, name, priority, run_at from jobs
      where state = 'waiting' and run_at <= ? and name in (${marks})
      order by priority desc, run_at, id limit ${Math.trunc(by.limit)} ${dialect.skipLocked}
    ), ranked as (
      select id, name, row_number() over (partition by name order by priority desc, run_at, id) as place from due
    )
    update jobs set state = 'running', attempts = attempts + 1, lease_owner = ?, started_at = ?,
      lease_until = case name ${leases} end, progress = null, progress_note = null
    where id in (select id from ranked where place <= case name ${limits} end)
    returning *`,
    [by.now, ...names, by.owner, by.now, ...wants.flatMap((want) => [want.name, want.leaseUntil]), ...names],
  )
  return rows.sort((a, b) => b.priority - a.priority || compare(a.runAt, b.runAt) || compare(a.id, b.id))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Marks attempts as done, in one statement; those that lost their lease are passed over. */
export async function finishJobs(db: Db, claims: Claim[], now: string): Promise<void> {
  await db('jobs')
    .where('state', 'running')
    .whereIn(
      ['id', 'attempts'],
      claims.map((claim) => [claim.id, claim.attempts]),
    )
    .update({ state: 'done', finishedAt: now, leaseUntil: null, lastError: null })
}

/** Which of these attempts still hold their job. */
export async function heldClaims(db: Db, claims: Claim[]): Promise<Set<string>> {
  const rows: Claim[] = await db('jobs')
    .select('id', 'attempts')
    .where('state', 'running')
    .whereIn(
      'id',
      claims.map((claim) => claim.id),
    )
  return new Set(rows.map(claimKey))
}
export const claimKey = (claim: Claim): string => `${claim.id} ${claim.attempts}`

/** Jobs whose worker has been silent too long. */
export async function listExpired(db: Db, now: string): Promise<JobRow[]> {
  return db('jobs').where('state', 'running').where('leaseUntil', '<', now).limit(100)
}

/** When the next job of these names is due, and when the next lease ends; after `now`. */
export async function nextTimes(
  db: Db,
  names: string[],
  now: string,
): Promise<{ dueAt: string | null; leaseEndsAt: string | null }> {
  const due = db('jobs').select('runAt').where('state', 'waiting').whereIn('name', names)
  const row: { runAt: string } | undefined = await due.where('runAt', '>', now).orderBy('runAt').first()
  const lease: { at: string | null } | undefined = await db('jobs')
    .where('state', 'running')
    .min({ at: 'leaseUntil' })
    .first()
  return { dueAt: row?.runAt ?? null, leaseEndsAt: lease?.at ?? null }
}
