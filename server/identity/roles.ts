/** The roles every site has; what each may do is the sum of what the server and the plugins declare for it. */
export const builtInRoles = ['owner', 'admin', 'moderator', 'artist', 'member', 'guest'] as const
export type BuiltInRole = (typeof builtInRoles)[number]

export interface PermissionInfo {
  name: string
  title: string
  roles: string[]
  owner: string
}

/** Named permissions, declared by the server and by plugins; a role is a set of them. */
export interface Permissions {
  declare(owner: string, permissions: Record<string, { title: string; roles: string[] }>): void
  dropOwner(owner: string): void
  /** Everything these roles allow. The owner has all. */
  of(roles: readonly string[]): ReadonlySet<string>
  list(): PermissionInfo[]
}

export function createPermissions(): Permissions {
  const declared = new Map<string, PermissionInfo>()
  let byRoles = new Map<string, ReadonlySet<string>>()
  return {
    declare: (owner, permissions) => {
      for (const [name, info] of Object.entries(permissions)) declared.set(name, { name, owner, ...info })
      byRoles = new Map()
    },
    dropOwner: (owner) => {
      for (const [name, info] of declared) if (info.owner === owner) declared.delete(name)
      byRoles = new Map()
    },
    of: (roles) => {
      const key = roles.join(' ')
      const known = byRoles.get(key)
      if (known) return known
      const isOwner = roles.includes('owner')
      const names = [...declared.values()].filter(
        (info) => isOwner || info.roles.some((role) => roles.includes(role)),
      )
      const set = new Set(names.map((info) => info.name))
      byRoles.set(key, set)
      return set
    },
    list: () => [...declared.values()],
  }
}
