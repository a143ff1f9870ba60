import { randomInt } from 'node:crypto'
import { defineJob, identity, z } from '#contract'
import type { Db } from '../db/index.ts'
import { noPassword } from './accounts.ts'
import { foldersOfExports } from './data-exports.ts'
import type { IdentityParts } from './parts.ts'

/** Files go by a job: it is part of the transaction, and is tried again where the storage is away. */
export const removeFolders = defineJob({
  name: 'server.remove-folders',
  payload: z.strictObject({ folders: z.array(z.string()) }),
})

/** Tables whose rows go with the account. */
const owned = [
  'sessions',
  'account_roles',
  'totp_secrets',
  'recovery_codes',
  'passkeys',
  'app_passwords',
  'external_identities',
  'tickets',
  'former_usernames',
  'former_emails',
  'data_exports',
]

/**
 * Empties an account for good, as part of a transaction: its row stays so that what it leads to does not break, with
 * nothing in it. Plugins let go at the event. Sessions' sockets and the audit log are the caller's.
 */
export async function deleteAccountNow(
  parts: Pick<IdentityParts, 'events' | 'jobs'>,
  db: Db,
  accountId: string,
): Promise<void> {
  const account: { email: string; avatarKey: string | null } | undefined = await db('accounts')
    .where({ id: accountId })
    .first('email', 'avatar_key')
  if (!account) return
  const folders = await foldersOfExports(db, accountId)
  if (account.avatarKey) folders.push(account.avatarKey)
  const former: { email: string }[] = await db('former_emails').where({ accountId }).select('email')
  const addresses = [account.email, ...former.map(({ email }) => email)]
  await db('mail_outbox').whereIn('to_address', addresses).delete()
  for (const table of owned) await db(table).where({ accountId }).delete()
  // That they agreed is kept, not from where.
  await db('consents').where({ accountId }).update({ address: '' })
  await db('invitations').where({ createdBy: accountId }).update({ createdByName: null })
  await db('throttles')
    .where({ key: `account:${accountId}` })
    .delete()
  await db('accounts')
    .where({ id: accountId })
    .update({ ...empty, email: `deleted-${accountId}@invalid`, username: `deleted-${letters(8)}` })
  if (folders.length > 0) await parts.jobs.enqueue(db, removeFolders, { folders })
  await parts.events.emit(db, identity.accountDeleted, { accountId })
}

const empty = {
  status: 'deleted',
  displayName: 'Deleted account',
  passwordHash: noPassword,
  emailVerifiedAt: null,
  avatarKey: null,
  language: null,
  timeZone: null,
  theme: null,
  usernameChangedAt: null,
  suspendedReason: null,
  suspendedUntil: null,
  leavesAt: null,
  preferencesJson: '{}',
}

const letters = (count: number): string =>
  Array.from({ length: count }, () => 'abcdefghjkmnpqrstuvwxyz23456789'[randomInt(31)]).join('')
