import { createHash } from 'node:crypto'
import { identity, invalidInput } from '#contract'
import type { Db } from '../db/index.ts'
import { addressBlock } from '../sdk/address-block.ts'
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
    // Looked up while the password is compared, for unknown names as well: neither costs time then.
    const [settle, methods] = await Promise.all([
      comparePassword(parts, call, { account, name, password: body.password }),
      secondFactorMethods(db, account?.id ?? nobody),
    ])
    if (!account) throw problem(identity.wrongCredentials)
    if (methods.length === 0) return beginSession(parts, account, call, ['password'], settle)
    const asked = await db.tx(async (tx) => {
      await settle(tx)
      return insertSecondFactorTicket(tx, account, { method: 'password', methods, now: parts.now() })
    })
    throw problem(identity.secondFactorNeeded, undefined, { members: { ...asked } })
  })
}

/** No account has this id. */
const nobody = '00000000-0000-0000-0000-000000000000'

interface GivenPassword {
  account: AccountRow | null
  /** As it was typed. */
  name: string
  password: string
}

/**
 * Compares a password, with the waits after wrong ones; an unknown account costs the same time and waits. Throws
 * identity.wrong-credentials or .slow-down.
 */
export async function provePassword(parts: IdentityParts, call: Call, given: GivenPassword): Promise<void> {
  await parts.db.tx(await comparePassword(parts, call, given))
}

/** The same; what it answers takes the try back, in a transaction that the caller has anyway. */
async function comparePassword(
  parts: IdentityParts,
  call: Call,
  { account, name, password }: GivenPassword,
): Promise<(tx: Db) => Promise<void>> {
  const { db } = parts
  const keys = triesOf(parts, call, account, name)
  await takeTry(db, keys, parts.now())
  if (!(await checkPassword(account?.passwordHash ?? null, password)) || !account) {
    // The same writes for an unknown name, which is not kept: it may be a password in the wrong field.
    const subject = account ? { subject: account.id } : {}
    await parts.audit.record(db, { action: 'session.refused', actor: null, ...subject })
    await noteFailure(parts, call.address, account?.id ?? name)
    throw problem(identity.wrongCredentials)
  }
  const { id, passwordHash } = account
  const renewed = isOutdated(passwordHash) ? await hashPassword(password) : null
  return async (tx) => {
    for (const { key, rule } of keys) await forgive(tx, key, rule !== addressRule)
    await forgetFailure(tx, call.address, id)
    if (renewed) await setPasswordHash(tx, id, renewed)
  }
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

/** A ticket for the second step; null where the account has none set up. */
export async function askSecondFactor(
  parts: IdentityParts,
  account: AccountRow,
  method: Method,
): Promise<identity.SecondFactorTicket | null> {
  const methods = await secondFactorMethods(parts.db, account.id)
  if (methods.length === 0) return null
  return insertSecondFactorTicket(parts.db, account, { method, methods, now: parts.now() })
}

async function insertSecondFactorTicket(
  db: Db,
  account: AccountRow,
  { method, methods, now }: { method: Method; methods: identity.SecondFactorTicket['methods']; now: Date },
): Promise<identity.SecondFactorTicket> {
  const ticket = await insertTicket(db, {
    purpose: 'second-factor',
    accountId: account.id,
    payload: { methods: [method] },
    ttlMs: ticketMs,
    now,
  })
  return { ticket, methods }
}
