import { type Db, isUniqueViolation } from '../db/index.ts'
import { isoTime } from '../sdk/index.ts'

/** The roles every site has; what each may do is what the server and the plugins declare, unless changed here. */
export const builtInRoles = ['owner', 'admin', 'moderator', 'artist', 'member', 'guest'] as const
export type BuiltInRole = (typeof builtInRoles)[number]
export const isBuiltIn = (role: string): boolean => builtInRoles.some((known) => known === role)

export interface PermissionInfo {
  name: string
  title: string
  roles: string[]
  owner: string
}

/** What a site changed about its roles, and the roles it made. */
export interface RoleRule {
  name: string
  title: string
  isBuiltIn: boolean
  needsSecondFactor: boolean
  /** Permission -> given or taken. */
  permissions: Map<string, boolean>
}

/** Named permissions, declared by the server and by plugins; a role is a set of them. */
export interface Permissions {
  declare(owner: string, permissions: Record<string, { title: string; roles: string[] }>): void
  dropOwner(owner: string): void
  /**
   * Everything these roles allow in a session. A role that asks for two factors gives nothing to a session without;
   * the owner has all.
   */
  of(roles: readonly string[], session?: { hasSecondFactor: boolean }): ReadonlySet<string>
  /** Whether one of the roles asks for two factors. */
  needSecondFactor(roles: readonly string[]): boolean
  /** What one role allows by itself. */
  ofRole(role: string): ReadonlySet<string>
  list(): PermissionInfo[]
  /** Every role of the site: its own ones after those of the server. */
  roles(): RoleRule[]
  isRole(name: string): boolean
  /** Reads the site's rules again, after a change here or in another process. */
  reload(db: Db): Promise<void>
}

export function createPermissions(): Permissions {
  const declared = new Map<string, PermissionInfo>()
  let rules = new Map<string, RoleRule>()
  let cache = new Map<string, ReadonlySet<string>>()
  const ruleOf = (name: string): RoleRule =>
    rules.get(name) ?? {
      name,
      title: '',
      isBuiltIn: isBuiltIn(name),
      needsSecondFactor: false,
      permissions: new Map(),
    }
  const allows = (role: string, info: PermissionInfo): boolean =>
    role === 'owner' || (ruleOf(role).permissions.get(info.name) ?? info.roles.includes(role))
  const sumOf = (roles: readonly string[]): ReadonlySet<string> => {
    const key = roles.join(' ')
    const known = cache.get(key)
    if (known) return known
    const names = [...declared.values()].filter((info) => roles.some((role) => allows(role, info)))
    const set = new Set(names.map((info) => info.name))
    cache.set(key, set)
    return set
  }
  const forget = () => {
    cache = new Map()
  }
  return {
    declare: (owner, permissions) => {
      for (const [name, info] of Object.entries(permissions)) declared.set(name, { name, owner, ...info })
      forget()
    },
    dropOwner: (owner) => {
      for (const [name, info] of declared) if (info.owner === owner) declared.delete(name)
      forget()
    },
    of: (roles, session) =>
      sumOf(
        session?.hasSecondFactor === false ? roles.filter((role) => !ruleOf(role).needsSecondFactor) : roles,
      ),
    needSecondFactor: (roles) => roles.some((role) => ruleOf(role).needsSecondFactor),
    ofRole: (role) => sumOf([role]),
    list: () => [...declared.values()],
    roles: () => [...builtInRoles.map(ruleOf), ...[...rules.values()].filter((rule) => !rule.isBuiltIn)],
    isRole: (name) => isBuiltIn(name) || rules.has(name),
    reload: async (db) => {
      rules = await readRules(db)
      forget()
    },
  }
}

interface RoleRow {
  name: string
  title: string
  isBuiltIn: boolean
  needsSecondFactor: boolean | number
}

async function readRules(db: Db): Promise<Map<string, RoleRule>> {
  const rows: RoleRow[] = await db<RoleRow>('roles').orderBy('created_at').orderBy('name')
  const given: { role: string; permission: string; isAllowed: boolean }[] = await db('role_permissions')
  return new Map(
    rows.map((row) => [
      row.name,
      {
        name: row.name,
        title: row.title,
        isBuiltIn: row.isBuiltIn,
        needsSecondFactor: Boolean(row.needsSecondFactor),
        permissions: new Map(
          given
            .filter(({ role }) => role === row.name)
            .map(({ permission, isAllowed }) => [permission, isAllowed]),
        ),
      },
    ]),
  )
}

/** Adds a role's row; false where there is one of that name. Differences of a built-in role need its row, too. */
export async function insertRole(
  db: Db,
  role: { name: string; title: string; isBuiltIn: boolean; needsSecondFactor: boolean },
): Promise<boolean> {
  try {
    await db.tx((tx) => tx('roles').insert({ ...role, createdAt: isoTime() }))
    return true
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}

export async function updateRole(
  db: Db,
  name: string,
  change: { title?: string | undefined; needsSecondFactor?: boolean | undefined },
): Promise<void> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) await db('roles').where({ name }).update(given)
}

/** Gives or takes a permission. */
export async function setRolePermission(
  db: Db,
  role: string,
  permission: string,
  isAllowed: boolean,
): Promise<void> {
  await db('role_permissions')
    .insert({ role, permission, isAllowed })
    .onConflict(['role', 'permission'])
    .merge()
}

/** Leaves a permission to what is declared for the role. */
export async function removeRolePermission(db: Db, role: string, permission: string): Promise<void> {
  await db('role_permissions').where({ role, permission }).delete()
}

/** A role of the server that differs in nothing any more needs no row. */
export async function dropUnchangedRole(db: Db, name: string): Promise<void> {
  if (await db('role_permissions').where({ role: name }).first('role')) return
  await db('roles').where({ name, title: '', isBuiltIn: true, needsSecondFactor: false }).delete()
}

/** Removes a role; accounts lose it. */
export async function removeRole(db: Db, name: string): Promise<void> {
  await db('account_roles').where({ role: name }).delete()
  await db('roles').where({ name }).delete()
}

export async function countByRole(db: Db): Promise<Map<string, number>> {
  const rows: { role: string; n: number }[] = await db('account_roles')
    .select('role')
    .count('* as n')
    .groupBy('role')
  return new Map(rows.map(({ role, n }) => [role, n]))
}
