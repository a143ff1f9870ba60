import { type Db, isUniqueViolation } from '../db/index.ts'
import { isoTime, newId } from '../sdk/index.ts'

export interface PasskeyRow {
  id: string
  accountId: string
  /** As base64url. */
  credentialId: string
  /** COSE key as base64url. */
  publicKey: string
  signCount: number
  transportsJson: string[]
  name: string
  createdAt: string
  usedAt: string | null
}

/** Keeps a passkey; null where its credential is known already. */
export async function insertPasskey(
  db: Db,
  passkey: Pick<PasskeyRow, 'accountId' | 'credentialId' | 'publicKey' | 'signCount' | 'name'> & {
    transports: string[]
  },
  now: Date,
): Promise<string | null> {
  const { transports, ...columns } = passkey
  const id = newId()
  const row = { id, ...columns, transportsJson: JSON.stringify(transports), createdAt: isoTime(now) }
  try {
    await db.tx((tx) => tx('passkeys').insert(row))
    return id
  } catch (error) {
    if (isUniqueViolation(error)) return null
    throw error
  }
}

export async function listPasskeys(db: Db, accountId: string): Promise<PasskeyRow[]> {
  return db<PasskeyRow>('passkeys').where({ accountId }).orderBy('id')
}

export async function findPasskey(db: Db, credentialId: string): Promise<PasskeyRow | null> {
  return (await db<PasskeyRow>('passkeys').where({ credentialId }).first()) ?? null
}

/**
 * Notes a use; false where the authenticator's counter did not go on: there are two of it (WebAuthn, section 6.1.1).
 * Authenticators without a counter always say 0.
 */
export async function countUse(db: Db, id: string, signCount: number, now: Date): Promise<boolean> {
  const changed: number = await db('passkeys')
    .where({ id })
    .where((either) => {
      either.where('sign_count', '<', signCount)
      if (signCount === 0) either.orWhere('sign_count', 0)
    })
    .update({ signCount, usedAt: isoTime(now) })
  return changed > 0
}

export async function removePasskey(db: Db, accountId: string, id: string): Promise<boolean> {
  return (await db('passkeys').where({ id, accountId }).delete()) > 0
}
