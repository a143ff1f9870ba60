import { timingSafeEqual } from 'node:crypto'
import type { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, newId } from '../sdk/index.ts'
import { type AccountRow, findAccount, findByLogin } from './accounts.ts'
import type { IdentityParts } from './parts.ts'
import { readableSecret } from './readable-secret.ts'
import { addressRule, takeTry } from './throttle.ts'

/** 125 random bits. */
const shape = { groups: 5, size: 5 }
const looksRight = /^(?:[0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{5}$/
/** How often `used_at` is written, so that reading does not mean writing. */
const usedEveryMs = 60_000

type Scope = identity.AppPasswordScope
type Parts = Pick<IdentityParts, 'db' | 'keyring' | 'now'>

export interface AppPasswordRow {
  id: string
  accountId: string
  name: string
  scopesJson: Scope[]
  secret: string
  createdAt: string
  usedAt: string | null
}

const placeOf = (id: string) => `app_passwords.secret/${id}`

/** Whether a text has the form of an app password; others need not be looked up. */
export const isAppPassword = (text: string): boolean => looksRight.test(text)

/** Makes an app password; `password` is told only here. */
export async function insertAppPassword(
  db: Db,
  { keyring, now }: Pick<Parts, 'keyring' | 'now'>,
  of: { accountId: string; name: string; scopes: Scope[] },
): Promise<{ row: AppPasswordRow; password: string }> {
  const id = newId()
  const password = readableSecret(shape)
  const { accountId, name } = of
  const scopes = [...new Set(of.scopes)]
  const row = { id, accountId, name, secret: keyring.seal(password, placeOf(id)), createdAt: isoTime(now()) }
  await db('app_passwords').insert({ ...row, scopesJson: JSON.stringify(scopes) })
  return { row: { ...row, scopesJson: scopes, usedAt: null }, password }
}

/** Newest first. */
export async function listAppPasswordsOf(db: Db, accountId: string): Promise<AppPasswordRow[]> {
  return db<AppPasswordRow>('app_passwords').where({ accountId }).orderBy('id', 'desc')
}

export async function removeAppPasswordOf(db: Db, accountId: string, id: string): Promise<boolean> {
  return (await db('app_passwords').where({ id, accountId }).delete()) > 0
}

/**
 * The account whose app password this is; null where it is none for `scope`, or the account is not active. Looked up
 * each time: one that was removed opens nothing from then on. A wrong one counts as a try of that address and may
 * throw identity.slow-down; a right one is never kept waiting (nobody guesses 125 bits).
 */
export async function checkAppPassword(
  parts: Parts,
  { username, given, scope, address }: { username: string; given: string; scope: Scope; address: string },
): Promise<AccountRow | null> {
  if (!isAppPassword(given)) return null
  const { db } = parts
  const account = await findByLogin(db, username)
  const known = await secretsOf(parts, account, scope)
  const right = known.find(({ secret }) => isEqual(secret, given))
  if (account && right) {
    await markAppPasswordUsed(db, right.id, parts.now())
    return account
  }
  await takeTry(db, [{ key: `app-password:${address}`, rule: addressRule }], parts.now())
  return null
}

/**
 * The app passwords of an active account for `scope`, in the clear: for protocols that prove them without sending
 * them (Subsonic: `md5(password + salt)`). Call `markAppPasswordUsed` with the one that fitted.
 */
export async function appPasswordSecrets(
  parts: Parts,
  accountId: string,
  scope: Scope,
): Promise<{ id: string; secret: string }[]> {
  return secretsOf(parts, await findAccount(parts.db, accountId), scope)
}

async function secretsOf({ db, keyring }: Parts, account: AccountRow | null, scope: Scope) {
  if (account?.status !== 'active') return []
  const rows = await listAppPasswordsOf(db, account.id)
  return rows
    .filter(({ scopesJson }) => scopesJson.includes(scope))
    .map(({ id, secret }) => ({ id, secret: keyring.open(secret, placeOf(id)) }))
}

/** Notes a use, at most once a minute. */
export async function markAppPasswordUsed(db: Db, id: string, now: Date): Promise<void> {
  const before = isoTime(new Date(now.getTime() - usedEveryMs))
  await db('app_passwords')
    .where({ id })
    .where((either) => either.whereNull('used_at').orWhere('used_at', '<', before))
    .update({ usedAt: isoTime(now) })
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
