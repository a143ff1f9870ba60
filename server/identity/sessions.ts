import { Id } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, newId } from '../sdk/index.ts'
import { hashToken, newToken } from './tickets.ts'

/** A session nobody used for so long is over. */
export const idleMs = 14 * 24 * 3_600_000
/** No session lasts longer, however much it is used. */
export const sessionMs = 90 * 24 * 3_600_000
/** How often `seen_at` is written, so that reading does not mean writing. */
const seenEveryMs = 5 * 60_000
/** How long a proof of who sits there is good for sensitive changes. */
const recentMs = 15 * 60_000

/** How a session began, or what proved its holder later. */
export type Method = 'password' | 'totp' | 'recovery' | 'passkey' | 'external'

export interface SessionSecrets {
  sessionId: string
  cookie: string
  refreshToken: string
}

/** A session with whose it is. */
export interface SessionAccount {
  sessionId: string
  hasSecondFactor: boolean
  id: string
  email: string
  username: string
  displayName: string
  avatarKey: string | null
  emailVerifiedAt: string | null
  language: string | null
  timeZone: string | null
  theme: string | null
  roles: string[]
}

export interface SessionRow {
  id: string
  accountId: string
  cookieHash: string
  refreshHash: string
  methodsJson: Method[]
  hasSecondFactor: boolean
  userAgent: string
  address: string
  createdAt: string
  seenAt: string
  confirmedAt: string
  expiresAt: string
}

/** A passkey shows the device and its holder; a code of the app or of the list comes after something else. */
const areTwoFactors = (methods: readonly Method[]) =>
  methods.some((method) => method === 'totp' || method === 'passkey' || method === 'recovery')

/** A new session with new secrets (never one the caller brought); only hashes are stored. */
export async function insertSession(
  db: Db,
  accountId: string,
  from: { userAgent: string; address: string; methods: readonly Method[] },
  now: Date,
): Promise<SessionSecrets> {
  const sessionId = newId()
  const secrets = { sessionId, cookie: newToken(), refreshToken: `${sessionId}.${newToken()}` }
  const time = isoTime(now)
  await db('sessions').insert({
    id: sessionId,
    accountId,
    cookieHash: hashToken(secrets.cookie),
    refreshHash: hashToken(secrets.refreshToken),
    methodsJson: JSON.stringify(from.methods),
    hasSecondFactor: areTwoFactors(from.methods),
    userAgent: from.userAgent.slice(0, 200),
    address: from.address,
    createdAt: time,
    seenAt: time,
    confirmedAt: time,
    expiresAt: isoTime(new Date(now.getTime() + sessionMs)),
  })
  return secrets
}

const alive = (now: Date) => ({
  expiry: isoTime(now),
  idle: isoTime(new Date(now.getTime() - idleMs)),
})

/** The account behind a cookie or a session's id, or null. One query. */
export async function findSession(
  db: Db,
  by: { cookie: string } | { sessionId: string },
  from: { address: string } | null,
  now: Date,
): Promise<SessionAccount | null> {
  const { expiry, idle } = alive(now)
  const query = db('sessions')
    .join('accounts', 'accounts.id', 'sessions.account_id')
    .leftJoin('account_roles', 'account_roles.account_id', 'accounts.id')
    .where('accounts.status', 'active')
    .where('sessions.expires_at', '>', expiry)
    .where('sessions.seen_at', '>', idle)
    .select(
      'sessions.id as session_id',
      'sessions.seen_at',
      'sessions.has_second_factor',
      'accounts.id',
      'accounts.email',
      'accounts.username',
      'accounts.display_name',
      'accounts.avatar_key',
      'accounts.email_verified_at',
      'accounts.language',
      'accounts.time_zone',
      'accounts.theme',
      'account_roles.role',
    )
  if ('cookie' in by) query.where('sessions.cookie_hash', hashToken(by.cookie))
  else query.where('sessions.id', by.sessionId)
  const rows: (Omit<SessionAccount, 'roles'> & { seenAt: string; role: string | null })[] = await query
  const first = rows[0]
  if (!first) return null
  if (from && now.getTime() - Date.parse(first.seenAt) > seenEveryMs)
    await db('sessions')
      .where({ id: first.sessionId })
      .update({ seenAt: isoTime(now), address: from.address })
  const { role: _role, seenAt: _seenAt, ...account } = first
  return { ...account, roles: rows.flatMap((row) => (row.role ? [row.role] : [])).sort() }
}

/**
 * Trades a refresh token. One that is not the session's last ends the whole session (RFC 9700, section 4.14.2:
 * somebody else has it too): of parallel calls with the same token one wins, and the session ends all the same.
 */
