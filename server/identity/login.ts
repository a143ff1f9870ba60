import { createHash } from 'node:crypto'
import { identity, invalidInput } from '#contract'
import { addressBlock } from '../http/address-block.ts'
import { type Call, problem } from '../sdk/index.ts'
import { type AccountRow, findByLogin, setPasswordHash } from './accounts.ts'
import { forgetFailure, noteFailure } from './address-bans.ts'
import { beginSession } from './begin-session.ts'
import { knownDevice } from './devices.ts'
import { secondFactorMethods } from './factors.ts'
import type { IdentityParts } from './parts.ts'
import { checkPassword, hashPassword, isOutdated } from './passwords.ts'
import type { Method } from './sessions.ts'
import { accountRule, addressRule, forgive, type ThrottleKey, takeTry } from './throttle.ts'
import { insertTicket } from './tickets.ts'

/** How long the second step may take. */
const ticketMs = 10 * 60_000

/** Signing in by password. */
export function loginRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.login, async ({ body }, call) => {
    const name = body.login ?? body.email
    if (!name)
      throw problem(invalidInput, undefined, {
        errors: [{ pointer: '/login', message: 'Write your e-mail address or username.' }],
      })
    const account = await findByLogin(db, name)
    await provePassword(parts, call, { account, name, password: body.password })
    if (!account) throw problem(identity.wrongCredentials)
    return passFirstFactor(parts, account, call, 'password')
  })
}

/**
 * Compares a password, with the waits after wrong ones; an unknown account costs the same time and waits. Throws
 * identity.wrong-credentials or .slow-down.
 */
export async function provePassword(
  parts: IdentityParts,
  call: Call,
  { account, name, password }: { account: AccountRow | null; name: string; password: string },
): Promise<void> {
  const { db } = parts
  const now = parts.now()
  const keys = triesOf(parts, call, account, name)
  await takeTry(db, keys, now)
  if (!(await checkPassword(account?.passwordHash ?? null, password)) || !account) {
    if (account) await parts.audit.record(db, { action: 'session.refused', actor: null, subject: account.id })
    await noteFailure(parts, call.address, account?.id ?? name)
    throw problem(identity.wrongCredentials)
  }
  for (const { key, rule } of keys) await forgive(db, key, rule !== addressRule)
  await forgetFailure(db, call.address, account.id)
  if (isOutdated(account.passwordHash)) await setPasswordHash(db, account.id, await hashPassword(password))
}

/** The counters a try falls on: the account's, or that of a device it was used on before; and the address's. */
function triesOf(parts: IdentityParts, call: Call, account: AccountRow | null, name: string): ThrottleKey[] {
  const device = account && knownDevice(parts, call, account.id)
  const unknown = `name:${createHash('sha256').update(name.trim().toLowerCase()).digest('base64url')}`
  const who = device ? `device:${device}` : account ? `account:${account.id}` : unknown
  return [
    { key: who, rule: accountRule },
    { key: `address:${addressBlock(call.address)}`, rule: addressRule },
  ]
}

/** Begins a session, or asks for the second factor where the account has one: identity.second-factor-needed. */
export async function passFirstFactor(
  parts: IdentityParts,
  account: AccountRow,
  call: Call,
  method: Method,
): Promise<identity.Tokens> {
  const asked = await askSecondFactor(parts, account, method)
  if (!asked) return beginSession(parts, account, call, [method])
  throw problem(identity.secondFactorNeeded, undefined, { members: { ...asked } })
}

/** A ticket for the second step; null where the account has none set up. */
export async function askSecondFactor(
  parts: IdentityParts,
  account: AccountRow,
  method: Method,
): Promise<identity.SecondFactorTicket | null> {
  const methods = await secondFactorMethods(parts.db, account.id)
  if (methods.length === 0) return null
  const ticket = await insertTicket(parts.db, {
    purpose: 'second-factor',
    accountId: account.id,
    payload: { methods: [method] },
    ttlMs: ticketMs,
    now: parts.now(),
  })
  return { ticket, methods }
}
