import { identity, invalidInput, notFound } from '#contract'
import { problem } from '../sdk/index.ts'
import {
  type AppPasswordRow,
  insertAppPassword,
  listAppPasswordsOf,
  removeAppPasswordOf,
} from './app-passwords.ts'
import { accountOf, requireStrong } from './factor-guard.ts'
import { sendFactorMail } from './factor-mails.ts'
import type { IdentityParts } from './parts.ts'

/** Each is opened and compared at every use. */
const most = 50

/** Passwords of other programs and devices. */
export function appPasswordRoutes(parts: IdentityParts): void {
  const { db, router, audit } = parts
  router.handle(identity.listAppPasswords, async (_input, call) => ({
    items: (await listAppPasswordsOf(db, call.me.id)).map(present),
  }))

  router.handle(identity.createAppPassword, async ({ body }, call) => {
    await requireStrong(parts, call)
    const account = await accountOf(parts, call)
    if ((await listAppPasswordsOf(db, account.id)).length >= most)
      throw problem(invalidInput, undefined, {
        errors: [{ pointer: '/name', message: `There are ${most} app passwords already; remove one first.` }],
      })
    const { row, password } = await db.tx(async (tx) => {
      const made = await insertAppPassword(tx, parts, { accountId: account.id, ...body })
      const detail = { appPasswordId: made.row.id, name: body.name, scopes: made.row.scopesJson }
      await audit.record(tx, { action: 'app-password.created', actor: call.me, subject: account.id, detail })
      await sendFactorMail(tx, parts, account, 'app-password-made')
      return made
    })
    return { ...present(row), password }
  })

  router.handle(identity.removeAppPassword, async ({ params }, call) => {
    const { me } = call
    const isRemoved = await db.tx(async (tx) => {
      if (!(await removeAppPasswordOf(tx, me.id, params.id))) return false
      const detail = { appPasswordId: params.id }
      await audit.record(tx, { action: 'app-password.removed', actor: me, subject: me.id, detail })
      return true
    })
    if (!isRemoved) throw problem(notFound)
  })
}

function present({ id, name, scopesJson, createdAt, usedAt }: AppPasswordRow): identity.AppPassword {
  return { id, name, scopes: scopesJson, createdAt, usedAt }
}
