import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { Id, PageQuery, pageOf, Time } from '../values.ts'

const readAudit = { permission: 'identity.read-audit' }
const ban = { permission: 'identity.ban-addresses' }
const signInSettings = { permission: 'identity.manage-sign-in' }

export const AuditEntry = z.strictObject({
  id: Id,
  /** Place in the chain; null for the moment until it is linked. */
  seq: z.number().int().nullable(),
  at: Time,
  action: z.string(),
  actorName: z.string().nullable(),
  subject: z.string().nullable(),
  address: z.string().nullable(),
  requestId: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditEntry = z.infer<typeof AuditEntry>
const auditFilter = {
  /** Beginning of an action, as `account.` or `session.began`. */
  action: z.string().max(60).optional(),
  /** Username of who did it, or id of whom or what it was done to. */
  who: z.string().max(60).optional(),
  from: Time.optional(),
  to: Time.optional(),
}
export const listAudit = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/audit',
  access: readAudit,
  summary: 'What was done, by whom; newest first',
  query: PageQuery.extend(auditFilter),
  result: pageOf(AuditEntry),
})
export const exportAudit = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/audit/export',
  access: readAudit,
  summary: 'The audit log as CSV or JSON lines, oldest first',
  query: z.strictObject({ ...auditFilter, format: z.enum(['csv', 'jsonl']).default('csv') }),
  isRaw: true,
})
export const AuditProof = z.strictObject({
  isWhole: z.boolean(),
  entries: z.number().int(),
  /** Sentence that says what is wrong and where; null where the chain is whole. */
  finding: z.string().nullable(),
})
export type AuditProof = z.infer<typeof AuditProof>
export const verifyAudit = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/audit/verify',
  access: readAudit,
  summary: 'Prove that no entry was changed, put in or taken out',
  result: AuditProof,
  perMinute: 20,
})

export const AddressRule = z.strictObject({
  id: Id,
  /** Address or network, as 192.0.2.7 or 2001:db8::/32. */
  network: z.string(),
  /** `deny` keeps out; `allow` is let in whatever the other rules say. */
  kind: z.enum(['deny', 'allow']),
  reason: z.string(),
  until: Time.nullable(),
  createdAt: Time,
})
export type AddressRule = z.infer<typeof AddressRule>
export const listAddressRules = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/addresses',
  access: ban,
  summary: 'Addresses kept out or let in',
  query: PageQuery,
  result: pageOf(AddressRule),
})
export const addAddressRule = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/addresses',
  access: ban,
  summary: 'Keep an address or network out (or let it in), for a time or for good',
  body: z.strictObject({
    network: z.string().trim().min(2).max(50),
    kind: z.enum(['deny', 'allow']).default('deny'),
    reason: z.string().trim().max(300).default(''),
    minutes: z.number().int().min(1).max(5_256_000).nullable().default(null),
  }),
  result: AddressRule,
})
export const removeAddressRule = defineRoute({
  method: 'DELETE',
  path: '/api/v1/admin/addresses/{id}',
  access: ban,
  summary: 'Remove a rule',
})

/** A provider's settings; its secret goes in and never comes out. */
export const ProviderSettings = z.strictObject({
  name: z.string(),
  kind: z.enum(['google', 'github', 'oidc']),
  title: z.string(),
  clientId: z.string(),
  hasSecret: z.boolean(),
  /** Of OIDC: where `/.well-known/openid-configuration` is. */
  issuer: z.string().nullable(),
  isEnabled: z.boolean(),
  /** Address to enter at the provider. */
  callbackUrl: z.string(),
})
export type ProviderSettings = z.infer<typeof ProviderSettings>
export const listProviderSettings = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/providers',
  access: signInSettings,
  summary: 'Other accounts that members may sign in with',
  result: z.strictObject({ items: z.array(ProviderSettings) }),
})
export const setProvider = defineRoute({
  method: 'PUT',
  path: '/api/v1/admin/providers/{name}',
  access: signInSettings,
  summary: 'Add or change a provider: Google, GitHub or any OIDC issuer',
  body: z.strictObject({
    kind: z.enum(['google', 'github', 'oidc']),
    title: z.string().trim().min(1).max(60),
    clientId: z.string().trim().min(1).max(300),
    /** Left out: the one that is stored stays. */
    clientSecret: z.string().min(1).max(500).optional(),
    /** Needed for `oidc`; Google's own unless said. For `github`: base address of a GitHub Enterprise server. */
    issuer: z.string().max(500).nullable().optional(),
    isEnabled: z.boolean().default(true),
  }),
  result: ProviderSettings,
})
export const removeProvider = defineRoute({
  method: 'DELETE',
  path: '/api/v1/admin/providers/{name}',
  access: signInSettings,
  summary: 'Remove a provider; accounts linked to it keep their other ways in',
})
/** RFC 9116. */
export const securityTxt = defineRoute({
  method: 'GET',
  path: '/.well-known/security.txt',
  access: 'public',
  summary: 'Whom to tell about a hole',
  result: z.string(),
  type: 'text/plain',
})
