import type { identity } from '#contract'
import type { Db } from '../db/index.ts'

/** The second steps an account has set up, as the sign-in page offers them; none: the password is enough. */
export async function secondFactorMethods(
  db: Db,
  accountId: string,
): Promise<identity.SecondFactorTicket['methods']> {
  const [found] = await db.raw<{ hasTotp: boolean; hasPasskey: boolean; hasCode: boolean }[]>(
    `select
       exists (select 1 from totp_secrets where account_id = ? and confirmed_at is not null) as has_totp,
       exists (select 1 from passkeys where account_id = ?) as has_passkey,
       exists (select 1 from recovery_codes where account_id = ?) as has_code`,
    [accountId, accountId, accountId],
  )
  const { hasTotp, hasPasskey, hasCode } = found ?? { hasTotp: false, hasPasskey: false, hasCode: false }
  return [
    ...(hasTotp ? (['totp'] as const) : []),
    ...(hasPasskey ? (['passkey'] as const) : []),
    ...(hasCode && (hasTotp || hasPasskey) ? (['recovery'] as const) : []),
  ]
}

/** Takes away every second step of an account. */
export async function removeFactorsOf(db: Db, accountId: string): Promise<void> {
  for (const table of ['totp_secrets', 'recovery_codes', 'passkeys'])
    await db(table).where({ accountId }).delete()
}
