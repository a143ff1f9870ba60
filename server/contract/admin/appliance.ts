import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { defineProblem } from '../tokens.ts'
import { Id, PageQuery, pageOf, Time } from '../values.ts'

/** What everybody's pages need first: name, look, navigation, who is signed in. */
export const Site = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  url: z.string(),
  /** `#rrggbb`, the label's own colour. */
  accent: z.string(),
  registration: z.enum(['open', 'invitation', 'closed']),
  /** Shown and asked for at registration; null where the label set none. */
  terms: z
    .strictObject({ version: z.string(), termsUrl: z.string().nullable(), privacyUrl: z.string().nullable() })
    .nullable(),
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
  registration: z.enum(['open', 'invitation', 'closed']).default('open'),
  /** Until its address is confirmed, an account may only look. */
  needsVerifiedEmail: z.boolean().default(false),
  /** Where people who found a hole write to (RFC 9116): mailto: or https:. */
  securityContact: z
    .union([
      z.literal(''),
      z.url({ protocol: /^(?:https|mailto)$/, error: 'Write it as mailto:… or https://…' }),
    ])
    .default(''),
  /** Text of the terms and of the privacy page, Markdown; empty where the label has none. */
  terms: z.string().max(50_000).default(''),
  privacy: z.string().max(50_000).default(''),
  /** Days that are kept; 0 for ever. */
  keepAuditDays: z.number().int().min(0).max(36_500).default(0),
  keepMailDays: z.number().int().min(1).max(36_500).default(30),
})
export type SiteSettings = z.infer<typeof SiteSettings>
/** The label's own words to everybody, from its settings; not-found where it has none. */
export const sitePage = defineRoute({
  method: 'GET',
  path: '/api/v1/site/pages/{name}',
  access: 'public',
  summary: 'The terms or the privacy page, by `terms` or `privacy`',
  result: z.strictObject({ html: z.string() }),
})
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
  body: z.strictObject(
    // Without the defaults: what is left out stays as it is.
    Object.fromEntries(
      Object.entries(SiteSettings.shape).map(([name, field]) => [name, field.unwrap().optional()]),
    ) as {
      [K in keyof typeof SiteSettings.shape]: z.ZodOptional<
        ReturnType<(typeof SiteSettings.shape)[K]['unwrap']>
      >
    },
  ),
  result: SiteSettings,
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
