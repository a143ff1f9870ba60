import { identity, notFound } from '#contract'
import type { Db } from '../db/index.ts'
import { VezaError } from '../errors.ts'
import { isoTime, problem } from '../sdk/index.ts'
import { deleteAccountNow } from './account-deletion.ts'
import {
  type AccountRow,
  findAccount,
  findByLogin,
  insertAccount,
  type NewAccount,
  noPassword,
  rolesOf,
  setPasswordHash,
  setRoles,
  updateAccount,
} from './accounts.ts'
import { markChangeOfPeople } from './change-mark.ts'
import { endSessionsWithin } from './end-sessions.ts'
import { removeFactorsOf } from './factors.ts'
import { sendResetLink } from './forgot.ts'
import type { IdentityParts } from './parts.ts'
import { knownRoles } from './role-changes.ts'
import { removeSessionOf } from './sessions.ts'
import { factorsResetMail, welcomeMail } from './staff-mails.ts'
import { type Actor, keepAnOwner, refuseSelf, requireAbove } from './standing.ts'
import { forgive } from './throttle.ts'
import { insertTicket, removeTicketsOf } from './tickets.ts'

/** How long somebody may take to choose their first password. */
const welcomeMs = 7 * 24 * 3_600_000

/** For the CLI; throws a sentence with its remedy. */
export async function getByLogin(db: Db, login: string): Promise<AccountRow> {
  const account = await findByLogin(db, login)
  if (!account || account.status === 'deleted')
    throw new VezaError(`There is no account "${login}".`, '`veza user list` shows all accounts.')
  return account
}

/** Changes an account in one transaction, where the actor stands above it; then open sockets are looked at again. */
async function change(
  parts: IdentityParts,
  actor: Actor,
  accountId: string,
  work: (tx: Db, account: AccountRow) => Promise<void>,
): Promise<AccountRow> {
  await parts.db.tx(async (tx) => {
    const account = await findAccount(tx, accountId)
    if (!account || account.status === 'deleted') throw problem(notFound)
    requireAbove(parts, actor, await rolesOf(tx, accountId))
    await work(tx, account)
    await markChangeOfPeople(tx)
    tx.afterCommit(parts.recheckSockets)
  })
  return (await findAccount(parts.db, accountId)) as AccountRow
}

/** Opens an account for somebody; without a password they get a link to choose one. Throws identity.taken. */
export async function addAccount(
  parts: IdentityParts,
  actor: Actor,
  wish: Pick<NewAccount, 'email' | 'username' | 'displayName' | 'roles'> & {
    language: string | null
    passwordHash?: string
  },
): Promise<AccountRow> {
  const { db, events, audit } = parts
  const { language, passwordHash, ...columns } = wish
  const roles = knownRoles(parts, wish.roles)
  requireAbove(parts, actor, roles)
  return db.tx(async (tx) => {
    // Who runs the machine and gives a password answers for the address, too.
    const emailVerifiedAt = passwordHash ? isoTime(parts.now()) : null
    const account = await insertAccount(tx, {
      ...columns,
      roles,
      passwordHash: passwordHash ?? noPassword,
      emailVerifiedAt,
    })
    await updateAccount(tx, account.id, { language })
    if (!passwordHash) await sendWelcome(parts, tx, { ...account, language })
    await events.emit(tx, identity.accountRegistered, { accountId: account.id })
    await audit.record(tx, { action: 'account.added', actor, subject: account.id, detail: { roles } })
    return account
  })
}

async function sendWelcome(parts: IdentityParts, tx: Db, account: AccountRow): Promise<void> {
  const token = await insertTicket(tx, {
    purpose: 'reset',
    accountId: account.id,
    payload: { email: account.email },
    ttlMs: welcomeMs,
    now: parts.now(),
  })
  await parts.mailer.send(tx, welcomeMail(parts, account, token))
}

/** Gives an account these roles; the actor must have all that is given or taken. Throws identity.last-owner. */
export function setAccountRoles(
  parts: IdentityParts,
  actor: Actor,
  accountId: string,
  choose: (before: string[]) => string[],
): Promise<AccountRow> {
  return change(parts, actor, accountId, async (tx, account) => {
    const before = await rolesOf(tx, accountId)
    const after = knownRoles(parts, choose(before), before)
    const given = after.filter((role) => !before.includes(role))
    const taken = before.filter((role) => !after.includes(role))
    if (given.length + taken.length === 0) return
    requireAbove(parts, actor, [...given, ...taken])
    if (taken.includes('owner')) await keepAnOwner(tx, account)
    await setRoles(tx, accountId, after)
    const detail = { given, taken, roles: after }
    await parts.audit.record(tx, { action: 'account.roles-changed', actor, subject: accountId, detail })
  })
}

