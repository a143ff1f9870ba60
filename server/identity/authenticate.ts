import type { IncomingMessage } from 'node:http'
import type { Db } from '../db/index.ts'
import { readCookie } from '../http/call.ts'
import type { Account } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import type { AccessTokens } from './access-tokens.ts'
import { rolesOf } from './accounts.ts'
import { checkAppPassword, isAppPassword } from './app-passwords.ts'
import { toAccount } from './present.ts'
import type { Permissions } from './roles.ts'
import { findSession, type SessionAccount } from './sessions.ts'

interface Parts {
  db: Db
  permissions: Permissions
  keyring: Keyring
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

/** Who is behind a request (bearer token or app password first, then the cookie) or behind a session's id. */
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
  /** A program reads as the account, with none of its permissions and no session. */
  const byAppPassword = async (given: Given, address: string): Promise<Caller> => {
    const account = await checkAppPassword(parts, { ...given, scope: 'api-read', address })
    if (!account) return nobody
    const { id, email, username, displayName, avatarKey, emailVerifiedAt, language, timeZone, theme } =
      account
    const shown = { id, email, username, displayName, avatarKey, emailVerifiedAt, language, timeZone, theme }
    const session = { ...shown, sessionId: '', hasSecondFactor: false, roles: await rolesOf(db, id) }
    return { account: { ...(present(session) as Account), permissions: new Set() }, sessionId: null }
  }
  return {
    byRequest: async (req: IncomingMessage, address: string): Promise<Caller> => {
      const given = givenToRead(req)
      if (given) return byAppPassword(given, address)
      const session = await find(req, address)
      return session ? { account: present(session), sessionId: session.sessionId } : nobody
    },
    bySession: async (sessionId: string): Promise<Account | null> =>
      present(await findSession(db, { sessionId }, null, now())),
  }
}

interface Given {
  username: string
  given: string
}

/**
 * Name and app password (HTTP Basic, RFC 7617) of a request that reads the API; undefined where it has none. What is
 * no app password is a proxy's and means nothing here. Sessions, factors and archives of the account stay closed.
 */
function givenToRead(req: IncomingMessage): Given | undefined {
  const encoded = /^Basic +([\w+/=-]+)$/i.exec(req.headers.authorization ?? '')?.[1]
  if (!encoded || req.headers.upgrade !== undefined || !isReading(req)) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const at = text.indexOf(':')
  const given = text.slice(at + 1)
  return at > 0 && isAppPassword(given) ? { username: text.slice(0, at), given } : undefined
}

function isReading({ method, url = '' }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const path = decoded(url.split('?', 1)[0] ?? '')
  return path === '/api/v1/auth/me' || (path.startsWith('/api/v1/') && !path.startsWith('/api/v1/auth/'))
}

/** As the route is looked up; empty where it cannot be read. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}
