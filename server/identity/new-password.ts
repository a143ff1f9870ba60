import type { Db } from '../db/index.ts'
import type { Call } from '../sdk/index.ts'
import { type AccountRow, setPasswordHash } from './accounts.ts'
import { deviceName } from './devices.ts'
import { endSessionsWithin } from './end-sessions.ts'
import type { IdentityParts } from './parts.ts'
import { passwordChangedMail } from './recovery-mails.ts'
import { forgive } from './throttle.ts'
import { removeTicketsOf } from './tickets.ts'

interface NewPassword {
  passwordHash: string
  action: 'password.reset' | 'password.changed'
  /** The session that goes on, if any. */
  keep?: string | null
}

/**
 * Sets a password as part of a transaction: other sessions and their sockets end, what the old one had begun is
 * worth nothing, and the holder is told.
 */
export async function setNewPassword(
  parts: IdentityParts,
  tx: Db,
  { account, call, change }: { account: AccountRow; call: Call; change: NewPassword },
): Promise<void> {
  const device = deviceName(call.userAgent)
  await setPasswordHash(tx, account.id, change.passwordHash)
  await endSessionsWithin(parts, tx, account.id, change.keep)
  await removeTicketsOf(tx, account.id, ['reset', 'second-factor'])
  await forgive(tx, `account:${account.id}`, true)
  await parts.audit.record(tx, {
    action: change.action,
    actor: account,
    subject: account.id,
    detail: { device },
  })
  await parts.mailer.send(tx, passwordChangedMail(parts, account, device))
}
