import { identity } from '#contract'
import { type Db, isUniqueViolation } from '../db/index.ts'
import { isoTime, newId, problem } from '../sdk/index.ts'

export interface AccountRow {
  id: string
  email: string
  username: string
  displayName: string
  passwordHash: string
  status: 'active' | 'suspended'
  createdAt: string
}

export interface NewAccount {
  email: string
  username: string
  displayName?: string | undefined
  passwordHash: string
  roles: readonly string[]
}

/** Names that would pass for the label itself or clash with addresses. */
const reserved = new Set([
  'admin',
  'administrator',
  'api',
  'assets',
  'chat',
  'guest',
  'help',
  'hls',
  'label',
  'live',
  'login',
  'media',
  'moderator',
  'official',
  'owner',
  'root',
  'setup',
  'staff',
  'support',
  'system',
  'veza',
])

export const isReserved = (username: string): boolean => reserved.has(username)

/** Inserts the account with its roles; throws identity.taken. */
export async function insertAccount(db: Db, account: NewAccount): Promise<AccountRow> {
  const { roles, ...columns } = account
  const row: AccountRow = {
    id: newId(),
    status: 'active',
    createdAt: isoTime(),
    ...columns,
    displayName: columns.displayName ?? columns.username,
  }
  try {
    return await db.tx(async (tx) => {
      await tx('accounts').insert(row)
      if (roles.length > 0)
        await tx('account_roles').insert(roles.map((role) => ({ accountId: row.id, role })))
      return row
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw problem(identity.taken)
    throw error
  }
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

export async function accountsByIds(
  db: Db,
  ids: string[],
): Promise<Map<string, { id: string; username: string; displayName: string }>> {
  if (ids.length === 0) return new Map()
  const rows: { id: string; username: string; displayName: string }[] = await db('accounts')
    .select('id', 'username', 'display_name')
    .whereIn('id', [...new Set(ids)])
  return new Map(rows.map((row) => [row.id, row]))
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

export async function setDisplayName(db: Db, accountId: string, displayName: string): Promise<void> {
  await db('accounts').where({ id: accountId }).update({ displayName })
}

/** Every account with its roles, oldest first. */
export async function listAccounts(db: Db): Promise<(AccountRow & { roles: string[] })[]> {
  const rows: AccountRow[] = await db<AccountRow>('accounts').orderBy('id')
  const roles: { accountId: string; role: string }[] = await db('account_roles').orderBy('role')
  const byAccount = Map.groupBy(roles, (row) => row.accountId)
  return rows.map((row) => ({ ...row, roles: (byAccount.get(row.id) ?? []).map((entry) => entry.role) }))
}

export async function countAccounts(db: Db): Promise<number> {
  const row: { n: number } | undefined = await db('accounts').count('* as n').first()
  return row?.n ?? 0
}

export async function hasOwner(db: Db): Promise<boolean> {
  return (await db('account_roles').where({ role: 'owner' }).first()) !== undefined
}
