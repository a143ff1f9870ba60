import { admin, notFound } from '#contract'
import { type Call, problem } from '../sdk/index.ts'
import { accountPage } from './account-list.ts'
import { detailOf, viewOf } from './account-views.ts'
import { type AccountRow, findAccount } from './accounts.ts'
import { requireRecent } from './begin-session.ts'
import type { IdentityParts } from './parts.ts'
import {
  addAccount,
  endAccountSessions,
  mailPasswordLink,
  removeAccount,
  resetFactors,
  restoreAccount,
  setAccountRoles,
  suspendAccount,
} from './staff.ts'

/** The label's accounts, for who runs it. Who may do what to whom: standing.ts. */
export function accountRoutes(parts: IdentityParts): void {
  const { db, router } = parts
  const shown = (row: AccountRow, call: Call) => detailOf(parts, call.me, row)

  router.handle(admin.listAccounts, async ({ query }) => {
    const { items, next } = await accountPage(db, query, parts.now())
    return { items: items.map((row) => viewOf(parts, row)), next }
  })
  router.handle(admin.getAccount, async ({ params }, call) => {
    const row = await findAccount(db, params.id)
    if (!row) throw problem(notFound)
    return shown(row, call)
  })
  router.handle(admin.addAccount, async ({ body }, call) => {
    if (body.roles.some(isMoreThanMember)) await requireRecent(parts, call)
    const { language } = call
    return shown(await addAccount(parts, call.me, { ...body, language }), call)
  })
  router.handle(admin.setAccountRoles, async ({ params, body }, call) => {
    await requireRecent(parts, call)
    return shown(await setAccountRoles(parts, call.me, params.id, () => body.roles), call)
  })
  // Without a new proof: these keep somebody out, and must be quick.
  router.handle(admin.suspendAccount, async ({ params, body }, call) =>
    shown(await suspendAccount(parts, call.me, params.id, body), call),
  )
  router.handle(admin.endAccountSessions, async ({ params }, call) => ({
    ended: await endAccountSessions(parts, call.me, params.id),
  }))
  router.handle(admin.restoreAccount, async ({ params }, call) =>
    shown(await restoreAccount(parts, call.me, params.id), call),
  )
  router.handle(admin.resetAccountFactors, async ({ params }, call) => {
    await requireRecent(parts, call)
    return shown(await resetFactors(parts, call.me, params.id), call)
  })
  router.handle(admin.mailPasswordLink, ({ params }, call) => mailPasswordLink(parts, call.me, params.id))
  router.handle(admin.removeAccount, async ({ params }, call) => {
    await requireRecent(parts, call)
    await removeAccount(parts, call.me, params.id)
  })
}

/** Roles that everybody may come to by themselves need no new proof of who gives them. */
export const isMoreThanMember = (role: string): boolean => role !== 'member' && role !== 'guest'
