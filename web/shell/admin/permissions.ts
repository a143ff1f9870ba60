import { type AdminTab, webPlugins } from '../../sdk/plugin.ts'
import { site } from '../../sdk/site.ts'

const own = [
  'server.administer',
  'identity.manage-accounts',
  'identity.invite',
  'identity.read-audit',
  'identity.ban-addresses',
  'identity.manage-sign-in',
] as const
export type AdminPermission = (typeof own)[number]

/** What plugins that are on add to the administration. */
export function pluginTabs(): AdminTab[] {
  const on = site.value.plugins
  return webPlugins.value.filter(({ name }) => on.includes(name)).flatMap(({ adminTabs = [] }) => adminTabs)
}

/** Whoever holds one of these finds something in the administration. */
export const adminPermissions = (): readonly string[] => [
  ...own,
  ...pluginTabs().map(({ permission }) => permission),
]
