import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, problem } from '../sdk/index.ts'
import { type AccountRow, findAccount, updateAccount } from './accounts.ts'
import { type ChangePayload, type UndoPayload, undoMs } from './change-email.ts'
import { endSessionsWithin } from './end-sessions.ts'
import { accountOf } from './factor-guard.ts'
import { sendResetLink } from './forgot.ts'
import { keepEmail, refuseFormer, releaseEmail } from './former-names.ts'
import { takeMail } from './mail-limits.ts'
import type { IdentityParts } from './parts.ts'
import {
  removeTicketsAfter,
  removeTicketsOf,
  type Ticket,
  type TicketPurpose,
  takeTicket,
} from './tickets.ts'
import { sendVerification } from './verification.ts'

type Done = { done: 'verified' | 'changed' | 'undone'; email: string }
type Step<Payload> = (
  parts: IdentityParts,
  tx: Db,
  account: AccountRow,
  ticket: Ticket<Payload>,
) => Promise<Done>

/** The links that are mailed to prove, change or keep an address: each is good once. */
export function verifyRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.verify, ({ body: { token } }) =>
    db.tx(async (tx) => {
      const take = async <Payload>(purpose: TicketPurpose, step: Step<Payload>): Promise<Done | null> => {
        const ticket = await takeTicket<Payload>(tx, purpose, token, parts.now())
        const account = ticket?.accountId ? await findAccount(tx, ticket.accountId) : null
        return ticket && account && account.status !== 'deleted' ? step(parts, tx, account, ticket) : null
      }
      const done =
        (await take('verify', verifyAddress)) ??
        (await take('change-email', changeAddress)) ??
        (await take('undo-email', undoChange))
      if (!done) throw problem(identity.badLink)
      return done
    }),
  )
  parts.router.handle(identity.resendVerification, async (_input, call) => {
    const account = await accountOf(parts, call)
    if (account.emailVerifiedAt) return
    await takeMail(db, { email: account.email, address: call.address, now: parts.now() })
    await db.tx((tx) => sendVerification(parts, tx, account))
  })
}

const verifyAddress: Step<{ email: string }> = async (parts, tx, account, { payload }) => {
  if (account.email !== payload.email) throw problem(identity.badLink)
  await updateAccount(tx, account.id, {
    emailVerifiedAt: account.emailVerifiedAt ?? isoTime(parts.now()),
  })
  await parts.audit.record(tx, { action: 'email.verified', actor: account, subject: account.id })
  return { done: 'verified', email: account.email }
}

/** Throws identity.taken where somebody opened an account with the address meanwhile. */
const changeAddress: Step<ChangePayload> = async (parts, tx, account, { payload: { email } }) => {
  const now = parts.now()
  await refuseFormer(tx, { email }, { except: account.id, now })
  await updateAccount(tx, account.id, { email, emailVerifiedAt: isoTime(now) })
  if (account.emailVerifiedAt)
    await keepEmail(tx, account.id, { email: account.email, until: new Date(now.getTime() + undoMs) })
  await releaseEmail(tx, account.id, email)
  await removeTicketsOf(tx, account.id, ['verify', 'reset'])
  await parts.audit.record(tx, { action: 'email.changed', actor: account, subject: account.id })
  return { done: 'changed', email }
}

/**
 * The old address is back and whoever changed it is out: every session ends, and its holder sets a new password.
 * Links to undo later changes end, those of earlier ones stay good: the oldest holder wins.
 */
const undoChange: Step<UndoPayload> = async (parts, tx, account, { payload: { email, askedAt } }) => {
  const emailVerifiedAt = isoTime(parts.now())
  await updateAccount(tx, account.id, { email, emailVerifiedAt })
  await releaseEmail(tx, account.id, email)
  await removeTicketsOf(tx, account.id, ['verify', 'reset', 'change-email', 'second-factor'])
  await removeTicketsAfter(tx, account.id, 'undo-email', askedAt)
  await endSessionsWithin(parts, tx, account.id)
  await sendResetLink(parts, tx, { ...account, email, emailVerifiedAt })
  await parts.audit.record(tx, { action: 'email.change-undone', actor: account, subject: account.id })
  return { done: 'undone', email }
}
