import { admin } from '#contract'
import { requireRecent } from './begin-session.ts'
import type { IdentityParts } from './parts.ts'
import { changeRole, createRole, removeRoleNamed, roleViews } from './role-changes.ts'

/** Roles made of permissions. */
export function roleRoutes(parts: IdentityParts): void {
  const { router, permissions } = parts
  router.handle(admin.listRoles, async () => ({
    roles: await roleViews(parts),
    permissions: permissions
      .list()
      .map(({ name, title, owner }) => ({ name, title, owner }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }))
  router.handle(admin.createRole, async ({ body }, call) => {
    await requireRecent(parts, call)
    return createRole(parts, call.me, body)
  })
  router.handle(admin.updateRole, async ({ params, body }, call) => {
    await requireRecent(parts, call)
    return changeRole(parts, call.me, params.name, body)
  })
  router.handle(admin.removeRole, async ({ params }, call) => {
    await requireRecent(parts, call)
    await removeRoleNamed(parts, call.me, params.name)
  })
}
