import { createHash } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { addressBlock } from '../sdk/address-block.ts'
import { type ThrottleRule, takeTry } from './throttle.ts'

/** Mails to one address, whoever asks for them. */
const mailboxRule: ThrottleRule = { free: 3, firstMs: 60_000, mostMs: 3_600_000 }
/** Mails asked for from one address of the network; whole venues share one. */
const askerRule: ThrottleRule = { free: 20, firstMs: 2_000, mostMs: 15 * 60_000 }

/**
 * Counts a mail that somebody else may have asked for. Throws identity.slow-down alike for addresses with and without
 * an account; what was mailed before stays good.
 */
export async function takeMail(
  db: Db,
  { email, address, now }: { email: string; address: string; now: Date },
): Promise<void> {
  const mailbox = createHash('sha256').update(email).digest('base64url')
  await takeTry(
    db,
    [
      { key: `mailbox:${mailbox}`, rule: mailboxRule },
      { key: `mail-asker:${addressBlock(address)}`, rule: askerRule },
    ],
    now,
  )
}
