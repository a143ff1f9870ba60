import type { IncomingMessage } from 'node:http'
import type { Db } from '../db/index.ts'
import { readCookie } from '../http/call.ts'
import type { Account } from '../sdk/index.ts'
import type { AccessTokens } from './access-tokens.ts'
import { toAccount } from './present.ts'
import type { Permissions } from './roles.ts'
import { findSession, type SessionAccount } from './sessions.ts'

interface Parts {
  db: Db
  permissions: Permissions
  tokens: AccessTokens
  needsVerifiedEmail: () => boolean
  now: () => Date
  cookieName: string
}

interface Caller {
  account: Account | null
  sessionId: string | null
}

const nobody: Caller = { account: null, sessionId: null }

/** Who is behind a request (bearer token first, then the session cookie) or behind a session's id. */
export function createAuthenticate(parts: Parts) {
  const { db, permissions, tokens, now, cookieName } = parts
  const present = (session: SessionAccount | null): Account | null =>
    session && toAccount(session, permissions, parts.needsVerifiedEmail())
  const find = async (req: IncomingMessage, address: string): Promise<SessionAccount | null> => {
    const header = req.headers.authorization ?? ''
    // A token that is given is what counts, good or not: it never falls back to the cookie.
    if (/^Bearer /i.test(header)) {
      const claims = await tokens.verify(header.slice(7).trim())
      return claims && findSession(db, { sessionId: claims.sessionId }, { address }, now())
    }
    const cookie = readCookie(req, cookieName)
    return cookie ? findSession(db, { cookie }, { address }, now()) : null
  }
  return {
    byRequest: async (req: IncomingMessage, address: string): Promise<Caller> => {
      const session = await find(req, address)
      return session ? { account: present(session), sessionId: session.sessionId } : nobody
    },
    bySession: async (sessionId: string): Promise<Account | null> =>
      present(await findSession(db, { sessionId }, null, now())),
  }
}
