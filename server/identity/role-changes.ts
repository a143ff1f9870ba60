import { closest } from 'fastest-levenshtein'
import { type admin, conflict, identity, invalidInput, notFound } from '#contract'
import type { Db } from '../db/index.ts'
import { problem } from '../sdk/index.ts'
import { markChangeOfPeople } from './change-mark.ts'
import { removeInvitationsFor } from './invitations.ts'
import type { IdentityParts } from './parts.ts'
import {
  countByRole,
  dropUnchangedRole,
  insertRole,
  isBuiltIn,
  type RoleRule,
  removeRole,
  removeRolePermission,
  setRolePermission,
  updateRole,
} from './roles.ts'
import { type Actor, givenBy, requireAbove, requireHeld } from './standing.ts'

type Parts = Pick<IdentityParts, 'permissions'>

/** The roles, each once and in order; one that does not exist is refused, unless the account has it already. */
export function knownRoles(
  { permissions }: Parts,
  roles: readonly string[],
  had: readonly string[] = [],
): string[] {
  const names = permissions.roles().map(({ name }) => name)
  for (const role of roles)
    if (!permissions.isRole(role) && !had.includes(role))
      throw problem(
        identity.unknownRole,
        `There is no role "${role}"; did you mean "${closest(role, names)}"?`,
      )
  return [...new Set(roles)].sort()
}

export async function roleViews({ permissions, db }: IdentityParts): Promise<admin.RoleView[]> {
  const counts = await countByRole(db)
  return permissions.roles().map((rule) => viewOf(rule, permissions.ofRole(rule.name), counts))
}

const viewOf = (
  { name, title, isBuiltIn: isOurs, needsSecondFactor }: RoleRule,
  permissions: ReadonlySet<string>,
  counts: Map<string, number>,
): admin.RoleView => ({
  name,
  title: title || titleOf(name),
  isBuiltIn: isOurs,
  needsSecondFactor,
  permissions: [...permissions].sort(),
  accounts: counts.get(name) ?? 0,
})

const titleOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

export async function getRoleView(parts: IdentityParts, name: string): Promise<admin.RoleView> {
  const view = (await roleViews(parts)).find((role) => role.name === name)
  if (!view) throw problem(notFound, `There is no role "${name}".`)
  return view
}

/** Makes a role of permissions that the actor has. */
export async function createRole(
  parts: IdentityParts,
  actor: Actor,
  wish: { name: string; title: string; permissions: readonly string[]; needsSecondFactor: boolean },
): Promise<admin.RoleView> {
  const { name, title, needsSecondFactor } = wish
  const names = knownPermissions(parts, wish.permissions, 'permissions')
  requireHeld(parts, actor, names)
  if (isBuiltIn(name)) throw taken(name)
  await change(parts, async (tx) => {
    if (!(await insertRole(tx, { name, title, needsSecondFactor, isBuiltIn: false }))) throw taken(name)
    for (const permission of names) await setRolePermission(tx, name, permission, true)
    const detail = { name, permissions: names, needsSecondFactor }
    await parts.audit.record(tx, { action: 'role.created', actor, detail })
  })
  return getRoleView(parts, name)
}

const taken = (name: string) => {
  const message = `There is a role "${name}" already.`
  return problem(conflict, message, { errors: [{ pointer: '/name', message }] })
}

export interface RoleChange {
  title?: string | undefined
  allow?: readonly string[] | undefined
  deny?: readonly string[] | undefined
  needsSecondFactor?: boolean | undefined
}

/** Changes a role; the actor must have all that it gives, and all that is given or taken. */
export async function changeRole(
  parts: IdentityParts,
  actor: Actor,
  name: string,
  wish: RoleChange,
): Promise<admin.RoleView> {
  const { permissions } = parts
  if (!permissions.isRole(name)) throw problem(notFound, `There is no role "${name}".`)
  requireAbove(parts, actor, [name])
  const had = [...givenBy(permissions, [name])]
  const allow = knownPermissions(parts, wish.allow ?? [], 'allow')
  const deny = knownPermissions(parts, wish.deny ?? [], 'deny', had)
  const both = allow.find((permission) => deny.includes(permission))
  if (both) throw problem(invalidInput, `"${both}" cannot be given and taken at once.`)
  if (name === 'owner' && deny.length > 0)
    throw problem(identity.builtInRole, 'The owner may do everything; take the role instead.')
  requireHeld(parts, actor, [...allow, ...deny])
  await change(parts, async (tx) => {
    const { title, needsSecondFactor } = wish
    if (isBuiltIn(name)) await insertRole(tx, { name, title: '', needsSecondFactor: false, isBuiltIn: true })
    await updateRole(tx, name, { title, needsSecondFactor })
    for (const permission of allow) await setPermission(parts, tx, name, permission, true)
    for (const permission of deny) await setPermission(parts, tx, name, permission, false)
    await dropUnchangedRole(tx, name)
    const detail = { name, allow, deny, title, needsSecondFactor }
    await parts.audit.record(tx, { action: 'role.changed', actor, detail })
  })
  return getRoleView(parts, name)
}

/** Only a difference from what is declared is kept, so that a role of the server follows later versions. */
async function setPermission(
  { permissions }: Parts,
  tx: Db,
  role: string,
  permission: string,
  isAllowed: boolean,
): Promise<void> {
  const declared = permissions.list().find(({ name }) => name === permission)
  const isUsual = isBuiltIn(role)
    ? (declared?.roles.includes(role) ?? false) === isAllowed || role === 'owner'
    : !isAllowed
  if (isUsual) await removeRolePermission(tx, role, permission)
  else await setRolePermission(tx, role, permission, isAllowed)
}

/** Removes a role made here: accounts lose it, and open invitations to it are good no more. */
export async function removeRoleNamed(parts: IdentityParts, actor: Actor, name: string): Promise<void> {
  if (isBuiltIn(name)) throw problem(identity.builtInRole)
  if (!parts.permissions.isRole(name)) throw problem(notFound, `There is no role "${name}".`)
  requireAbove(parts, actor, [name])
  await change(parts, async (tx) => {
    await removeInvitationsFor(tx, name)
    await removeRole(tx, name)
    await parts.audit.record(tx, { action: 'role.removed', actor, detail: { name } })
  })
}

/** What changed holds at once, here and in every other process. */
async function change(parts: IdentityParts, work: (tx: Db) => Promise<void>): Promise<void> {
  await parts.db.tx(async (tx) => {
    await work(tx)
    await markChangeOfPeople(tx)
  })
  await parts.permissions.reload(parts.db)
  parts.recheckSockets()
}

/** Throws invalid-input that names the nearest permission there is. */
function knownPermissions(
  { permissions }: Parts,
  names: readonly string[],
  field: string,
  had: readonly string[] = [],
): string[] {
  const declared = permissions.list().map(({ name }) => name)
  const errors = names.flatMap((name, index) => {
    if (declared.includes(name) || had.includes(name)) return []
    const message = `There is no permission "${name}"; did you mean "${closest(name, declared)}"?`
    return [{ pointer: `/${field}/${index}`, message }]
  })
  if (errors.length > 0) throw problem(invalidInput, errors[0]?.message, { errors })
  return [...new Set(names)].sort()
}
