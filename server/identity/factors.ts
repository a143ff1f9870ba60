import type { identity } from '#contract'
import type { Db } from '../db/index.ts'

/** The second steps an account has set up, as the sign-in page offers them; none: the password is enough. */
export async function secondFactorMethods(
  db: Db,
  accountId: string,
): Promise<identity.SecondFactorTicket['methods']> {
  const totp = await db('totp_secrets').where({ accountId }).whereNotNull('confirmed_at').first('account_id')
  const passkey = await db('passkeys').where({ accountId }).first('id')
  const code = await db('recovery_codes').where({ accountId }).first('account_id')
  const hasOne = totp !== undefined || passkey !== undefined
  return [
    ...(totp ? (['totp'] as const) : []),
    ...(passkey ? (['passkey'] as const) : []),
    ...(code && hasOne ? (['recovery'] as const) : []),
  ]
}

/** Takes away every second step of an account. */
export async function removeFactorsOf(db: Db, accountId: string): Promise<void> {
  for (const table of ['totp_secrets', 'recovery_codes', 'passkeys'])
    await db(table).where({ accountId }).delete()
}
