import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { problem } from '../sdk/index.ts'
import { noPassword } from './accounts.ts'

/** How many ways lead into an account: its password, its passkeys, linked accounts of providers that are on. */
export async function waysIn(db: Db, accountId: string): Promise<number> {
  const account = await db('accounts')
    .where({ id: accountId })
    .whereNot({ passwordHash: noPassword })
    .first('id')
  const passkeys = await countOf(db('passkeys').where({ accountId }))
  const identities = await countOf(
    db('external_identities')
      .join('identity_providers', 'identity_providers.name', 'external_identities.provider')
      .where({ 'external_identities.account_id': accountId, 'identity_providers.is_enabled': true }),
  )
  return (account ? 1 : 0) + passkeys + identities
}

/**
 * Removes a way in, in one transaction that others of the account wait for; `remove` tells whether there was one.
 * Throws identity.last-way-in, and then nothing is removed.
 */
export function removeWayIn(
  db: Db,
  accountId: string,
  remove: (db: Db) => Promise<boolean>,
): Promise<boolean> {
  return db.tx(async (tx) => {
    // Two at once would each see the other's way still there.
    await tx('accounts').where({ id: accountId }).forUpdate().first('id')
    const isRemoved = await remove(tx)
    if (isRemoved && (await waysIn(tx, accountId)) === 0) throw problem(identity.lastWayIn)
    return isRemoved
  })
}

async function countOf(query: ReturnType<Db>): Promise<number> {
  const row: { n: number } | undefined = await query.count('* as n').first()
  return row?.n ?? 0
}
