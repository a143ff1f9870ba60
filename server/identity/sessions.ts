import { createHash, randomBytes } from 'node:crypto'
import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, newId, problem } from '../sdk/index.ts'

const accessMs = 15 * 60_000
const sessionMs = 30 * 24 * 3_600_000
/** How often `seen_at` is written, so that reading does not mean writing. */
const seenEveryMs = 5 * 60_000

export interface SessionTokens {
  sessionId: string
  cookie: string
  accessToken: string
  refreshToken: string
  expiresAt: string
}

export interface SessionAccount {
  sessionId: string
  id: string
  email: string
  username: string
  displayName: string
  roles: string[]
}

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')
const newToken = (): string => randomBytes(24).toString('base64url')

/** A new session with new secrets (never one the caller brought); only hashes are stored. */
export async function insertSession(
  db: Db,
  accountId: string,
  from: { userAgent: string; address: string },
  now: Date,
): Promise<SessionTokens> {
  const tokens = { sessionId: newId(), cookie: newToken(), accessToken: newToken(), refreshToken: newToken() }
  const expiresAt = isoTime(new Date(now.getTime() + accessMs))
  await db('sessions').insert({
    id: tokens.sessionId,
    accountId,
    cookieHash: hashToken(tokens.cookie),
    accessHash: hashToken(tokens.accessToken),
    accessExpiresAt: expiresAt,
    refreshHash: hashToken(tokens.refreshToken),
    userAgent: from.userAgent.slice(0, 200),
    address: from.address,
    createdAt: isoTime(now),
    seenAt: isoTime(now),
    expiresAt: isoTime(new Date(now.getTime() + sessionMs)),
  })
  return { ...tokens, expiresAt }
}

/** The account behind a cookie or an access token, or null. One query. */
export async function findSession(
  db: Db,
  secret: { cookie: string } | { accessToken: string },
  now: Date,
): Promise<SessionAccount | null> {
  const time = isoTime(now)
  const query = db('sessions')
    .join('accounts', 'accounts.id', 'sessions.account_id')
    .leftJoin('account_roles', 'account_roles.account_id', 'accounts.id')
    .where('accounts.status', 'active')
    .where('sessions.expires_at', '>', time)
    .select(
      'sessions.id as session_id',
      'sessions.seen_at',
      'accounts.id',
      'accounts.email',
      'accounts.username',
      'accounts.display_name',
      'account_roles.role',
    )
  if ('cookie' in secret) query.where('sessions.cookie_hash', hashToken(secret.cookie))
  else
    query
      .where('sessions.access_hash', hashToken(secret.accessToken))
      .where('sessions.access_expires_at', '>', time)
  const rows: (Omit<SessionAccount, 'roles'> & { seenAt: string; role: string | null })[] = await query
  const first = rows[0]
  if (!first) return null
  if (now.getTime() - Date.parse(first.seenAt) > seenEveryMs)
    await db('sessions').where({ id: first.sessionId }).update({ seenAt: time })
  const { role: _role, seenAt: _seenAt, ...account } = first
  return { ...account, roles: rows.flatMap((row) => (row.role ? [row.role] : [])).sort() }
}

/**
 * Trades a refresh token. A spent one ends the whole session (RFC 9700, section 4.14.2: somebody else has it too);
 * of parallel calls with the same token one wins. Resolves to the new secrets and the account's id.
 */
export async function rotateRefreshToken(
  db: Db,
  refreshToken: string,
  now: Date,
): Promise<SessionTokens & { accountId: string }> {
  const refreshHash = hashToken(refreshToken)
  const accessToken = newToken()
  const next = newToken()
  const expiresAt = isoTime(new Date(now.getTime() + accessMs))
  const rows: { id: string; accountId: string }[] = await db('sessions')
    .where({ refreshHash })
    .where('expires_at', '>', isoTime(now))
    .update({
      refreshHash: hashToken(next),
      spentRefreshHash: refreshHash,
      accessHash: hashToken(accessToken),
      accessExpiresAt: expiresAt,
      seenAt: isoTime(now),
    })
    .returning(['id', 'account_id'])
  const row = rows[0]
  if (!row) {
    await db('sessions').where({ spentRefreshHash: refreshHash }).delete()
    throw problem(identity.badRefreshToken)
  }
  return {
    sessionId: row.id,
    accountId: row.accountId,
    cookie: '',
    accessToken,
    refreshToken: next,
    expiresAt,
  }
}

export async function removeSession(db: Db, id: string): Promise<void> {
  await db('sessions').where({ id }).delete()
}

export async function removeSessionsOf(db: Db, accountId: string): Promise<void> {
  await db('sessions').where({ accountId }).delete()
}

export async function removeExpiredSessions(db: Db, now: Date): Promise<void> {
  await db('sessions').where('expires_at', '<', isoTime(now)).delete()
}
