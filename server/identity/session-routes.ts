import { identity, notFound } from '#contract'
import type { Db } from '../db/index.ts'
import { problem } from '../sdk/index.ts'
import { findAccount, updateAccount } from './accounts.ts'
import { meOf } from './begin-session.ts'
import { deviceName } from './devices.ts'
import { endSessionsWithin } from './end-sessions.ts'
import { tokenReusedMail } from './mails.ts'
import type { IdentityParts } from './parts.ts'
import { presentMe } from './present.ts'
import {
  getSessionRow,
  listSessionsOf,
  removeSession,
  removeSessionOf,
  rotateRefreshToken,
} from './sessions.ts'

/** The sessions of an account: renewing, listing and ending them, and who is signed in. */
export function sessionRoutes(parts: IdentityParts): void {
  const { db, router, audit } = parts
  router.handle(identity.refresh, async ({ body }) => {
    const traded = await db.tx((tx) => trade(parts, tx, body.refreshToken))
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
    await db.tx(async (tx) => {
      await endSessionsWithin(parts, tx, call.me.id)
      await audit.record(tx, { action: 'session.ended-everywhere', actor: call.me, subject: call.me.id })
    })
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
    await db.tx(async (tx) => {
      if (!(await removeSessionOf(tx, call.me.id, params.id))) throw problem(notFound)
      tx.afterCommit(() => parts.closeSession(params.id))
      await audit.record(tx, { action: 'session.ended', actor: call.me, subject: call.me.id })
    })
  })

  router.handle(identity.endOtherSessions, (_input, call) =>
    db.tx(async (tx) => {
      const ended = await endSessionsWithin(parts, tx, call.me.id, call.sessionId)
      await audit.record(tx, { action: 'session.others-ended', actor: call.me, subject: call.me.id })
      return { ended }
    }),
  )

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

/** Trades a refresh token; where somebody used it before, its session is over and the holder is told. */
async function trade(parts: IdentityParts, tx: Db, refreshToken: string) {
  const traded = await rotateRefreshToken(tx, refreshToken, parts.now())
  if (traded.state !== 'reused') return traded
  const { accountId, sessionId, userAgent } = traded
  tx.afterCommit(() => parts.closeSession(sessionId))
  await parts.audit.record(tx, { action: 'session.token-reused', actor: null, subject: accountId })
  const account = await findAccount(tx, accountId)
  if (account?.status === 'active')
    await parts.mailer.send(tx, tokenReusedMail(parts, account, deviceName(userAgent)))
  return traded
}
