import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, problem } from '../sdk/index.ts'
import { type AccountRow, findAccount, updateAccount } from './accounts.ts'
import { removeFactorsOf } from './factors.ts'
import type { ResetPayload } from './forgot.ts'
import { setNewPassword } from './new-password.ts'
import type { IdentityParts } from './parts.ts'
import { refuseWeakPassword, wordsAbout } from './password-policy.ts'
import { hashPassword } from './passwords.ts'
import { findTicket, removeTicketsOf, type Ticket, takeTicket } from './tickets.ts'

/** Setting a password by the mailed link. It signs nobody in, and leaves second factors on where the address was confirmed before. */
export function resetRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.reset, async ({ body: { token, password } }, call) => {
    // Looked at first: a password that is refused does not cost the link.
    const known = await findTicket<ResetPayload>(db, 'reset', token, parts.now())
    const { language } = call
    await refuseWeakPassword(password, wordsAbout(parts, await holderOf(db, known)), { language })
    const passwordHash = await hashPassword(password)
    await db.tx(async (tx) => {
      const ticket = await takeTicket<ResetPayload>(tx, 'reset', token, parts.now())
      const account = await holderOf(tx, ticket)
      if (account.emailVerifiedAt === null) await trustAddress(tx, account, parts.now())
      await removeTicketsOf(tx, account.id, ['verify', 'change-email'])
      await setNewPassword(parts, tx, { account, call, change: { passwordHash, action: 'password.reset' } })
    })
  })
}

/** Throws identity.bad-link where the link is spent, or its account is gone or has another address. */
async function holderOf(db: Db, ticket: Ticket<ResetPayload> | null): Promise<AccountRow> {
  const account = ticket?.accountId ? await findAccount(db, ticket.accountId) : null
  if (!account || account.status === 'deleted' || account.email !== ticket?.payload.email)
    throw problem(identity.badLink)
  return account
}

/**
 * The link proves the address for the first time. Whoever opened the account may have been somebody else, waiting for
 * its holder to move in: what lets them in beside the password goes, and so do second factors, which would keep the
 * holder out for ever.
 */
async function trustAddress(tx: Db, { id: accountId }: AccountRow, now: Date): Promise<void> {
  await updateAccount(tx, accountId, { emailVerifiedAt: isoTime(now) })
  await tx('external_identities').where({ accountId }).delete()
  await removeFactorsOf(tx, accountId)
  await tx('app_passwords').where({ accountId }).delete()
}
