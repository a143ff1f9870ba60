import { type admin, identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, newId, problem } from '../sdk/index.ts'
import { refuseFormer } from './former-names.ts'

export interface AccountRow {
  id: string
  email: string
  username: string
  displayName: string
  /** PHC text, or `!` where the account has no password. */
  passwordHash: string
  status: admin.AccountStatus
  createdAt: string
  emailVerifiedAt: string | null
  avatarKey: string | null
  language: string | null
  timeZone: string | null
  theme: string | null
  usernameChangedAt: string | null
  suspendedReason: string | null
  suspendedUntil: string | null
  leavesAt: string | null
  preferencesJson: Record<string, unknown>
}

/** What stands for the hash of an account without a password. */
export const noPassword = '!'

export interface NewAccount {
  email: string
  username: string
  displayName?: string | undefined
  passwordHash: string
  roles: readonly string[]
  /** When somebody vouched for the address; null until the mailed link was followed. */
  emailVerifiedAt?: string | null
  /** Language its mails are written in. */
  language?: string | null
}

/** Inserts the account with its roles; throws identity.taken, also for what leads to somebody else still. */
export async function insertAccount(db: Db, account: NewAccount): Promise<AccountRow> {
  const { roles, ...columns } = account
  const row = {
    id: newId(),
    status: 'active',
    createdAt: isoTime(),
    ...columns,
    displayName: columns.displayName ?? columns.username,
  }
  const inserted = db.tx(async (tx) => {
    await refuseFormer(tx, { username: row.username, email: row.email })
    await tx('accounts').insert(row)
    if (roles.length > 0) await tx('account_roles').insert(roles.map((role) => ({ accountId: row.id, role })))
    return (await findAccount(tx, row.id)) as AccountRow
  })
  return db.unlessTaken(inserted, () => problem(identity.taken))
}

/** Whether an account has the address or the name, or had the name before. */
export async function isTaken(
  db: Db,
  { email, username }: { email: string; username: string },
): Promise<boolean> {
  const account = await db('accounts').where({ email }).orWhere({ username }).first('id')
  return account !== undefined || (await db('former_usernames').where({ username }).first()) !== undefined
}

/** By e-mail address or username, whichever it looks like. */
export async function findByLogin(db: Db, login: string): Promise<AccountRow | null> {
  const text = login.trim().toLowerCase()
  return (
    (await db<AccountRow>('accounts')
      .where(text.includes('@') ? { email: text } : { username: text })
      .first()) ?? null
  )
}

export async function findAccount(db: Db, id: string): Promise<AccountRow | null> {
  return (await db<AccountRow>('accounts').where({ id }).first()) ?? null
}

/** What everybody may know of an account, without its picture's address. */
export interface PersonRow {
  id: string
  username: string
  displayName: string
  avatarKey: string | null
}

/** Those that are gone are left out. */
export async function accountsByIds(db: Db, ids: string[]): Promise<Map<string, PersonRow>> {
  if (ids.length === 0) return new Map()
  const rows: PersonRow[] = await db('accounts')
    .select('id', 'username', 'display_name', 'avatar_key')
    .whereIn('id', [...new Set(ids)])
    .whereNot({ status: 'deleted' })
  return new Map(rows.map((row) => [row.id, row]))
}

/** Whole rows by id, in one query. */
export async function accountRows(db: Db, ids: string[]): Promise<AccountRow[]> {
  return ids.length === 0 ? [] : db<AccountRow>('accounts').whereIn('id', [...new Set(ids)])
}

/** By present or former username. */
export async function findByUsername(db: Db, username: string): Promise<AccountRow | null> {
  const present = await db<AccountRow>('accounts').where({ username }).whereNot({ status: 'deleted' }).first()
  if (present) return present as AccountRow
  const former: { accountId: string } | undefined = await db('former_usernames')
    .where({ username })
    .first('account_id')
  const account = former ? await findAccount(db, former.accountId) : null
  return account?.status === 'deleted' ? null : account
}

export async function rolesByIds(db: Db, ids: string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map()
  const rows: { accountId: string; role: string }[] = await db('account_roles')
    .whereIn('account_id', [...new Set(ids)])
    .orderBy('role')
  const byAccount = Map.groupBy(rows, (row) => row.accountId)
  return new Map([...byAccount].map(([id, found]) => [id, found.map(({ role }) => role)]))
}

export async function rolesOf(db: Db, accountId: string): Promise<string[]> {
  const rows: { role: string }[] = await db('account_roles')
    .select('role')
    .where({ accountId })
    .orderBy('role')
  return rows.map((row) => row.role)
}

export async function setRoles(db: Db, accountId: string, roles: readonly string[]): Promise<void> {
  await db('account_roles').where({ accountId }).delete()
  if (roles.length > 0) await db('account_roles').insert(roles.map((role) => ({ accountId, role })))
}

export async function setPasswordHash(db: Db, accountId: string, passwordHash: string): Promise<void> {
  await db('accounts').where({ id: accountId }).update({ passwordHash })
}

/** Changes columns of an account; throws identity.taken. */
export async function updateAccount(
  db: Db,
  id: string,
  change: Partial<Omit<AccountRow, 'id' | 'preferencesJson'>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await db.unlessTaken(db('accounts').where({ id }).update(change), () => problem(identity.taken))
}

export async function setPreferences(
  db: Db,
  id: string,
  preferences: Record<string, unknown>,
): Promise<void> {
  await db('accounts')
    .where({ id })
    .update({ preferencesJson: JSON.stringify(preferences) })
}

/** Every account with its roles, oldest first. */
export async function listAccounts(db: Db): Promise<(AccountRow & { roles: string[] })[]> {
  const rows: AccountRow[] = await db<AccountRow>('accounts').orderBy('id')
  const roles: { accountId: string; role: string }[] = await db('account_roles').orderBy('role')
  const byAccount = Map.groupBy(roles, (row) => row.accountId)
  return rows.map((row) => ({ ...row, roles: (byAccount.get(row.id) ?? []).map((entry) => entry.role) }))
}

export async function countAccounts(db: Db): Promise<number> {
  const row: { n: number } | undefined = await db('accounts')
    .whereNot({ status: 'deleted' })
    .count('* as n')
    .first()
  return row?.n ?? 0
}

export async function hasOwner(db: Db): Promise<boolean> {
  return (await db('account_roles').where({ role: 'owner' }).first()) !== undefined
}
