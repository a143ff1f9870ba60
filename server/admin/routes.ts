import { admin } from '#contract'
import type { JobRow } from '../jobs/index.ts'
import { listOutbox, withoutLinks } from '../mail/index.ts'
import { html } from '../sdk/index.ts'
import type { Site } from '../sites/site.ts'
import { legalPages } from './legal.ts'
import { type OverviewParts, overviewOf } from './overview.ts'

export const adminPermissions = {
  'server.administer': {
    title: 'Administer the appliance: plugins, jobs, settings, logs',
    roles: ['owner', 'admin'],
  },
}

/** The administration API and the shell's own pages of one site. */
export function adminRoutes(parts: OverviewParts): void {
  const { site } = parts
  const router = site.table.routerFor('server')
  router.handle(admin.site, () => site.http.boot())
  router.handle(admin.overview, (_input, call) => overviewOf(parts, call.language))
  router.handle(admin.listPlugins, () => ({ items: site.kernel.states() }))
  router.handle(admin.setPlugin, ({ params, body }, call) =>
    site.kernel.setEnabled(params.name, body.isEnabled, call.me),
  )
  jobRoutes(site)
  router.handle(admin.listMail, async ({ query }, call) => {
    const { items, next } = await listOutbox(site.database.db, query)
    const shown = call.me.roles.includes('owner') ? (text: string) => text : withoutLinks
    return {
      items: items.map(({ toAddress, text, ...mail }) => ({ ...mail, text: shown(text), to: toAddress })),
      next,
    }
  })
  router.handle(admin.getSettings, () => site.settings.site())
  router.handle(admin.updateSettings, ({ body }, call) =>
    site.database.db.tx(async (db) => {
      const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      const settings = await site.settings.updateSite(db, change)
      await site.audit.record(db, { action: 'site.settings-changed', actor: call.me, detail: change })
      return settings
    }),
  )
  shellPages(site)
  legalPages(site)
}

function jobRoutes(site: Site): void {
  const router = site.table.routerFor('server')
  router.handle(admin.listJobs, async ({ query }) => {
    const { state, after, limit } = query
    const page = await site.jobs.list({ limit, ...(state ? { state } : {}), ...(after ? { after } : {}) })
    return { items: page.items.map(presentJob), next: page.next }
  })
  for (const [route, work, action] of [
    [admin.retryJob, site.jobs.retry, 'job.retried'],
    [admin.cancelJob, site.jobs.cancel, 'job.cancelled'],
  ] as const)
    router.handle(route, async ({ params: { id } }, call) => {
      await work(id)
      const job = await site.jobs.get(id)
      const entry = { action, actor: call.me, subject: id, detail: { name: job.name } }
      await site.audit.record(site.database.db, entry)
      return presentJob(job)
    })
}

export function presentJob(job: JobRow): admin.JobView {
  const {
    id,
    name,
    state,
    attempts,
    maxAttempts,
    progress,
    progressNote,
    lastError,
    runAt,
    createdAt,
    finishedAt,
  } = job
  return {
    id,
    name,
    state,
    attempts,
    maxAttempts,
    progress,
    progressNote,
    lastError,
    runAt,
    createdAt,
    finishedAt,
  }
}

const shellWords = {
  en: {
    signIn: 'Sign in',
    register: 'Open an account',
    forgot: 'Forgot your password?',
    reset: 'Set a new password',
    verify: 'Confirm your address',
    account: 'Account',
    setUp: 'Set up',
    admin: 'Administration',
  },
  fr: {
    signIn: 'Se connecter',
    register: 'Ouvrir un compte',
    forgot: 'Mot de passe oublié ?',
    reset: 'Choisir un nouveau mot de passe',
    verify: 'Confirmer votre adresse',
    account: 'Compte',
    setUp: 'Mise en place',
    admin: 'Gestion',
  },
}

/** Search engines may know these; the rest are somebody's own, or are opened by a secret link. */
const listed: (keyof (typeof shellWords)['en'])[] = ['signIn', 'register']

/** Pages of the shell: their words are the app's; only the landing page says something to readers without it. */
function shellPages(site: Site): void {
  const router = site.table.routerFor('server')
  router.page('/', async (_params, call) => {
    const { title, description } = site.settings.site()
    const parts = await site.table.landing(call)
    const lead = description && html`<p>${description}</p>`
    return { title, description, body: html`<main><h1>${title}</h1>${lead}${parts}</main>` }
  })
  const plain: [path: string, title: keyof (typeof shellWords)['en']][] = [
    ['/login', 'signIn'],
    ['/register', 'register'],
    ['/forgot', 'forgot'],
    ['/reset', 'reset'],
    ['/verify', 'verify'],
    ['/account', 'account'],
    ['/account/{section}', 'account'],
    ['/setup', 'setUp'],
    ['/admin', 'admin'],
    ['/admin/{section}', 'admin'],
    ['/admin/{section}/{id}', 'admin'],
  ]
  for (const [path, name] of plain)
    router.page(path, (_params, call) => {
      const title = shellWords[call.language === 'fr' ? 'fr' : 'en'][name]
      return { title, isUnlisted: !listed.includes(name), body: html`<main><h1>${title}</h1></main>` }
    })
}
