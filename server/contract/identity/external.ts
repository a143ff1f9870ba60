import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { Id, Time } from '../values.ts'
import { DisplayName, Email, LinkToken, Username } from './account.ts'
import { Tokens } from './sign-in.ts'

/** A way to sign in by somebody else's account, as the sign-in page shows it. */
export const Provider = z.strictObject({
  /** As `google`, `github`, `keycloak`: part of the callback's address. */
  name: z.string(),
  kind: z.enum(['google', 'github', 'oidc']),
  title: z.string(),
})
export type Provider = z.infer<typeof Provider>
export const listProviders = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/providers',
  access: 'public',
  summary: 'Other accounts that one may sign in with',
  result: z.strictObject({ items: z.array(Provider) }),
})
export const startExternal = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/external/{provider}',
  access: 'public',
  summary: 'Begin to sign in (or, signed in, to link) by another account: the address to go to',
  body: z.strictObject({
    intent: z.enum(['sign-in', 'link']).default('sign-in'),
    /** Path of this site to come back to. */
    next: z.string().max(500).optional(),
    invitation: LinkToken.optional(),
  }),
  result: z.strictObject({ url: z.string() }),
  perMinute: 60,
})
/**
 * Where the provider sends the browser back: answers 302 to a page. `/login#ticket=…` asks for a second factor,
 * `/register#external=…` for a username, `/login?problem=identity.…` says why not, else the page it came from.
 */
export const externalCallback = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/external/{provider}/callback',
  access: 'public',
  summary: 'Back from the provider',
  // Others that a provider adds are left out unread, as RFC 6749, section 4.1.2 demands.
  query: z.object({
    code: z.string().max(4000).optional(),
    state: z.string().max(500).optional(),
    iss: z.string().max(500).optional(),
    error: z.string().max(200).optional(),
  }),
  perMinute: 60,
})
/** What is known of a newcomer who came by a provider, to fill the form. */
export const externalNewcomer = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/external-newcomer',
  access: 'public',
  summary: 'Name and address of somebody who came by a provider and has no account yet',
  body: z.strictObject({ ticket: LinkToken }),
  result: z.strictObject({
    provider: z.string(),
    email: z.string().nullable(),
    username: z.string(),
    displayName: z.string(),
  }),
  perMinute: 60,
})
export const registerExternal = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/register-external',
  access: 'public',
  summary: 'Open an account for somebody who came by a provider',
  body: z.strictObject({
    ticket: LinkToken,
    username: Username,
    displayName: DisplayName.optional(),
    /** Only where the provider gave none. */
    email: Email.optional(),
    acceptsTerms: z.boolean().optional(),
  }),
  result: Tokens,
  perMinute: 60,
})
export const LinkedIdentity = z.strictObject({
  id: Id,
  provider: z.string(),
  title: z.string(),
  email: z.string().nullable(),
  createdAt: Time,
  usedAt: Time.nullable(),
})
export type LinkedIdentity = z.infer<typeof LinkedIdentity>
export const listIdentities = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/identities',
  access: 'signed-in',
  summary: 'Other accounts linked to this one',
  result: z.strictObject({ items: z.array(LinkedIdentity) }),
})
export const unlinkIdentity = defineRoute({
  method: 'DELETE',
  path: '/api/v1/auth/identities/{id}',
  access: 'signed-in',
  summary: 'Unlink another account; the last way in cannot be removed',
})
