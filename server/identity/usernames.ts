import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, problem } from '../sdk/index.ts'

/** Names that would pass for the label itself or clash with addresses. */
const reserved = [
  'account',
  'admin',
  'administrator',
  'api',
  'artists',
  'assets',
  'chat',
  'deleted',
  'everyone',
  'guest',
  'help',
  'here',
  'hls',
  'label',
  'live',
  'login',
  'media',
  'moderator',
  'null',
  'official',
  'owner',
  'postmaster',
  'register',
  'root',
  'security',
  'setup',
  'staff',
  'support',
  'system',
  'undefined',
  'veza',
  'webmaster',
]

/**
 * What a name looks like at a glance: signs that are taken for each other become one (after Unicode TR 39, for the
 * few that a username may have), separators go. `0fficia1_` -> `officiai`.
 */
export function skeleton(username: string): string {
  return (
    username
      .replace(/[-_]/g, '')
      .replace(/[1l|]/g, 'i')
      .replace(/0/g, 'o')
      .replace(/5/g, 's')
      .replace(/3/g, 'e')
      .replace(/4/g, 'a')
      .replace(/8/g, 'b')
      // Pairs come last: the `c1` of `c1ara` is the `cl` of `clara`.
      .replace(/rn/g, 'm')
      .replace(/vv/g, 'w')
      .replace(/ci/g, 'd')
  )
}

const reservedLooks = new Set(reserved.map(skeleton))

/** Whether a username is, or at a glance looks like, one that is kept for the label. */
export const isReserved = (username: string): boolean => reservedLooks.has(skeleton(username))

/** Throws identity.taken for a name that at a glance is that of somebody who runs the label. */
export async function refuseLookalike(db: Db, username: string, except?: string): Promise<void> {
  const rows: { id: string; username: string }[] = await db('accounts')
    .join('account_roles', 'account_roles.account_id', 'accounts.id')
    .whereIn('account_roles.role', ['owner', 'admin', 'moderator'])
    .whereNot('accounts.status', 'deleted')
    .select('accounts.id', 'accounts.username')
  const look = skeleton(username)
  if (rows.some((row) => row.id !== except && skeleton(row.username) === look))
    throw problem(identity.taken, `"${username}" looks like the name of somebody who runs this label.`)
}

/** Renames an account that was not renamed since `before`; false otherwise. Throws identity.taken. */
export async function renameAccount(
  db: Db,
  id: string,
  { username, now, before }: { username: string; now: Date; before: Date },
): Promise<boolean> {
  const rename = db('accounts')
    .where({ id })
    .where((any) =>
      any.whereNull('username_changed_at').orWhere('username_changed_at', '<=', isoTime(before)),
    )
    .update({ username, usernameChangedAt: isoTime(now) })
  return (await db.unlessTaken<number>(rename, () => problem(identity.taken))) > 0
}
