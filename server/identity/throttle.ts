import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, problem } from '../sdk/index.ts'

/** How many failures pass before the first wait, and how the waits grow. */
export interface ThrottleRule {
  free: number
  firstMs: number
  mostMs: number
}
/** Guesses at one account by devices it was never used on. */
export const accountRule: ThrottleRule = { free: 5, firstMs: 2_000, mostMs: 15 * 60_000 }
/** Guesses from one address, whichever accounts; whole venues share one. */
export const addressRule: ThrottleRule = { free: 30, firstMs: 1_000, mostMs: 5 * 60_000 }
/** Names and addresses found to be taken, from one address. */
export const takenRule: ThrottleRule = { free: 20, firstMs: 1_000, mostMs: 5 * 60_000 }
/** After so long without a failure it is forgotten. */
const forgottenAfterMs = 24 * 3_600_000

export interface ThrottleKey {
  key: string
  rule: ThrottleRule
}

/** The wait after so many failures: doubles from `firstMs` up to `mostMs`; 0 while tries are free. */
export function waitAfter(failures: number, { free, firstMs, mostMs }: ThrottleRule): number {
  return failures < free ? 0 : Math.min(mostMs, firstMs * 2 ** Math.min(failures - free, 30))
}

/**
 * Takes one try of each key before it is made, in the database, so that all processes count together and parallel
 * tries count each. Throws `identity.slow-down` with Retry-After while a key is closed; that is no try and lengthens
 * nothing, so nobody can be shut out for ever.
 */
export async function takeTry(db: Db, keys: readonly ThrottleKey[], now: Date): Promise<void> {
  // In one order everywhere, so that two callers never wait for each other.
  const sorted = [...keys].sort((a, b) => (a.key < b.key ? -1 : 1))
  await db.tx(async (tx) => {
    for (const one of sorted) if (!(await count(tx, one, now))) throw await closed(tx, one.key, now)
  })
}

/** Counts a try; false where the key is closed. */
async function count(db: Db, { key, rule }: ThrottleKey, now: Date): Promise<boolean> {
  const time = isoTime(now)
  const forgotten = isoTime(new Date(now.getTime() - forgottenAfterMs))
  const rows = await db.raw<{ failures: number }[]>(
    `insert into throttles (key, failures, failed_at, closed_until) values (?, 1, ?, ?)
     on conflict (key) do update set
       failures = case when throttles.failed_at < ? then 1 else throttles.failures + 1 end,
       failed_at = excluded.failed_at
     where throttles.closed_until <= ?
     returning failures`,
    [key, time, time, forgotten, time],
  )
  const failures = rows[0]?.failures
  if (failures === undefined) return false
  const waitMs = waitAfter(failures, rule)
  if (waitMs > 0)
    await db('throttles')
      .where({ key })
      .update({ closedUntil: isoTime(new Date(now.getTime() + waitMs)) })
  return true
}

async function closed(db: Db, key: string, now: Date): Promise<Error> {
  const row: { closedUntil: string } | undefined = await db('throttles').where({ key }).first('closed_until')
  const waitMs = row ? Date.parse(row.closedUntil) - now.getTime() : 0
  return problem(identity.slowDown, undefined, { retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)) })
}

/** The try was right: its keys are as if it had not been. `whole` forgets the failures before it, too. */
export async function forgive(db: Db, key: string, whole: boolean): Promise<void> {
  if (whole) await db('throttles').where({ key }).delete()
  else
    await db('throttles')
      .where({ key })
      .where('failures', '>', 0)
      .update({ closedUntil: isoTime(new Date(0)) })
      .decrement('failures', 1)
}

export async function removeOldThrottles(db: Db, now: Date): Promise<void> {
  await db('throttles')
    .where('failed_at', '<', isoTime(new Date(now.getTime() - forgottenAfterMs)))
    .delete()
}
