import type { Words } from '../../sdk/language.ts'
import type { AdminTab } from '../../sdk/plugin.ts'
import { can } from '../../sdk/session.ts'
import { type AdminPermission, pluginTabs } from './permissions.ts'

interface OwnTab extends AdminTab {
  permission: AdminPermission
}
interface OwnGroup {
  name: string
  label: Words
  tabs: readonly OwnTab[]
}
export interface AdminGroup {
  name: string
  label: Words
  tabs: readonly AdminTab[]
}

const administer = 'server.administer'

const own: readonly OwnGroup[] = [
  {
    name: 'machine',
    label: { en: 'Machine', fr: 'Machine' },
    tabs: [
      {
        name: 'overview',
        label: { en: 'Overview', fr: 'Vue d’ensemble' },
        permission: administer,
        load: () => import('./Overview.tsx'),
      },
      {
        name: 'plugins',
        label: { en: 'Plugins', fr: 'Extensions' },
        permission: administer,
        load: () => import('./Plugins.tsx'),
      },
      {
        name: 'jobs',
        label: { en: 'Jobs', fr: 'Tâches' },
        permission: administer,
        load: () => import('./Jobs.tsx'),
      },
      {
        name: 'mail',
        label: { en: 'Mail', fr: 'Courrier' },
        permission: administer,
        load: () => import('./Mail.tsx'),
      },
    ],
  },
  {
    name: 'people',
    label: { en: 'People', fr: 'Personnes' },
    tabs: [
      {
        name: 'members',
        label: { en: 'Members', fr: 'Membres' },
        permission: 'identity.manage-accounts',
        load: () => import('./members/Members.tsx'),
        loadOne: () => import('./members/MemberPage.tsx'),
      },
      {
        name: 'invitations',
        label: { en: 'Invitations', fr: 'Invitations' },
        permission: 'identity.invite',
        load: () => import('./invitations/Invitations.tsx'),
      },
      {
        name: 'roles',
        label: { en: 'Roles', fr: 'Rôles' },
        permission: 'identity.manage-accounts',
        load: () => import('./roles/Roles.tsx'),
      },
    ],
  },
  {
    name: 'security',
    label: { en: 'Security', fr: 'Sécurité' },
    tabs: [
      {
        name: 'audit',
        label: { en: 'Audit log', fr: 'Journal' },
        permission: 'identity.read-audit',
        load: () => import('./audit/Audit.tsx'),
      },
      {
        name: 'addresses',
        label: { en: 'Addresses', fr: 'Adresses' },
        permission: 'identity.ban-addresses',
        load: () => import('./addresses/Addresses.tsx'),
      },
      {
        name: 'sign-in',
        label: { en: 'Sign-in', fr: 'Connexion' },
        permission: 'identity.manage-sign-in',
        load: () => import('./sign-in/SignIn.tsx'),
      },
    ],
  },
  {
    name: 'label',
    label: { en: 'Label', fr: 'Label' },
    tabs: [
      {
        name: 'settings',
        label: { en: 'Settings', fr: 'Réglages' },
        permission: administer,
        load: () => import('./settings/Settings.tsx'),
      },
    ],
  },
]

/** Parts of plugins stand with what belongs to the label. */
const groups = (): AdminGroup[] =>
  own.map((group) => (group.name === 'label' ? { ...group, tabs: [...pluginTabs(), ...group.tabs] } : group))

/** The groups with the tabs that whoever is signed in may open. */
export function openGroups(): AdminGroup[] {
  return groups()
    .map((group) => ({ ...group, tabs: group.tabs.filter(({ permission }) => can(permission)) }))
    .filter(({ tabs }) => tabs.length > 0)
}

/** A tab by the part of its address, whoever may open it. */
export function findTab(name: string): AdminTab | undefined {
  return groups()
    .flatMap(({ tabs }) => tabs)
    .find((tab) => tab.name === name)
}

export const hrefOf = (name: string): string => (name === 'overview' ? '/admin' : `/admin/${name}`)
