import { identity, invalidInput } from '#contract'
import type { Db } from '../db/index.ts'
import { problem } from '../sdk/index.ts'
import { noteProof } from './begin-session.ts'
import { proveCode } from './codes.ts'
import { accountOf } from './factor-guard.ts'
import { provePassword } from './login.ts'
import type { IdentityParts } from './parts.ts'
import { provePasskey } from './passkey-proof.ts'
import type { Method } from './sessions.ts'

/** Proving again who sits there, before a sensitive change. */
export function confirmRoutes(parts: IdentityParts): void {
  const { db, audit } = parts
  parts.router.handle(identity.confirmIdentity, async ({ body }, call) => {
    const account = await accountOf(parts, call)
    const note = async (tx: Db, method: Method) => {
      await noteProof(parts, tx, call, method)
      const detail = { methods: [method] }
      await audit.record(tx, { action: 'session.confirmed', actor: call.me, subject: account.id, detail })
    }
    if (body.code !== undefined) {
      await proveCode(parts, account, { code: body.code, also: note })
      return
    }
    if (body.passkey) {
      const { passkey } = await provePasskey(parts, body.passkey)
      if (passkey.accountId !== account.id) throw problem(identity.badPasskey)
      return db.tx((tx) => note(tx, 'passkey'))
    }
    if (body.password === undefined)
      throw problem(invalidInput, undefined, {
        errors: [{ pointer: '/password', message: 'Write your password, or a code of the app.' }],
      })
    await provePassword(parts, call, { account, name: account.username, password: body.password })
    await db.tx((tx) => note(tx, 'password'))
  })
}
