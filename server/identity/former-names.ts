import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, problem } from '../sdk/index.ts'

/** Throws identity.taken for a name or an address that was somebody's and still leads to them. */
export async function refuseFormer(
  db: Db,
  { username, email }: { username?: string; email?: string },
  { except, now = new Date() }: { except?: string; now?: Date } = {},
): Promise<void> {
  const name: { accountId: string } | undefined =
    username === undefined ? undefined : await db('former_usernames').where({ username }).first('account_id')
  const address: { accountId: string } | undefined =
    email === undefined
      ? undefined
      : await db('former_emails').where({ email }).where('kept_until', '>', isoTime(now)).first('account_id')
  for (const row of [name, address]) if (row && row.accountId !== except) throw problem(identity.taken)
}

/** The old name leads to the account from now on; the new one was perhaps its own before. */
export async function keepUsername(
  db: Db,
  accountId: string,
  { old, next, now }: { old: string; next: string; now: Date },
): Promise<void> {
  await db('former_usernames').where({ username: next, accountId }).delete()
  await db('former_usernames').insert({ username: old, accountId, changedAt: isoTime(now) })
}

/** Nobody else gets the old address until then. */
export async function keepEmail(
  db: Db,
  accountId: string,
  { email, until }: { email: string; until: Date },
): Promise<void> {
  await db('former_emails')
    .insert({ email, accountId, keptUntil: isoTime(until) })
    .onConflict('email')
    .merge()
}

/** Nothing is kept for the account any more but by its row. */
export async function releaseEmail(db: Db, accountId: string, email: string): Promise<void> {
  await db('former_emails').where({ accountId, email }).delete()
}

export async function removeOldEmails(db: Db, now: Date): Promise<void> {
  await db('former_emails').where('kept_until', '<', isoTime(now)).delete()
}
