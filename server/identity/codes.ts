import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { problem } from '../sdk/index.ts'
import type { AccountRow } from './accounts.ts'
import { sendFactorMail } from './factor-mails.ts'
import type { IdentityParts } from './parts.ts'
import { takeRecoveryCode } from './recovery-codes.ts'
import { accountRule, forgive, takeTry } from './throttle.ts'
import { spendTotp } from './totp.ts'

type CodeMethod = 'totp' | 'recovery'

/** Guesses at the codes of one account, wherever they come from and whatever they are for. */
export const codeTries = (accountId: string) => ({ key: `factor:${accountId}`, rule: accountRule })

interface CodeProof {
  code: string
  /** Counts the try elsewhere, too; one that was refused for coming too early is none. */
  count?: () => Promise<void>
  also: (db: Db, method: CodeMethod) => Promise<void>
}

/**
 * Takes a code of the app or of the list of recovery codes, and does `also` in the same transaction: where that
 * throws, the code is good still. Throws identity.wrong-code or .slow-down.
 */
export async function proveCode(
  parts: IdentityParts,
  account: AccountRow,
  { code, count, also }: CodeProof,
): Promise<CodeMethod> {
  const { db, audit } = parts
  const tries = codeTries(account.id)
  await takeTry(db, [tries], parts.now())
  await count?.()
  const method = await db.tx(async (tx) => {
    const spent = await spendCode(tx, parts, account, code)
    if (spent) await also(tx, spent)
    return spent
  })
  if (!method) {
    await audit.record(db, { action: 'totp.refused', actor: null, subject: account.id })
    throw problem(identity.wrongCode)
  }
  await forgive(db, tries.key, true)
  return method
}

async function spendCode(
  db: Db,
  parts: IdentityParts,
  account: AccountRow,
  code: string,
): Promise<CodeMethod | null> {
  if (/^\d{6}$/.test(code.replace(/\s/g, '')))
    return (await spendTotp(db, parts, account.id, code)) ? 'totp' : null
  if (!(await takeRecoveryCode(db, account.id, code))) return null
  await parts.audit.record(db, { action: 'recovery-code.used', actor: account, subject: account.id })
  await sendFactorMail(db, parts, account, 'code-used')
  return 'recovery'
}
