import { identity, notFound } from '#contract'
import { type Account, problem } from '../../sdk/index.ts'
import { findAccount } from '../accounts.ts'
import { sendFactorMail } from '../factor-mails.ts'
import type { IdentityParts } from '../parts.ts'
import { removeWayIn } from '../ways-in.ts'
import { findIdentity, type IdentityRow, insertIdentity, removeIdentity } from './identities.ts'
import type { ExternalPerson } from './person.ts'

/** Lets the person into the account from now on; throws identity.linked-elsewhere. */
export async function linkIdentity(
  parts: IdentityParts,
  account: Account,
  provider: string,
  { issuer, subject, email }: ExternalPerson,
): Promise<void> {
  await parts.db.tx(async (tx) => {
    const known = await findIdentity(tx, { issuer, subject })
    if (known?.accountId === account.id) return
    if (known) throw problem(identity.linkedElsewhere)
    const accountId = account.id
    await insertIdentity(tx, { accountId, provider, issuer, subject, email, usedAt: null, now: parts.now() })
    const row = await findAccount(tx, accountId)
    if (row) await sendFactorMail(tx, parts, row, 'identity-linked')
    await parts.audit.record(tx, {
      action: 'identity.linked',
      actor: account,
      subject: accountId,
      detail: { provider, issuer },
    })
  })
}

/** Throws not-found, and identity.last-way-in where nothing else leads into the account. */
export async function unlinkIdentity(parts: IdentityParts, account: Account, id: string): Promise<void> {
  const isRemoved = await removeWayIn(parts.db, account.id, async (tx) => {
    const removed: IdentityRow | null = await removeIdentity(tx, account.id, id)
    if (!removed) return false
    const row = await findAccount(tx, account.id)
    if (row) await sendFactorMail(tx, parts, row, 'identity-unlinked')
    const { provider, issuer } = removed
    await parts.audit.record(tx, {
      action: 'identity.unlinked',
      actor: account,
      subject: account.id,
      detail: { provider, issuer },
    })
    return true
  })
  if (!isRemoved) throw problem(notFound)
}
