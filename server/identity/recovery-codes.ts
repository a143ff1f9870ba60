import type { Db } from '../db/index.ts'
import { readableSecret, readBack } from './readable-secret.ts'
import { hashToken } from './tickets.ts'

const count = 10
/** 80 random bits: nobody finds one by trying hashes, so a fast hash is enough. */
const shape = { groups: 4, size: 4 }

/** Ten new codes in place of those before, as `k3f9-2m7q-x8r4-0cvt`; only their hashes are kept. */
export async function makeRecoveryCodes(db: Db, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: count }, () => readableSecret(shape))
  await removeRecoveryCodes(db, accountId)
  await db('recovery_codes').insert(codes.map((code) => ({ accountId, codeHash: hashOf(code) })))
  return codes
}

/** Spends a code: of parallel callers one gets true. */
export async function takeRecoveryCode(db: Db, accountId: string, code: string): Promise<boolean> {
  const rows = await db.raw<unknown[]>(
    'delete from recovery_codes where account_id = ? and code_hash = ? returning account_id',
    [accountId, hashOf(code)],
  )
  return rows.length > 0
}

export async function countRecoveryCodes(db: Db, accountId: string): Promise<number> {
  const row: { n: number } | undefined = await db('recovery_codes')
    .where({ accountId })
    .count('* as n')
    .first()
  return row?.n ?? 0
}

export async function removeRecoveryCodes(db: Db, accountId: string): Promise<void> {
  await db('recovery_codes').where({ accountId }).delete()
}

const hashOf = (code: string) => hashToken(readBack(code))
