import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { type Call, isoTime, problem } from '../sdk/index.ts'
import { type AccountRow, findAccount, rolesOf, updateAccount } from './accounts.ts'
import { deviceName, knownDevice, markDevice } from './devices.ts'
import { newDeviceMail } from './mails.ts'
import type { IdentityParts } from './parts.ts'
import { presentMe, toAccount } from './present.ts'
import {
  confirmSession,
  hasSessionLike,
  insertSession,
  isRecent,
  type Method,
  renewCookie,
  sessionMs,
} from './sessions.ts'

/**
 * Signs an account in: a session with new secrets, its cookie, a JWT and a refresh token. Throws
 * identity.suspended. An account that was to be deleted stays. `also` is done in the same transaction.
 */
export async function beginSession(
  parts: IdentityParts,
  account: AccountRow,
  call: Call,
  methods: readonly Method[],
  also?: (tx: Db) => Promise<void>,
): Promise<identity.Tokens> {
  const { db } = parts
  const { userAgent, address } = call
  const now = parts.now()
  const admitted = await admit(parts, account)
  const isNewDevice = knownDevice(parts, call, account.id) === null
  // Nobody needs to be told of the sign-in that opened the account.
  const isFirst = now.getTime() - Date.parse(account.createdAt) < 60_000
  const isTold = isNewDevice && !isFirst && !(await hasSessionLike(db, account.id, call))
  const secrets = await db.tx(async (tx) => {
    await also?.(tx)
    const made = await insertSession(tx, account.id, { userAgent, address, methods }, now)
    const device = deviceName(userAgent)
    if (isTold) await parts.mailer.send(tx, newDeviceMail(parts, admitted, { device, address }))
    await parts.audit.record(tx, {
      action: 'session.began',
      actor: admitted,
      subject: account.id,
      detail: { methods, device, isNewDevice },
    })
    return made
  })
  call.setCookie(parts.cookieName, secrets.cookie, { maxAgeMs: sessionMs })
  markDevice(parts, call, account.id)
  const hasSecondFactor = methods.some((method) => method !== 'password' && method !== 'external')
  const { sessionId, refreshToken } = secrets
  const [signed, me] = await Promise.all([
    parts.tokens.sign({ accountId: account.id, sessionId }),
    meOf(parts, admitted, hasSecondFactor),
  ])
  return { ...signed, refreshToken, account: me }
}

/** Lifts a suspension whose time is over and keeps an account that was leaving; throws identity.suspended. */
async function admit(parts: IdentityParts, account: AccountRow): Promise<AccountRow> {
  const { db, audit } = parts
  const now = isoTime(parts.now())
  if (account.status === 'active') return account
  const isOver = account.suspendedUntil !== null && account.suspendedUntil <= now
  if (account.status === 'deleted') throw problem(identity.wrongCredentials)
  if (account.status === 'suspended' && !isOver) throw suspension(account)
  await db.tx(async (tx) => {
    // Its two weeks may be over in this very moment.
    const there = tx('accounts').where({ id: account.id }).whereNot({ status: 'deleted' })
    if (!(await there.forUpdate().first('id'))) throw problem(identity.wrongCredentials)
    await updateAccount(tx, account.id, {
      status: 'active',
      leavesAt: null,
      suspendedUntil: null,
      suspendedReason: null,
    })
    const action = account.status === 'leaving' ? 'account.kept' : 'account.restored'
    await audit.record(tx, { action, actor: null, subject: account.id })
  })
  return (await findAccount(db, account.id)) ?? account
}

/** Told with its reason and its end, which pages write in their language. */
function suspension({ suspendedReason, suspendedUntil }: AccountRow): Error {
  const { title } = identity.suspended
  return problem(identity.suspended, suspendedReason ? `${title} Reason: ${suspendedReason}` : undefined, {
    members: { reason: suspendedReason ?? '', until: suspendedUntil },
  })
}

/** The account as its pages see it, for a session with or without a second factor. */
export async function meOf(
  parts: IdentityParts,
  account: AccountRow,
  hasSecondFactor: boolean,
): Promise<identity.Me> {
  const roles = await rolesOf(parts.db, account.id)
  const session = { ...account, sessionId: '', hasSecondFactor, roles }
  const { needsVerifiedEmail } = parts.settings.site()
  return presentMe(parts.storage, toAccount(session, parts.permissions, needsVerifiedEmail))
}

/**
 * Notes a new proof of who sits there. A browser gets another cookie: the session may do more from now on, and nobody
 * may do so who knew the old one.
 */
export async function noteProof(parts: IdentityParts, tx: Db, call: Call, method: Method): Promise<void> {
  const { sessionId } = call
  if (!sessionId) return
  await confirmSession(tx, sessionId, method, parts.now())
  if (call.header('authorization') !== undefined) return
  const cookie = await renewCookie(tx, sessionId)
  tx.afterCommit(() => call.setCookie(parts.cookieName, cookie, { maxAgeMs: sessionMs }))
}

/** Throws identity.confirm-needed where the last proof of who sits there is older than 15 minutes. */
export async function requireRecent(parts: IdentityParts, call: Call): Promise<void> {
  if (!call.sessionId || !(await isRecent(parts.db, call.sessionId, parts.now())))
    throw problem(identity.confirmNeeded)
}
