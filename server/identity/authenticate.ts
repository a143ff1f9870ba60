import type { IncomingMessage } from 'node:http'
import type { Db } from '../db/index.ts'
import { readCookie } from '../http/call.ts'
import { type Account, isoTime } from '../sdk/index.ts'
import { findAccount, rolesOf } from './accounts.ts'
import type { Permissions } from './roles.ts'
import { findSession, type SessionAccount } from './sessions.ts'

interface Parts {
  db: Db
  permissions: Permissions
  now: () => Date
  cookieName: string
}

/** Who is behind a request (bearer token first, then the session cookie) or behind a session's id. */
export function createAuthenticate({ db, permissions, now, cookieName }: Parts) {
  const toAccount = ({ sessionId: _sessionId, ...account }: SessionAccount): Account => ({
    ...account,
    permissions: permissions.of(account.roles),
  })
  return {
    byRequest: async (
      req: IncomingMessage,
    ): Promise<{ account: Account | null; sessionId: string | null }> => {
      const secret = secretOf(req, cookieName)
      const session = secret ? await findSession(db, secret, now()) : null
      return session
        ? { account: toAccount(session), sessionId: session.sessionId }
        : { account: null, sessionId: null }
    },
    bySession: async (sessionId: string): Promise<Account | null> => {
      const row: { accountId: string } | undefined = await db('sessions')
        .where({ id: sessionId })
        .where('expires_at', '>', isoTime(now()))
        .first('account_id')
      const account = row ? await findAccount(db, row.accountId) : null
      if (account?.status !== 'active') return null
      const roles = await rolesOf(db, account.id)
      const { id, username, displayName, email } = account
      return { id, username, displayName, email, roles, permissions: permissions.of(roles) }
    },
  }
}

function secretOf(
  req: IncomingMessage,
  cookieName: string,
): { cookie: string } | { accessToken: string } | null {
  const bearer = /^Bearer ([\w-]{10,200})$/.exec(req.headers.authorization ?? '')?.[1]
  if (bearer) return { accessToken: bearer }
  const cookie = readCookie(req, cookieName)
  return cookie ? { cookie } : null
}
