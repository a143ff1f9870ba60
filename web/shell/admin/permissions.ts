/** Whoever holds one of these finds something in the administration. */
export const adminPermissions = [
  'server.administer',
  'identity.manage-accounts',
  'identity.invite',
  'identity.read-audit',
  'identity.ban-addresses',
  'identity.manage-sign-in',
] as const
export type AdminPermission = (typeof adminPermissions)[number]
