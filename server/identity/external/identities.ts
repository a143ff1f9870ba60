import { identity } from '#contract'
import type { Db } from '../../db/index.ts'
import { isoTime, newId, problem } from '../../sdk/index.ts'
import type { ExternalPerson } from './person.ts'

/** An account of somebody else's server that leads into one of ours. */
export interface IdentityRow {
  id: string
  accountId: string
  provider: string
  issuer: string
  subject: string
  email: string | null
  createdAt: string
  usedAt: string | null
}
type Who = Pick<ExternalPerson, 'issuer' | 'subject'>

export async function findIdentity(db: Db, { issuer, subject }: Who): Promise<IdentityRow | null> {
  return (await db<IdentityRow>('external_identities').where({ issuer, subject }).first()) ?? null
}

/** Links a person to an account; throws identity.linked-elsewhere where they are linked already. */
export async function insertIdentity(
  db: Db,
  row: Pick<IdentityRow, 'accountId' | 'provider' | 'email'> & Who & { usedAt: Date | null; now: Date },
): Promise<void> {
  const { now, usedAt, ...columns } = row
  const times = { createdAt: isoTime(now), usedAt: usedAt && isoTime(usedAt) }
  const insert = db('external_identities').insert({ id: newId(), ...columns, ...times })
  await db.unlessTaken(insert, () => problem(identity.linkedElsewhere))
}

/** Notes that the person came by that provider again. */
export async function touchIdentity(
  db: Db,
  id: string,
  change: { provider: string; email: string | null; now: Date },
): Promise<void> {
  const { now, ...columns } = change
  await db('external_identities')
    .where({ id })
    .update({ ...columns, usedAt: isoTime(now) })
}

export async function listIdentitiesOf(db: Db, accountId: string): Promise<IdentityRow[]> {
  return db<IdentityRow>('external_identities').where({ accountId }).orderBy('id')
}

/** Resolves to what was removed; null where the account has no such one. */
export async function removeIdentity(db: Db, accountId: string, id: string): Promise<IdentityRow | null> {
  const rows = await db.raw<IdentityRow[]>(
    'delete from external_identities where id = ? and account_id = ? returning *',
    [id, accountId],
  )
  return rows[0] ?? null
}
