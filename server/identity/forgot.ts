import { createHash } from 'node:crypto'
import { defineJob, identity, z } from '#contract'
import type { Db } from '../db/index.ts'
import { type AccountRow, findByLogin } from './accounts.ts'
import { takeMail } from './mail-limits.ts'
import type { IdentityParts } from './parts.ts'
import { resetMail } from './recovery-mails.ts'
import { insertTicket } from './tickets.ts'

/** How long the mailed link is good. */
const linkMs = 3_600_000
const place = 'jobs.mail-reset-link'

const mailResetLink = defineJob({
  name: 'server.mail-reset-link',
  /** The address as it was written, sealed: it may be of somebody who has nothing to do with the label. */
  payload: z.strictObject({ address: z.string() }),
})

export interface ResetPayload {
  /** Where the link was mailed: it is worth nothing once the account has another address. */
  email: string
}

/**
 * Coming back without a password. The route only notes the address, so that nobody learns from its answer or its
 * time whether there is an account; the job looks.
 */
export function forgotRoutes(parts: IdentityParts): void {
  const { db, jobs, keyring } = parts
  jobs.handle(mailResetLink, async ({ address }) => {
    const account = await findByLogin(db, keyring.open(address, place))
    if (account && account.status !== 'deleted') await db.tx((tx) => sendResetLink(parts, tx, account))
  })
  parts.router.handle(identity.forgot, async ({ body: { email } }, call) => {
    await takeMail(db, { email, address: call.address, now: parts.now() })
    const key = createHash('sha256').update(email).digest('base64url')
    await jobs.enqueue(db, mailResetLink, { address: keyring.seal(email, place) }, { key })
  })
}

/** Mails the link to set a password, also a first one. */
export async function sendResetLink(
  parts: Pick<IdentityParts, 'mailer' | 'now' | 'site'>,
  db: Db,
  account: AccountRow,
): Promise<void> {
  const payload: ResetPayload = { email: account.email }
  const token = await insertTicket(db, {
    purpose: 'reset',
    accountId: account.id,
    payload,
    ttlMs: linkMs,
    now: parts.now(),
  })
  await parts.mailer.send(db, resetMail(parts, account, token))
}
