import type { Db } from '../db/index.ts'
import type { AccountRow } from './accounts.ts'
import { mailTo } from './mails.ts'
import type { IdentityParts } from './parts.ts'
import { insertTicket, removeTicketsOf } from './tickets.ts'

/** How long the mailed link is good. */
const linkMs = 3 * 24 * 3_600_000

/** Mails the link that confirms the account's address; links mailed before end. */
export async function sendVerification(
  parts: Pick<IdentityParts, 'mailer' | 'now' | 'site'>,
  db: Db,
  account: AccountRow,
): Promise<void> {
  await removeTicketsOf(db, account.id, ['verify'])
  const token = await insertTicket(db, {
    purpose: 'verify',
    accountId: account.id,
    payload: { email: account.email },
    ttlMs: linkMs,
    now: parts.now(),
  })
  // Behind the hash: it never reaches a log or another site.
  const link = `${parts.site.url}/verify#token=${token}`
  const mail = mailTo(parts, account, {
    en: {
      subject: 'Confirm your address',
      lines: [
        `Please confirm your e-mail address with this link, good for three days:\n${link}`,
        'If you did not open an account, there is nothing to do.',
      ],
    },
    fr: {
      subject: 'Confirmez votre adresse',
      lines: [
        `Confirmez votre adresse e-mail par ce lien, valable trois jours :\n${link}`,
        'Si vous n’avez pas ouvert de compte, il n’y a rien à faire.',
      ],
    },
  })
  await parts.mailer.send(db, mail)
}
