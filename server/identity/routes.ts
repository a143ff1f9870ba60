import { identity, invalidInput } from '#contract'
import type { Db } from '../db/index.ts'
import type { Account, Audit, Call, Router } from '../sdk/index.ts'
import { problem } from '../sdk/index.ts'
import type { SettingsStore } from '../settings/site-settings.ts'
import {
  type AccountRow,
  findAccount,
  findByLogin,
  hasOwner,
  insertAccount,
  isReserved,
  rolesOf,
  setDisplayName,
} from './accounts.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import type { Permissions } from './roles.ts'
import { insertSession, removeSession, rotateRefreshToken, type SessionTokens } from './sessions.ts'
import { isSetUpToken, spendSetUpToken } from './set-up.ts'

export interface IdentityParts {
  db: Db
  router: Router
  settings: SettingsStore
  permissions: Permissions
  audit: Audit
  now: () => Date
  cookieName: string
  /** Ends open sockets of a session that was ended. */
  closeSession: (sessionId: string) => void
  /** Told when the site has got its owner. */
  ownerMade: () => Promise<void>
}

const cookieMs = 30 * 24 * 3_600_000

/** Accounts, sign-in and the first owner. */
export function identityRoutes(parts: IdentityParts): void {
  const { db, router } = parts
  router.handle(identity.register, async ({ body }, call) => {
    if (parts.settings.site().registration === 'closed') throw problem(identity.registrationClosed)
    refuseReserved(body.username)
    const passwordHash = await hashPassword(body.password)
    return db.tx(async (tx) => {
      const account = await insertAccount(tx, {
        email: body.email,
        username: body.username,
        displayName: body.displayName,
        passwordHash,
        roles: ['member'],
      })
      await parts.audit.record(tx, { action: 'account.registered', actor: null, subject: account.id })
      return signIn(parts, tx, account, call)
    })
  })

  router.handle(identity.login, async ({ body }, call) => {
    const name = body.login ?? body.email
    if (!name)
      throw problem(invalidInput, undefined, {
        errors: [{ pointer: '/login', message: 'Write your e-mail address or username.' }],
      })
    const account = await findByLogin(db, name)
    if (!(await checkPassword(account?.passwordHash ?? null, body.password)) || !account)
      throw problem(identity.wrongCredentials)
    if (account.status !== 'active') throw problem(identity.suspended)
    return db.tx((tx) => signIn(parts, tx, account, call))
  })

  router.handle(identity.refresh, async ({ body }) => {
    const { accountId, ...tokens } = await rotateRefreshToken(db, body.refreshToken, parts.now())
    const account = await findAccount(db, accountId)
    if (account?.status !== 'active') throw problem(identity.badRefreshToken)
    return {
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      expiresAt: tokens.expiresAt,
      account: await meOf(parts, db, account),
    }
  })

  router.handle(identity.logout, async (_input, call) => {
    call.setCookie(parts.cookieName, null)
    if (!call.sessionId) return
    await removeSession(db, call.sessionId)
    parts.closeSession(call.sessionId)
  })

  router.handle(identity.me, (_input, call) => presentMe(call.me))
  router.handle(identity.updateMe, async ({ body }, call) => {
    await setDisplayName(db, call.me.id, body.displayName)
    return presentMe({ ...call.me, displayName: body.displayName })
  })
  setUpRoutes(parts)
}

function setUpRoutes(parts: IdentityParts): void {
  const { db, router } = parts
  router.handle(identity.setUpState, async ({ query }) => {
    const isDone = await hasOwner(db)
    return {
      isDone,
      isTokenGood: !isDone && query.token !== undefined && (await isSetUpToken(db, query.token)),
    }
  })
  router.handle(identity.setUp, async ({ body }, call) => {
    if (await hasOwner(db)) throw problem(identity.setUpDone)
    const passwordHash = await hashPassword(body.password)
    const signedIn = await db.tx(async (tx) => {
      if (!(await spendSetUpToken(tx, body.token))) throw problem(identity.badSetUpLink)
      const account = await insertAccount(tx, {
        email: body.email,
        username: body.username,
        passwordHash,
        roles: ['owner'],
      })
      if (body.title) await parts.settings.updateSite(tx, { title: body.title })
      await parts.audit.record(tx, { action: 'site.set-up', actor: null, subject: account.id })
      return signIn(parts, tx, account, call)
    })
    await parts.ownerMade()
    return signedIn
  })
}

async function signIn(parts: IdentityParts, db: Db, account: AccountRow, call: Call) {
  const tokens: SessionTokens = await insertSession(db, account.id, call, parts.now())
  call.setCookie(parts.cookieName, tokens.cookie, { maxAgeMs: cookieMs })
  return {
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresAt: tokens.expiresAt,
    account: await meOf(parts, db, account),
  }
}

async function meOf(parts: IdentityParts, db: Db, account: AccountRow): Promise<identity.Me> {
  const roles = await rolesOf(db, account.id)
  return presentMe({ ...account, roles, permissions: parts.permissions.of(roles) })
}

export function presentMe(account: Account): identity.Me {
  const { id, email, username, displayName, roles } = account
  return { id, email, username, displayName, roles, permissions: [...account.permissions].sort() }
}

function refuseReserved(username: string): void {
  if (isReserved(username)) throw problem(identity.taken, `"${username}" is kept for the label.`)
}
