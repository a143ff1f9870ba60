import { matchPath } from '../sdk/location.ts'
import { type NavItem, type PageOf, type WebPlugin, webPlugins } from '../sdk/plugin.ts'
import { can } from '../sdk/session.ts'
import { site } from '../sdk/site.ts'
import { adminPermissions } from './admin/permissions.ts'

const account = () => import('./account/AccountPage.tsx')
const admin = () => import('./admin/AdminPage.tsx')
const legal = () => import('./legal/LegalPage.tsx')

/** The shell's own pages, in the same form as a plugin's. */
export const shell: WebPlugin = {
  name: 'shell',
  pages: [
    {
      path: '/',
      load: () => import('./home/HomePage.tsx'),
      nav: { label: { en: 'Home', fr: 'Accueil' }, icon: 'home', order: 0 },
    },
    { path: '/login', load: () => import('./login/LoginPage.tsx') },
    { path: '/register', load: () => import('./login/RegisterPage.tsx') },
    { path: '/forgot', load: () => import('./login/ForgotPage.tsx') },
    { path: '/reset', load: () => import('./login/ResetPage.tsx') },
    { path: '/verify', load: () => import('./login/VerifyPage.tsx') },
    { path: '/account', load: account, needsAccount: true },
    { path: '/account/:tab', load: account, needsAccount: true },
    { path: '/setup', load: () => import('./setup/SetUpPage.tsx') },
    {
      path: '/admin',
      load: admin,
      get permission() {
        return adminPermissions()
      },
      isWide: true,
      nav: {
        label: { en: 'Admin', fr: 'Gestion' },
        icon: 'admin',
        order: 1000,
        get permission() {
          return adminPermissions()
        },
      },
    },
    ...['/admin/:tab', '/admin/:tab/:id'].map((path) => ({
      path,
      load: admin,
      get permission() {
        return adminPermissions()
      },
      isWide: true,
    })),
    { path: '/terms', load: legal },
    { path: '/privacy', load: legal },
  ],
}

function pages(): PageOf[] {
  const on = site.value.plugins
  const active = webPlugins.value.filter(({ name }) => on.includes(name))
  return [shell, ...active].flatMap((plugin) => plugin.pages)
}

/** How many fixed parts a path has: `/live/new` is looked at before `/live/:slug`. */
function fixedParts(path: string): number {
  return path.split('/').filter((part) => part !== '' && !part.startsWith(':') && part !== '*').length
}

/** The page at an address with the parts of its path; null where there is none. */
export function findPage(at: string): { page: PageOf; params: Record<string, string> } | null {
  const sorted = pages().sort((a, b) => fixedParts(b.path) - fixedParts(a.path))
  for (const page of sorted) {
    const params = matchPath(page.path, at)
    if (params) return { page, params }
  }
  return null
}

/** What the rail shows to whoever is signed in, in order. */
export function navItems(): (NavItem & { href: string })[] {
  return pages()
    .flatMap(({ path, nav }) => (nav ? [{ ...nav, href: path }] : []))
    .filter(({ permission }) => !permission || can(permission))
    .sort((a, b) => a.order - b.order)
}
