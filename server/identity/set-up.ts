import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Db } from '../db/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { readSecret, removeSecret, secretOr } from '../secrets/site-secret.ts'
import { hasOwner } from './accounts.ts'

const secretName = 'set-up-token'

/** The one-time set-up token of a site without an owner: made when missing; null once there is an owner. */
export async function setUpToken(db: Db, keyring: Keyring): Promise<string | null> {
  if (await hasOwner(db)) return null
  return secretOr(db, keyring, secretName, () => randomBytes(18).toString('base64url'))
}

export async function isSetUpToken(db: Db, keyring: Keyring, token: string): Promise<boolean> {
  const stored = await readSecret(db, keyring, secretName)
  if (stored === null) return false
  const [a, b] = [Buffer.from(stored), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Spends the token: true for the one caller that removed it. */
export async function spendSetUpToken(db: Db, keyring: Keyring, token: string): Promise<boolean> {
  return (await isSetUpToken(db, keyring, token)) && removeSecret(db, secretName)
}
