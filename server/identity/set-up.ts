import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { hasOwner } from './accounts.ts'

const secretName = 'set-up-token'

/** The one-time set-up token of a site without an owner: made when missing; null once there is an owner. */
export async function setUpToken(db: Db): Promise<string | null> {
  if (await hasOwner(db)) return null
  const made = randomBytes(18).toString('base64url')
  await db('secrets').insert({ name: secretName, value: made }).onConflict('name').ignore()
  const row: { value: string } | undefined = await db('secrets').where({ name: secretName }).first()
  return row?.value ?? null
}

export async function isSetUpToken(db: Db, token: string): Promise<boolean> {
  const row: { value: string } | undefined = await db('secrets').where({ name: secretName }).first()
  if (!row) return false
  const [a, b] = [Buffer.from(row.value), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Spends the token: true for the one caller that removed it. */
export async function spendSetUpToken(db: Db, token: string): Promise<boolean> {
  return (await db('secrets').where({ name: secretName, value: token }).delete()) === 1
}
