import { identity, notAllowed } from '#contract'
import type { Db } from '../db/index.ts'
import { type Account, problem } from '../sdk/index.ts'
import { type AccountRow, rolesOf } from './accounts.ts'
import type { IdentityParts } from './parts.ts'
import type { Permissions } from './roles.ts'

/** Who does something to others: an account, or null for who runs the machine, who may do all. */
export type Actor = Pick<Account, 'id' | 'username' | 'roles' | 'permissions'> | null

type Parts = Pick<IdentityParts, 'permissions'>

const isOwner = (role: string) => role === 'owner'

/** Whether the actor has everything that these roles give: nobody gives or takes what they do not have. */
export function isAbove({ permissions }: Parts, actor: Actor, roles: readonly string[]): boolean {
  if (!actor) return true
  // The owner will have what later plugins declare, too.
  if (roles.some(isOwner) && !actor.roles.some(isOwner)) return false
  return holds({ permissions }, actor, givenBy(permissions, roles))
}

/** Whether the actor has all of these permissions, in this session. */
export function holds({ permissions }: Parts, actor: Actor, names: Iterable<string>): boolean {
  if (!actor) return true
  const isFullOwner =
    actor.roles.some(isOwner) && [...permissions.of(['owner'])].every((name) => actor.permissions.has(name))
  if (isFullOwner) return true
  const resting = restingOf(permissions, actor.roles)
  return [...names].every((name) => actor.permissions.has(name) || resting.has(name))
}

/** Throws identity.above-you. */
export function requireAbove(parts: Parts, actor: Actor, roles: readonly string[]): void {
  if (!isAbove(parts, actor, roles)) throw problem(identity.aboveYou)
}

/** Throws identity.above-you. */
export function requireHeld(parts: Parts, actor: Actor, names: Iterable<string>): void {
  if (!holds(parts, actor, names)) throw problem(identity.aboveYou)
}

/** Everything these roles give, in whichever session. */
export const givenBy = (permissions: Permissions, roles: readonly string[]): Set<string> =>
  new Set([...permissions.of(roles), ...restingOf(permissions, roles)])

/** Given to these roles by the site, also where their plugin is off: it may be switched on again. */
function restingOf(permissions: Permissions, roles: readonly string[]): Set<string> {
  const declared = new Set(permissions.list().map(({ name }) => name))
  const rules = permissions.roles().filter(({ name }) => roles.includes(name))
  const given = rules.flatMap((rule) => [...rule.permissions].filter(([, isAllowed]) => isAllowed))
  return new Set(given.map(([name]) => name).filter((name) => !declared.has(name)))
}

/** Throws where somebody would do to themselves what is meant for others. */
export function refuseSelf(actor: Actor, accountId: string): void {
  if (actor?.id === accountId)
    throw problem(notAllowed, 'This cannot be done to your own account here; use its own settings.')
}

/** Throws identity.last-owner where nobody else who may sign in would be owner; parallel callers wait here. */
export async function keepAnOwner(db: Db, account: AccountRow): Promise<void> {
  if (!(await rolesOf(db, account.id)).some(isOwner)) return
  const owners: { accountId: string }[] = await db('account_roles')
    .where({ role: 'owner' })
    .orderBy('account_id')
    .forUpdate()
  const others = owners.map(({ accountId }) => accountId).filter((id) => id !== account.id)
  const active = await db('accounts').whereIn('id', others).where({ status: 'active' }).first('id')
  if (!active)
    throw problem(
      identity.lastOwner,
      `${account.username} is the last owner; make somebody else owner first.`,
    )
}