export async function rotateRefreshToken(
  db: Db,
  refreshToken: string,
  now: Date,
): Promise<
  | { state: 'traded'; sessionId: string; accountId: string; refreshToken: string }
  | { state: 'reused'; sessionId: string; accountId: string; userAgent: string }
  | { state: 'unknown' }
> {
  // PostgreSQL fails on what is no UUID instead of finding nothing.
  const { data: sessionId } = Id.safeParse(/^([^.]{36})\.[\w-]{20,}$/.exec(refreshToken)?.[1])
  if (sessionId === undefined) return { state: 'unknown' }
  const next = `${sessionId}.${newToken()}`
  const { expiry, idle } = alive(now)
  const rows: { accountId: string }[] = await db('sessions')
    .where({ id: sessionId, refreshHash: hashToken(refreshToken) })
    .where('expires_at', '>', expiry)
    .where('seen_at', '>', idle)
    .update({ refreshHash: hashToken(next), seenAt: isoTime(now) })
    .returning('account_id')
  const row = rows[0]
  if (row) return { state: 'traded', sessionId, accountId: row.accountId, refreshToken: next }
  const [ended] = await db.raw<{ accountId: string; userAgent: string }[]>(
    'delete from sessions where id = ? returning account_id, user_agent',
    [sessionId],
  )
  return ended ? { state: 'reused', sessionId, ...ended } : { state: 'unknown' }
}

export async function getSessionRow(db: Db, id: string): Promise<SessionRow | null> {
  return (await db<SessionRow>('sessions').where({ id }).first()) ?? null
}

/** Whether the session's holder proved who they are within the last 15 minutes. */
export async function isRecent(db: Db, sessionId: string, now: Date): Promise<boolean> {
  const row = await db('sessions')
    .where({ id: sessionId })
    .where('confirmed_at', '>', isoTime(new Date(now.getTime() - recentMs)))
    .first('id')
  return row !== undefined
}

/** Notes a new proof; a second factor stays with the session. */
export async function confirmSession(db: Db, id: string, method: Method, now: Date): Promise<void> {
  const row = await getSessionRow(db, id)
  if (!row) return
  const methods = [...new Set([...row.methodsJson, method])]
  await db('sessions')
    .where({ id })
    .update({
      confirmedAt: isoTime(now),
      methodsJson: JSON.stringify(methods),
      hasSecondFactor: areTwoFactors(methods),
    })
}

/** Gives the session new secrets, so that what was known before is worth nothing. */
export async function renewSession(db: Db, id: string): Promise<{ cookie: string }> {
  const cookie = newToken()
  await db('sessions')
    .where({ id })
    .update({ cookieHash: hashToken(cookie), refreshHash: hashToken(newToken()) })
  return { cookie }
}

/** Gives the session's browser another cookie; tokens of programs stay. */
export async function renewCookie(db: Db, id: string): Promise<string> {
  const cookie = newToken()
  await db('sessions')
    .where({ id })
    .update({ cookieHash: hashToken(cookie) })
  return cookie
}

export async function listSessionsOf(db: Db, accountId: string, now: Date): Promise<SessionRow[]> {
  const { expiry, idle } = alive(now)
  return db<SessionRow>('sessions')
    .where({ accountId })
    .where('expires_at', '>', expiry)
    .where('seen_at', '>', idle)
    .orderBy('seen_at', 'desc')
    .orderBy('id', 'desc')
}

/** Whether the account has a session of that program at that address already. */
export async function hasSessionLike(
  db: Db,
  accountId: string,
  { userAgent, address }: { userAgent: string; address: string },
): Promise<boolean> {
  const row = await db('sessions')
    .where({ accountId, address, userAgent: userAgent.slice(0, 200) })
    .first('id')
  return row !== undefined
}

/** Ends one session of an account; false where it has no such one. */
export async function removeSessionOf(db: Db, accountId: string, id: string): Promise<boolean> {
  return (await db('sessions').where({ id, accountId }).delete()) > 0
}

export async function removeSession(db: Db, id: string): Promise<void> {
  await db('sessions').where({ id }).delete()
}

/** Ends all sessions of an account but `except`; resolves to their ids, whose sockets are to be closed. */
export async function removeSessionsOf(db: Db, accountId: string, except?: string | null): Promise<string[]> {
  const rows = await db.raw<{ id: string }[]>(
    `delete from sessions where account_id = ?${except ? ' and id <> ?' : ''} returning id`,
    except ? [accountId, except] : [accountId],
  )
  return rows.map(({ id }) => id)
}

export async function removeExpiredSessions(db: Db, now: Date): Promise<void> {
  const { expiry, idle } = alive(now)
  await db('sessions').where('expires_at', '<', expiry).orWhere('seen_at', '<', idle).delete()
}
