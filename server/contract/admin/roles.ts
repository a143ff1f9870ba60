import { z } from 'zod'
import { defineRoute } from '../route.ts'

const manage = { permission: 'identity.manage-roles' }

/** Lower-case name of a role, as in commands and settings. */
export const RoleName = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, {
  error: 'Use up to 30 lower-case letters, digits and hyphens, beginning with a letter.',
})
export const RoleView = z.strictObject({
  name: z.string(),
  title: z.string(),
  isBuiltIn: z.boolean(),
  needsSecondFactor: z.boolean(),
  /** Names of permissions; the owner has all. */
  permissions: z.array(z.string()),
  /** How many accounts have it. */
  accounts: z.number().int(),
})
export type RoleView = z.infer<typeof RoleView>
export const PermissionView = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** Plugin that declares it, or `server`. */
  owner: z.string(),
})
export type PermissionView = z.infer<typeof PermissionView>

/** The matrix: roles across, permissions down. Readable by all who may give roles. */
export const listRoles = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/roles',
  access: { permission: 'identity.manage-accounts' },
  summary: 'Every role with its permissions, and every permission there is',
  result: z.strictObject({ roles: z.array(RoleView), permissions: z.array(PermissionView) }),
})
export const createRole = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/roles',
  access: manage,
  summary: 'Make a role from permissions',
  body: z.strictObject({
    name: RoleName,
    title: z.string().trim().min(1).max(60),
    permissions: z.array(z.string().max(80)).max(500).default([]),
    needsSecondFactor: z.boolean().default(false),
  }),
  result: RoleView,
})
export const updateRole = defineRoute({
  method: 'PATCH',
  path: '/api/v1/admin/roles/{name}',
  access: manage,
  summary: 'Change what a role may do, and whether it asks for two factors',
  body: z.strictObject({
    title: z.string().trim().min(1).max(60).optional(),
    /** Given and taken, by name; the rest stays. */
    allow: z.array(z.string().max(80)).max(500).optional(),
    deny: z.array(z.string().max(80)).max(500).optional(),
    needsSecondFactor: z.boolean().optional(),
  }),
  result: RoleView,
})
export const removeRole = defineRoute({
  method: 'DELETE',
  path: '/api/v1/admin/roles/{name}',
  access: manage,
  summary: 'Remove a role made here; accounts lose it',
})
