import { identity } from '#contract'
import { problem } from '../sdk/index.ts'
import { noPassword } from './accounts.ts'
import { accountOf, requireStrong } from './factor-guard.ts'
import { sendFactorMail } from './factor-mails.ts'
import { secondFactorMethods } from './factors.ts'
import type { IdentityParts } from './parts.ts'
import { listPasskeys } from './passkeys.ts'
import { countRecoveryCodes, makeRecoveryCodes } from './recovery-codes.ts'
import { totpState } from './totp.ts'

/** What an account has to sign in with, and new recovery codes. */
export function factorRoutes(parts: IdentityParts): void {
  const { db, router, permissions } = parts
  router.handle(identity.getFactors, async (_input, call) => {
    const account = await accountOf(parts, call)
    const passkeys = await listPasskeys(db, account.id)
    const needing = permissions.roles().filter((role) => role.needsSecondFactor)
    return {
      hasPassword: account.passwordHash !== noPassword,
      hasTotp: (await totpState(db, account.id)) === 'on',
      recoveryCodesLeft: await countRecoveryCodes(db, account.id),
      passkeys: passkeys.map(({ id, name, createdAt, usedAt }) => ({ id, name, createdAt, usedAt })),
      neededBy: needing.map(({ name }) => name).filter((name) => call.me.roles.includes(name)),
    }
  })

  router.handle(identity.newRecoveryCodes, async (_input, call) => {
    await requireStrong(parts, call)
    const account = await accountOf(parts, call)
    if ((await secondFactorMethods(db, account.id)).length === 0) throw problem(identity.noTotp)
    const recoveryCodes = await db.tx(async (tx) => {
      await parts.audit.record(tx, { action: 'recovery-code.made', actor: call.me, subject: account.id })
      await sendFactorMail(tx, parts, account, 'codes-made')
      return makeRecoveryCodes(tx, account.id)
    })
    return { recoveryCodes }
  })
}
