import { z } from 'zod'
import { defineRoute } from './route.ts'
import { defineProblem } from './tokens.ts'
import { Id, PageQuery, pageOf, Time } from './values.ts'

/** What everybody's pages need first: name, look, navigation, who is signed in. */
export const Site = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  url: z.string(),
  /** `#rrggbb`, the label's own colour. */
  accent: z.string(),
  registration: z.enum(['open', 'closed']),
  plugins: z.array(z.string()),
  isSetUp: z.boolean(),
  version: z.string(),
})
export type Site = z.infer<typeof Site>
export const site = defineRoute({
  method: 'GET',
  path: '/api/v1/site',
  access: 'public',
  summary: 'The label: name, look, what is switched on',
  result: Site,
})

export const CheckResult = z.strictObject({
  id: z.string(),
  title: z.string(),
  isOk: z.boolean(),
  message: z.string(),
  remedy: z.string(),
})
export type CheckResult = z.infer<typeof CheckResult>
export const PluginState = z.strictObject({
  name: z.string(),
  title: z.string(),
  version: z.string(),
  isRequired: z.boolean(),
  isEnabled: z.boolean(),
  state: z.enum(['running', 'off', 'failed']),
  error: z.string().nullable(),
  origin: z.enum(['bundled', 'added']),
})
export type PluginState = z.infer<typeof PluginState>
export const JobView = z.strictObject({
  id: Id,
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  attempts: z.number(),
  maxAttempts: z.number(),
  progress: z.number().nullable(),
  progressNote: z.string().nullable(),
  lastError: z.string().nullable(),
  runAt: Time,
  createdAt: Time,
  finishedAt: Time.nullable(),
})
export type JobView = z.infer<typeof JobView>

export const Overview = z.strictObject({
  version: z.string(),
  nodeVersion: z.string(),
  startedAt: Time,
  roles: z.array(z.string()),
  database: z.enum(['sqlite', 'postgres']),
  memoryBytes: z.number(),
  /** Share of one core over the last seconds. */
  cpu: z.number(),
  disk: z.strictObject({
    freeBytes: z.number(),
    totalBytes: z.number(),
    usedByDataBytes: z.number().nullable(),
  }),
  connections: z.number(),
  accounts: z.number(),
  jobs: z.record(z.string(), z.number()),
  mailHeld: z.number(),
  checks: z.array(CheckResult),
})
export type Overview = z.infer<typeof Overview>

const manage = { permission: 'server.administer' }
export const overview = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/overview',
  access: manage,
  summary: 'Health, disk, jobs and versions of this machine',
  result: Overview,
})
export const listPlugins = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/plugins',
  access: manage,
  summary: 'Every plugin and its state',
  result: z.strictObject({ items: z.array(PluginState) }),
})
export const setPlugin = defineRoute({
  method: 'PATCH',
  path: '/api/v1/admin/plugins/{name}',
  access: manage,
  summary: 'Switch a plugin on or off, at once and in every process',
  body: z.strictObject({ isEnabled: z.boolean() }),
  result: PluginState,
})
export const listJobs = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/jobs',
  access: manage,
  summary: 'Jobs, newest first',
  query: PageQuery.extend({
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']).optional(),
  }),
  result: pageOf(JobView),
})
export const retryJob = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/jobs/{id}/retry',
  access: manage,
  summary: 'Run a failed job again',
  result: JobView,
})
export const cancelJob = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/jobs/{id}/cancel',
  access: manage,
  summary: 'Stop a job',
  result: JobView,
})
export const listMail = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/mail',
  access: manage,
  summary: 'Mails sent and held',
  query: PageQuery,
  result: pageOf(
    z.strictObject({
      id: Id,
      to: z.string(),
      subject: z.string(),
      text: z.string(),
      state: z.string(),
      lastError: z.string().nullable(),
      createdAt: Time,
      sentAt: Time.nullable(),
    }),
  ),
})
/** The label's own settings, kept in the site's database. */
export const SiteSettings = z.strictObject({
  title: z.string().trim().min(1).max(80).default('Your label'),
  description: z.string().trim().max(300).default(''),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'Write the colour as #rrggbb.' })
    .default('#4b3fd8'),
  registration: z.enum(['open', 'closed']).default('open'),
})
export type SiteSettings = z.infer<typeof SiteSettings>
export const getSettings = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/settings',
  access: manage,
  summary: 'The label’s settings',
  result: SiteSettings,
})
export const updateSettings = defineRoute({
  method: 'PATCH',
  path: '/api/v1/admin/settings',
  access: manage,
  summary: 'Change the label’s settings',
  body: z.strictObject({
    title: SiteSettings.shape.title.unwrap().optional(),
    description: SiteSettings.shape.description.unwrap().optional(),
    accent: SiteSettings.shape.accent.unwrap().optional(),
    registration: SiteSettings.shape.registration.unwrap().optional(),
  }),
  result: SiteSettings,
})
export const AuditEntry = z.strictObject({
  id: Id,
  at: Time,
  action: z.string(),
  actorName: z.string().nullable(),
  subject: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditEntry = z.infer<typeof AuditEntry>
export const listAudit = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/audit',
  access: manage,
  summary: 'What was done, by whom',
  query: PageQuery,
  result: pageOf(AuditEntry),
})

export const pluginRequired = defineProblem({
  name: 'server.plugin-required',
  status: 409,
  title: 'This plugin cannot be switched off.',
})
export const pluginNeeded = defineProblem({
  name: 'server.plugin-needed',
  status: 409,
  title: 'Other plugins need this one; switch them off first.',
})