/** Keeps somebody out, for a time or until it is lifted: sessions and sockets end at once. */
export function suspendAccount(
  parts: IdentityParts,
  actor: Actor,
  accountId: string,
  { reason, minutes }: { reason: string; minutes: number | null },
): Promise<AccountRow> {
  refuseSelf(actor, accountId)
  return change(parts, actor, accountId, async (tx, account) => {
    await keepAnOwner(tx, account)
    const until = minutes === null ? null : isoTime(new Date(parts.now().getTime() + minutes * 60_000))
    await updateAccount(tx, accountId, {
      status: 'suspended',
      suspendedReason: reason || null,
      suspendedUntil: until,
    })
    await endSessionsWithin(parts, tx, accountId)
    await parts.events.emit(tx, identity.accountSuspended, { accountId })
    const detail = { reason, until }
    await parts.audit.record(tx, { action: 'account.suspended', actor, subject: accountId, detail })
  })
}

/** Lifts a suspension, or keeps an account that was to be deleted; who was both is to be deleted still. */
export function restoreAccount(parts: IdentityParts, actor: Actor, accountId: string): Promise<AccountRow> {
  return change(parts, actor, accountId, async (tx, account) => {
    if (account.status === 'active') return
    // One that began in the very moment of the suspension would come back to life.
    if (account.status === 'suspended') await endSessionsWithin(parts, tx, accountId)
    const leavesAt = account.status === 'suspended' ? account.leavesAt : null
    await updateAccount(tx, accountId, {
      status: leavesAt ? 'leaving' : 'active',
      leavesAt,
      suspendedReason: null,
      suspendedUntil: null,
    })
    await parts.audit.record(tx, { action: 'account.restored', actor, subject: accountId })
  })
}

/** Signs an account out everywhere, or out of one session; resolves to how many ended. */
export async function endAccountSessions(
  parts: IdentityParts,
  actor: Actor,
  accountId: string,
  sessionId?: string,
): Promise<number> {
  let count = 0
  await change(parts, actor, accountId, async (tx) => {
    count = sessionId
      ? await endOne(parts, tx, accountId, sessionId)
      : await endSessionsWithin(parts, tx, accountId)
    const detail = { ended: count }
    await parts.audit.record(tx, { action: 'account.sessions-ended', actor, subject: accountId, detail })
  })
  return count
}

async function endOne(parts: IdentityParts, tx: Db, accountId: string, id: string): Promise<number> {
  if (!(await removeSessionOf(tx, accountId, id)))
    throw problem(notFound, 'This account has no such session.')
  tx.afterCommit(() => parts.closeSession(id))
  return 1
}

/** For somebody who lost their second factors: takes them away, signs out, and tells them. */
export function resetFactors(parts: IdentityParts, actor: Actor, accountId: string): Promise<AccountRow> {
  refuseSelf(actor, accountId)
  return change(parts, actor, accountId, async (tx, account) => {
    await removeFactorsOf(tx, accountId)
    await endSessionsWithin(parts, tx, accountId)
    await parts.mailer.send(tx, factorsResetMail(parts, account))
    await parts.audit.record(tx, { action: 'account.factors-reset', actor, subject: accountId })
  })
}

export async function mailPasswordLink(parts: IdentityParts, actor: Actor, accountId: string): Promise<void> {
  await change(parts, actor, accountId, async (tx, account) => {
    await sendResetLink(parts, tx, account)
    await parts.audit.record(tx, { action: 'account.password-link-sent', actor, subject: accountId })
  })
}

/** Deletes an account for good, at once. */
export async function removeAccount(parts: IdentityParts, actor: Actor, accountId: string): Promise<void> {
  refuseSelf(actor, accountId)
  await change(parts, actor, accountId, async (tx, account) => {
    await keepAnOwner(tx, account)
    await endSessionsWithin(parts, tx, accountId)
    await parts.audit.record(tx, { action: 'account.deleted', actor, subject: accountId })
    await deleteAccountNow(parts, tx, accountId)
  })
}

/** Sets a new password and ends every session made with the old one. */
export function replacePassword(
  parts: IdentityParts,
  actor: Actor,
  accountId: string,
  passwordHash: string,
): Promise<AccountRow> {
  return change(parts, actor, accountId, async (tx) => {
    await setPasswordHash(tx, accountId, passwordHash)
    await removeTicketsOf(tx, accountId, ['reset', 'second-factor'])
    await forgive(tx, `account:${accountId}`, true)
    await endSessionsWithin(parts, tx, accountId)
    await parts.audit.record(tx, { action: 'account.password-reset', actor, subject: accountId })
  })
}

/** A username made of what is before the @: `Anna.Bell@x` -> `anna-bell`. */
export function usernameOf(email: string): string {
  const name = (email.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .slice(0, 30)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  return name.length >= 2 ? name : 'person'
}
