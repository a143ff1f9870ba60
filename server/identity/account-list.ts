import type { admin } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, likePattern, pageFrom } from '../sdk/index.ts'
import { type AccountRow, noPassword, rolesByIds } from './accounts.ts'

/** An account with what its row alone does not tell. */
export interface ListedAccount extends AccountRow {
  roles: string[]
  hasSecondFactor: boolean
  seenAt: string | null
}

export interface AccountFilter {
  /** Part of the username, the shown name or the address. */
  q?: string | undefined
  role?: string | undefined
  status?: admin.AccountStatus | undefined
}

/** Accounts newest first; those that are gone only where they are asked for. */
export async function accountPage(
  db: Db,
  filter: AccountFilter & { after?: string | undefined; limit: number },
  now: Date,
): Promise<{ items: ListedAccount[]; next: string | null }> {
  const query = db<AccountRow>('accounts')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.after) query.where('id', '<', filter.after)
  if (filter.q) query.where((either) => either.whereRaw(named, Array(3).fill(likePattern(filter.q ?? ''))))
  if (filter.role)
    query.whereIn('id', db('account_roles').select('account_id').where({ role: filter.role }) as never)
  whereStatus(query, filter.status, isoTime(now))
  const rows: AccountRow[] = await query
  const { items, next } = pageFrom(rows, filter.limit)
  return { items: await withMore(db, items), next }
}

// ILIKE has no escape sign in SQLite; usernames and addresses are in lower case anyway.
const named = `username like ? escape '!' or email like ? escape '!' or lower(display_name) like ? escape '!'`

type Query = ReturnType<typeof selectAccounts>
const selectAccounts = (db: Db) => db<AccountRow>('accounts')

/** A suspension whose time is over counts as none: the next sign-in lifts it. */
function whereStatus(query: Query, status: admin.AccountStatus | undefined, time: string): void {
  const isOver = (part: Query) => part.where('status', 'suspended').where('suspended_until', '<=', time)
  if (status === undefined) query.whereNot({ status: 'deleted' })
  else if (status === 'active')
    query.where((either) =>
      either.where({ status }).orWhere((part) => isOver(part as Query).whereNull('leaves_at')),
    )
  else if (status === 'leaving')
    query.where((either) =>
      either.where({ status }).orWhere((part) => isOver(part as Query).whereNotNull('leaves_at')),
    )
  else if (status === 'suspended')
    query
      .where({ status })
      .where((either) => either.whereNull('suspended_until').orWhere('suspended_until', '>', time))
  else query.where({ status })
}

/** What the account is by the clock. */
export function statusAt(row: AccountRow, now: Date): admin.AccountStatus {
  const { status, suspendedUntil, leavesAt } = row
  if (status !== 'suspended' || suspendedUntil === null || suspendedUntil > isoTime(now)) return status
  return leavesAt === null ? 'active' : 'leaving'
}

/** Roles, factors and last sight of many accounts: one query each. */
async function withMore(db: Db, rows: AccountRow[]): Promise<ListedAccount[]> {
  const ids = rows.map(({ id }) => id)
  const roles = await rolesByIds(db, ids)
  const protectedOnes = await withSecondFactor(db, ids)
  const seen = await seenByIds(db, ids)
  return rows.map((row) => ({
    ...row,
    roles: roles.get(row.id) ?? [],
    hasSecondFactor: protectedOnes.has(row.id),
    seenAt: seen.get(row.id) ?? null,
  }))
}

async function withSecondFactor(db: Db, ids: string[]): Promise<Set<string>> {
  const apps: { accountId: string }[] = await db('totp_secrets')
    .whereIn('account_id', ids)
    .whereNotNull('confirmed_at')
    .select('account_id')
  const keys: { accountId: string }[] = await db('passkeys').whereIn('account_id', ids).distinct('account_id')
  return new Set([...apps, ...keys].map(({ accountId }) => accountId))
}

/** By the sessions there are: whoever signed out everywhere is not seen. */
async function seenByIds(db: Db, ids: string[]): Promise<Map<string, string>> {
  const rows: { accountId: string; seenAt: string }[] = await db('sessions')
    .whereIn('account_id', ids)
    .groupBy('account_id')
    .select('account_id')
    .max('seen_at as seen_at')
  return new Map(rows.map(({ accountId, seenAt }) => [accountId, seenAt]))
}

/** One account as the list has it. */
export async function listedAccount(db: Db, row: AccountRow): Promise<ListedAccount> {
  return (await withMore(db, [row]))[0] as ListedAccount
}

/** The ways in that an account has. */
export async function entrancesOf(
  db: Db,
  row: AccountRow,
): Promise<Pick<admin.AccountDetail, 'identities' | 'factors' | 'appPasswords'>> {
  const accountId = row.id
  const identities: { provider: string }[] = await db('external_identities')
    .where({ accountId })
    .orderBy('provider')
  const totp = await db('totp_secrets').where({ accountId }).whereNotNull('confirmed_at').first('account_id')
  const countOf = async (table: string) => {
    const found: { n: number } | undefined = await db(table).where({ accountId }).count('* as n').first()
    return found?.n ?? 0
  }
  return {
    identities: identities.map(({ provider }) => provider),
    factors: {
      hasPassword: row.passwordHash !== noPassword,
      hasTotp: totp !== undefined,
      passkeys: await countOf('passkeys'),
    },
    appPasswords: await countOf('app_passwords'),
  }
}
