import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { addressBlock } from '../sdk/address-block.ts'
import { type Call, isoTime, newId, problem } from '../sdk/index.ts'
import { type AccountRow, insertAccount, isTaken, type NewAccount } from './accounts.ts'
import { beginSession } from './begin-session.ts'
import { spendInvitation } from './invitations.ts'
import type { IdentityParts } from './parts.ts'
import { refuseWeakPassword, wordsAbout } from './password-policy.ts'
import { hashPassword } from './passwords.ts'
import { takenRule, takeTry } from './throttle.ts'
import { isReserved, refuseLookalike } from './usernames.ts'
import { sendVerification } from './verification.ts'

/** Opening an account by address and password. */
export function registerRoutes(parts: IdentityParts): void {
  parts.router.handle(identity.register, async ({ body }, call) => {
    refuseClosed(parts, body.invitation)
    refuseName(body.username)
    await refuseWeakPassword(body.password, wordsAbout(parts, body), { language: call.language })
    const { email, username, displayName } = body
    await refuseTakenSlowly(parts, call, body)
    const passwordHash = await hashPassword(body.password)
    const account = await openAccount(parts, {
      account: { email, username, displayName, passwordHash },
      invitation: body.invitation,
      acceptsTerms: body.acceptsTerms ?? false,
      address: call.address,
      language: call.language,
    })
    return beginSession(parts, account, call, ['password'])
  })
}

/** Trying out which names and addresses are taken gets slower; opening accounts does not. */
async function refuseTakenSlowly(
  { db, now }: IdentityParts,
  call: Call,
  { email, username }: { email: string; username: string },
): Promise<void> {
  if (!(await isTaken(db, { email, username }))) return
  await takeTry(db, [{ key: `register:${addressBlock(call.address)}`, rule: takenRule }], now())
  throw problem(identity.taken)
}

interface Opening {
  account: Omit<NewAccount, 'roles'>
  invitation: string | undefined
  acceptsTerms: boolean
  address: string
  language: string
  /** More to do in the same transaction. */
  also?: (db: Db, account: AccountRow) => Promise<void>
}

/**
 * Opens an account by the label's rules: by invitation or freely, with its consent to the terms, and a mail to
 * confirm the address. Throws identity.taken, .bad-invitation, .terms-needed.
 */
export async function openAccount(parts: IdentityParts, opening: Opening): Promise<AccountRow> {
  const { db, audit, events } = parts
  const terms = termsOf(parts)
  if (terms && !opening.acceptsTerms) throw problem(identity.termsNeeded)
  return db.tx(async (tx) => {
    const role = opening.invitation ? await spendInvitation(tx, opening.invitation, parts.now()) : 'member'
    const { language } = opening
    await refuseLookalike(tx, opening.account.username)
    const account = await insertAccount(tx, { ...opening.account, language, roles: [role] })
    if (terms) await insertConsents(tx, account.id, terms.version, opening.address, parts.now())
    await opening.also?.(tx, account)
    if (!account.emailVerifiedAt) await sendVerification(parts, tx, account)
    await events.emit(tx, identity.accountRegistered, { accountId: account.id })
    await audit.record(tx, {
      action: 'account.registered',
      actor: null,
      subject: account.id,
      detail: { role, isInvited: opening.invitation !== undefined },
    })
    return account
  })
}

/** Throws where the label takes nobody, or nobody without an invitation. */
export function refuseClosed(parts: IdentityParts, invitation: string | undefined): void {
  const { registration } = parts.settings.site()
  if (registration === 'closed' && !invitation) throw problem(identity.registrationClosed)
  if (registration === 'invitation' && !invitation) throw problem(identity.invitationNeeded)
}

export function refuseName(username: string): void {
  if (isReserved(username)) throw problem(identity.taken, `"${username}" is kept for the label.`)
}

/** What a newcomer has to agree to: the version changes with the text. Null where the label shows none. */
export function termsOf({ settings }: Pick<IdentityParts, 'settings'>): { version: string } | null {
  return settings.terms()
}

async function insertConsents(
  db: Db,
  accountId: string,
  version: string,
  address: string,
  now: Date,
): Promise<void> {
  const consent = { accountId, version, givenAt: isoTime(now), address }
  await db('consents').insert(['terms', 'privacy'].map((kind) => ({ id: newId(), kind, ...consent })))
}
