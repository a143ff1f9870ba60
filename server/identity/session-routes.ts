import { identity, notFound } from '#contract'
import { problem } from '../sdk/index.ts'
import { findAccount, updateAccount } from './accounts.ts'
import { meOf } from './begin-session.ts'
import { deviceName } from './devices.ts'
import type { IdentityParts } from './parts.ts'
import { presentMe } from './present.ts'
import {
  getSessionRow,
  listSessionsOf,
  removeSession,
  removeSessionOf,
  removeSessionsOf,
  rotateRefreshToken,
} from './sessions.ts'

/** The sessions of an account: renewing, listing and ending them, and who is signed in. */
export function sessionRoutes(parts: IdentityParts): void {
  const { db, router, audit } = parts
  router.handle(identity.refresh, async ({ body }) => {
    const traded = await rotateRefreshToken(db, body.refreshToken, parts.now())
    if (traded.state === 'reused') {
      const { accountId, sessionId } = traded
      await audit.record(db, { action: 'session.token-reused', actor: null, subject: accountId })
      parts.closeSession(sessionId)
    }
    if (traded.state !== 'traded') throw problem(identity.badRefreshToken)
    const account = await findAccount(db, traded.accountId)
    if (account?.status !== 'active') throw problem(identity.badRefreshToken)
    const session = await getSessionRow(db, traded.sessionId)
    const signed = await parts.tokens.sign(traded)
    return {
      ...signed,
      refreshToken: traded.refreshToken,
      account: await meOf(parts, account, session?.hasSecondFactor ?? false),
    }
  })

  router.handle(identity.logout, async (_input, call) => {
    call.setCookie(parts.cookieName, null)
    const { sessionId } = call
    if (!sessionId) return
    await db.tx(async (tx) => {
      await removeSession(tx, sessionId)
      await audit.record(tx, { action: 'session.ended', actor: call.me, subject: call.me.id })
    })
    parts.closeSession(sessionId)
  })

  router.handle(identity.logoutAll, async (_input, call) => {
    call.setCookie(parts.cookieName, null)
    await endSessions(parts, call.me.id)
    await audit.record(db, { action: 'session.ended-everywhere', actor: call.me, subject: call.me.id })
  })

  router.handle(identity.listSessions, async (_input, call) => {
    const rows = await listSessionsOf(db, call.me.id, parts.now())
    return {
      items: rows.map(({ id, userAgent, address, methodsJson, createdAt, seenAt }) => ({
        id,
        device: deviceName(userAgent),
        address,
        methods: methodsJson,
        isCurrent: id === call.sessionId,
        createdAt,
        seenAt,
      })),
    }
  })

  router.handle(identity.endSession, async ({ params }, call) => {
    if (!(await removeSessionOf(db, call.me.id, params.id))) throw problem(notFound)
    parts.closeSession(params.id)
    await audit.record(db, { action: 'session.ended', actor: call.me, subject: call.me.id })
  })

  router.handle(identity.endOtherSessions, async (_input, call) => {
    const ended = await endSessions(parts, call.me.id, call.sessionId)
    await audit.record(db, { action: 'session.others-ended', actor: call.me, subject: call.me.id })
    return { ended }
  })

  router.handle(identity.me, (_input, call) => presentMe(parts.storage, call.me))
  router.handle(identity.updateMe, async ({ body }, call) => {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    await db.tx(async (tx) => {
      await updateAccount(tx, call.me.id, given)
      const detail = { fields: Object.keys(given) }
      await audit.record(tx, { action: 'account.changed', actor: call.me, subject: call.me.id, detail })
      if (body.displayName !== undefined)
        await parts.events.emit(tx, identity.accountRenamed, { accountId: call.me.id })
    })
    return presentMe(parts.storage, { ...call.me, ...given })
  })
  router.handle(identity.jwks, async (_input, call) => {
    call.setHeader('cache-control', 'public, max-age=300')
    return { keys: (await parts.tokens.publicKeys()) as Record<string, unknown>[] }
  })
}

/** Ends every session of an account but `except`, and their open sockets; resolves to how many there were. */
export async function endSessions(
  parts: Pick<IdentityParts, 'db' | 'closeSession'>,
  accountId: string,
  except?: string | null,
): Promise<number> {
  const ids = await removeSessionsOf(parts.db, accountId, except)
  for (const id of ids) parts.closeSession(id)
  return ids.length
}
