import type { admin } from '#contract'

/** What was ticked and not yet saved, by role; it may say what is so already. */
export interface RoleEdit {
  permissions: Readonly<Record<string, boolean>>
  needsSecondFactor?: boolean
}
export type Edits = Readonly<Record<string, RoleEdit>>

/** One role's part of what will be saved. */
export interface RoleChange {
  role: string
  allow: string[]
  deny: string[]
  /** Undefined where it stays. */
  needsSecondFactor: boolean | undefined
}

const nothing: RoleEdit = { permissions: {} }

export function editPermission(edits: Edits, role: string, permission: string, isAllowed: boolean): Edits {
  const edit = edits[role] ?? nothing
  return { ...edits, [role]: { ...edit, permissions: { ...edit.permissions, [permission]: isAllowed } } }
}

export function editSecondFactor(edits: Edits, role: string, needsSecondFactor: boolean): Edits {
  return { ...edits, [role]: { ...(edits[role] ?? nothing), needsSecondFactor } }
}

/** Whether the box is ticked: by hand, or as it is stored. The owner may do everything, always. */
export function isTicked(edits: Edits, role: admin.RoleView, permission: string): boolean {
  if (role.name === 'owner') return true
  return edits[role.name]?.permissions[permission] ?? role.permissions.includes(permission)
}

export function asksSecondFactor(edits: Edits, role: admin.RoleView): boolean {
  return edits[role.name]?.needsSecondFactor ?? role.needsSecondFactor
}

/** How the ticked matrix differs from the stored one: only roles that change, only what changes of them. */
export function changesOf(roles: readonly admin.RoleView[], edits: Edits): RoleChange[] {
  return roles.flatMap((role) => {
    const edit = edits[role.name]
    if (!edit) return []
    const other = Object.entries(edit.permissions).filter(
      ([permission, isOn]) => role.name !== 'owner' && isOn !== role.permissions.includes(permission),
    )
    const allow = other.filter(([, isOn]) => isOn).map(([permission]) => permission)
    const deny = other.filter(([, isOn]) => !isOn).map(([permission]) => permission)
    const isSame = edit.needsSecondFactor === undefined || edit.needsSecondFactor === role.needsSecondFactor
    const needsSecondFactor = isSame ? undefined : edit.needsSecondFactor
    if (allow.length + deny.length === 0 && needsSecondFactor === undefined) return []
    return [{ role: role.name, allow, deny, needsSecondFactor }]
  })
}

/** How many boxes and switches that is. */
export function countOf(changes: readonly RoleChange[]): number {
  return changes.reduce(
    (sum, { allow, deny, needsSecondFactor }) =>
      sum + allow.length + deny.length + (needsSecondFactor === undefined ? 0 : 1),
    0,
  )
}

/** Permissions by who declares them, in the order they come. */
export function byOwner(
  permissions: readonly admin.PermissionView[],
): { owner: string; permissions: admin.PermissionView[] }[] {
  const groups = new Map<string, admin.PermissionView[]>()
  for (const permission of permissions)
    groups.set(permission.owner, [...(groups.get(permission.owner) ?? []), permission])
  return [...groups].map(([owner, permissions]) => ({ owner, permissions }))
}

/** Nobody gives a role that may do more than they may themselves. */
export function mayGive(role: admin.RoleView, mine: readonly string[]): boolean {
  return role.permissions.every((permission) => mine.includes(permission))
}
