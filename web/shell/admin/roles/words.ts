import type { admin } from '#contract'
import { language, say, type Words } from '../../../sdk/language.ts'
import { webPlugins } from '../../../sdk/plugin.ts'

const builtIn: Record<string, Words> = {
  owner: { en: 'Owner', fr: 'Propriétaire' },
  admin: { en: 'Administrator', fr: 'Administration' },
  moderator: { en: 'Moderator', fr: 'Modération' },
  artist: { en: 'Artist', fr: 'Artiste' },
  member: { en: 'Member', fr: 'Membre' },
  guest: { en: 'Guest', fr: 'Invité' },
}

/** A role as people call it: the server's own in the page's language, others by the title they were given. */
export function roleTitle(name: string, roles: readonly admin.RoleView[] = []): string {
  const own = builtIn[name]
  return own ? say(own) : roles.find((role) => role.name === name)?.title || name
}

const french: Record<string, string> = {
  'server.administer': 'Gérer la machine : extensions, tâches, réglages, journaux',
  'identity.invite': 'Inviter des personnes, avec tout rôle qui ne permet pas plus que le sien',
  'identity.manage-accounts': 'Voir, suspendre, rétablir et supprimer des comptes, et régler leurs rôles',
  'identity.manage-roles': 'Créer des rôles et régler ce qu’ils permettent',
  'identity.read-audit': 'Lire, prouver et exporter le journal',
  'identity.ban-addresses': 'Tenir des adresses à l’écart, ou les laisser entrer',
  'identity.manage-sign-in': 'Régler avec quels autres comptes on peut se connecter',
}

/** What a permission lets one do, in words; the server writes English. */
export function permissionTitle({ name, title }: { name: string; title: string }): string {
  if (language.value !== 'fr') return title
  const ofPlugin = webPlugins.value.flatMap(({ permissions }) => permissions?.[name] ?? [])
  return french[name] ?? ofPlugin[0] ?? title
}

/** Who declares it, by the name people know: the plugin's first entry in the navigation, or in the administration. */
export function ownerTitle(owner: string): string {
  if (owner === 'server') return say({ en: 'Server', fr: 'Serveur' })
  if (owner === 'identity') return say({ en: 'Accounts', fr: 'Comptes' })
  const { pages = [], adminTabs = [] } = webPlugins.value.find(({ name }) => name === owner) ?? {}
  const label = pages.find(({ nav }) => nav)?.nav?.label ?? adminTabs[0]?.label
  return label ? say(label) : owner.charAt(0).toUpperCase() + owner.slice(1)
}
