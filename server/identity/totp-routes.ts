import { identity, invalidInput } from '#contract'
import type { Db } from '../db/index.ts'
import { type Call, problem } from '../sdk/index.ts'
import type { AccountRow } from './accounts.ts'
import { noteProof } from './begin-session.ts'
import { codeTries, proveCode } from './codes.ts'
import { accountOf, requireSecondFactor, requireStrong } from './factor-guard.ts'
import { sendFactorMail } from './factor-mails.ts'
import { provePassword } from './login.ts'
import type { IdentityParts } from './parts.ts'
import { makeRecoveryCodes, removeRecoveryCodes } from './recovery-codes.ts'
import { forgive, takeTry } from './throttle.ts'
import { beginTotp, confirmTotp, removeTotp, totpState } from './totp.ts'

/** Setting up an authenticator app and switching it off. */
export function totpRoutes(parts: IdentityParts): void {
  const { db, router, audit } = parts
  router.handle(identity.enrolTotp, async (_input, call) => {
    await requireStrong(parts, call)
    const { id, username } = call.me
    const of = { accountId: id, username, title: parts.site.title() }
    const begun = await db.tx(async (tx) => {
      const made = await beginTotp(tx, parts, of)
      if (made) await audit.record(tx, { action: 'totp.begun', actor: call.me, subject: id })
      return made
    })
    if (!begun) throw problem(identity.totpOn)
    return begun
  })

  router.handle(identity.confirmTotp, async ({ body }, call) => {
    await requireStrong(parts, call)
    const state = await totpState(db, call.me.id)
    if (state !== 'waiting') throw problem(state === 'on' ? identity.totpOn : identity.noTotp)
    return { recoveryCodes: await confirm(parts, call, body.code) }
  })

  router.handle(identity.disableTotp, async ({ body }, call) => {
    const account = await accountOf(parts, call)
    if ((await totpState(db, account.id)) !== 'on') throw problem(identity.noTotp)
    if (body.code !== undefined) {
      const also = (tx: Db) => switchOff(tx, parts, account)
      await proveCode(parts, account, { code: body.code, also })
      return
    }
    if (body.password === undefined)
      throw problem(invalidInput, undefined, {
        errors: [{ pointer: '/password', message: 'Write your password, or a code of the app.' }],
      })
    await requireSecondFactor(parts, call)
    await provePassword(parts, call, { account, name: account.username, password: body.password })
    await db.tx((tx) => switchOff(tx, parts, account))
  })
}

/** Takes the first code: the app counts from now on, for this session at once. */
async function confirm(parts: IdentityParts, call: Call, code: string): Promise<string[]> {
  const { db, audit } = parts
  const account = await accountOf(parts, call)
  const tries = codeTries(account.id)
  await takeTry(db, [tries], parts.now())
  const codes = await db.tx(async (tx) => {
    if (!(await confirmTotp(tx, parts, account.id, code))) return null
    await noteProof(parts, tx, call, 'totp')
    await audit.record(tx, { action: 'totp.confirmed', actor: call.me, subject: account.id })
    await sendFactorMail(tx, parts, account, 'totp-on')
    return makeRecoveryCodes(tx, account.id)
  })
  if (!codes) {
    await audit.record(db, { action: 'totp.refused', actor: call.me, subject: account.id })
    throw problem(identity.wrongCode)
  }
  await forgive(db, tries.key, true)
  return codes
}

async function switchOff(db: Db, parts: IdentityParts, account: AccountRow): Promise<void> {
  await removeTotp(db, account.id)
  await removeRecoveryCodes(db, account.id)
  await parts.audit.record(db, { action: 'totp.disabled', actor: account, subject: account.id })
  await sendFactorMail(db, parts, account, 'totp-off')
}
