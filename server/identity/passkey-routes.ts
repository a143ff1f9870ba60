import { identity, notFound } from '#contract'
import { problem } from '../sdk/index.ts'
import { beginSession, noteProof } from './begin-session.ts'
import { accountOf, requireStrong } from './factor-guard.ts'
import { sendFactorMail } from './factor-mails.ts'
import { secondFactorMethods } from './factors.ts'
import type { IdentityParts } from './parts.ts'
import { askPasskey, checkCreation } from './passkey-creation.ts'
import { askProof, provePasskey } from './passkey-proof.ts'
import { insertPasskey, removePasskey } from './passkeys.ts'
import { removeRecoveryCodes } from './recovery-codes.ts'
import type { FirstFactor } from './second-factor.ts'
import { takeTicketByHash } from './tickets.ts'
import { removeWayIn } from './ways-in.ts'

/** Passkeys: adding and removing them, and signing in by one. */
export function passkeyRoutes(parts: IdentityParts): void {
  keepingRoutes(parts)
  const { db, router } = parts
  router.handle(identity.passkeyRequest, ({ body }) => askProof(parts, body.ticket))

  router.handle(identity.passkeyLogin, async ({ body }, call) => {
    const { account, firstFactor } = await provePasskey(parts, body)
    if (firstFactor === null) return beginSession(parts, account, call, ['passkey'])
    const first = await takeTicketByHash<FirstFactor>(db, 'second-factor', firstFactor, parts.now())
    if (!first) throw problem(identity.badTicket)
    return beginSession(parts, account, call, [...first.payload.methods, 'passkey'])
  })
}

function keepingRoutes(parts: IdentityParts): void {
  const { db, router, audit } = parts
  router.handle(identity.passkeyCreation, async (_input, call) => {
    await requireStrong(parts, call)
    return askPasskey(parts, call.me)
  })

  router.handle(identity.addPasskey, async ({ body }, call) => {
    const made = await checkCreation(parts, call.me, body)
    const account = await accountOf(parts, call)
    const id = await db.tx(async (tx) => {
      const passkey = { ...made, accountId: account.id, name: body.name }
      const added = await insertPasskey(tx, passkey, parts.now())
      if (added === null) throw problem(identity.badPasskey)
      // The holder has just been checked by it: this session has its second factor.
      await noteProof(parts, tx, call, 'passkey')
      const detail = { passkeyId: added, name: body.name }
      await audit.record(tx, { action: 'passkey.added', actor: call.me, subject: account.id, detail })
      await sendFactorMail(tx, parts, account, 'passkey-added')
      return added
    })
    return { id }
  })

  router.handle(identity.removePasskey, async ({ params }, call) => {
    await requireStrong(parts, call)
    const account = await accountOf(parts, call)
    const isRemoved = await removeWayIn(db, account.id, async (tx) => {
      if (!(await removePasskey(tx, account.id, params.id))) return false
      // Recovery codes stand in for another factor; with none left they stand for nothing.
      if ((await secondFactorMethods(tx, account.id)).length === 0) await removeRecoveryCodes(tx, account.id)
      const detail = { passkeyId: params.id }
      await audit.record(tx, { action: 'passkey.removed', actor: call.me, subject: account.id, detail })
      await sendFactorMail(tx, parts, account, 'passkey-removed')
      return true
    })
    if (!isRemoved) throw problem(notFound)
  })
}
