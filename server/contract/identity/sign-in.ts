import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { Id, Time } from '../values.ts'
import { DisplayName, Email, GivenPassword, LinkToken, Me, Password, Username } from './account.ts'

/** Bearer pair for programs; browsers keep the httpOnly cookie instead. */
export const Tokens = z.strictObject({
  /** JWT (RFC 9068), EdDSA; keys at /.well-known/jwks.json. */
  accessToken: z.string(),
  refreshToken: z.string(),
  /** When the access token runs out. */
  expiresAt: Time,
  account: Me,
})
export type Tokens = z.infer<typeof Tokens>

export const register = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/register',
  access: 'public',
  summary: 'Open an account and sign in; a link to confirm the address is mailed',
  body: z.strictObject({
    email: Email,
    username: Username,
    password: Password,
    displayName: DisplayName.optional(),
    /** Of an invitation link; it brings its role, also where registration is by invitation. */
    invitation: LinkToken.optional(),
    /** Needed where the label shows terms. */
    acceptsTerms: z.boolean().optional(),
  }),
  result: Tokens,
  perMinute: 300,
})
export const login = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/login',
  access: 'public',
  summary: 'Sign in by e-mail address or username; 401 with a ticket where a second factor is needed',
  body: z.strictObject({
    /** E-mail address or username. */
    login: z.string().min(1).max(254).optional(),
    email: z.string().min(1).max(254).optional(),
    password: GivenPassword,
  }),
  result: Tokens,
  perMinute: 300,
})
/** What the problem `identity.second-factor-needed` carries beside its title. */
export const SecondFactorTicket = z.strictObject({
  ticket: z.string(),
  methods: z.array(z.enum(['totp', 'passkey', 'recovery'])),
})
export type SecondFactorTicket = z.infer<typeof SecondFactorTicket>
export const secondFactor = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/second-factor',
  access: 'public',
  summary: 'Finish signing in by a code of the authenticator app, or a recovery code',
  body: z.strictObject({ ticket: LinkToken, code: z.string().trim().min(6).max(40) }),
  result: Tokens,
  perMinute: 60,
})
export const refresh = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/refresh',
  access: 'public',
  summary: 'Trade a refresh token for a new pair; the old one is spent, and a spent one ends the session',
  body: z.strictObject({ refreshToken: LinkToken }),
  result: Tokens,
})
export const logout = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/logout',
  access: 'public',
  summary: 'End this session: its cookie, access token and refresh token',
})
export const logoutAll = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/logout-all',
  access: 'signed-in',
  summary: 'End every session of the account, this one too',
})
/** Proves again who sits there; sensitive changes ask for it when the last proof is older than 15 minutes. */
export const confirmIdentity = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/confirm',
  access: 'signed-in',
  summary: 'Prove again who you are: by password, a code (of the app or a recovery code) or a passkey',
  body: z.strictObject({
    password: GivenPassword.optional(),
    code: z.string().trim().min(6).max(40).optional(),
    /** Ticket of `passkeyRequest`, and the browser's answer. */
    passkey: z
      .strictObject({ ticket: z.string().max(200), response: z.record(z.string(), z.unknown()) })
      .optional(),
  }),
  perMinute: 30,
})

export const Session = z.strictObject({
  id: Id,
  /** As `Firefox on Linux`. */
  device: z.string(),
  address: z.string(),
  /** How it began: `password`, `totp`, `recovery`, `passkey`, `external`. */
  methods: z.array(z.string()),
  isCurrent: z.boolean(),
  createdAt: Time,
  seenAt: Time,
})
export type Session = z.infer<typeof Session>
export const listSessions = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/sessions',
  access: 'signed-in',
  summary: 'Where the account is signed in: device, address, begun, last seen',
  result: z.strictObject({ items: z.array(Session) }),
})
export const endSession = defineRoute({
  method: 'DELETE',
  path: '/api/v1/auth/sessions/{id}',
  access: 'signed-in',
  summary: 'End one session of the account',
})
export const endOtherSessions = defineRoute({
  method: 'DELETE',
  path: '/api/v1/auth/sessions',
  access: 'signed-in',
  summary: 'End every other session of the account',
  result: z.strictObject({ ended: z.number().int() }),
})
/** Public keys of the access tokens (RFC 7517), old ones as long as a token of theirs may live. */
export const jwks = defineRoute({
  method: 'GET',
  path: '/.well-known/jwks.json',
  access: 'public',
  summary: 'Public keys of the access tokens',
  result: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) }),
})
/** The first owner, by the one-time link that `veza init` and `veza start` print. */
export const setUp = defineRoute({
  method: 'POST',
  path: '/api/v1/setup',
  access: 'public',
  summary: 'Make the owner by the one-time set-up link',
  body: z.strictObject({
    token: LinkToken,
    email: Email,
    username: Username,
    password: Password,
    title: z.string().trim().min(1).max(80).optional(),
  }),
  result: Tokens,
  perMinute: 20,
})
export const setUpState = defineRoute({
  method: 'GET',
  path: '/api/v1/setup',
  access: 'public',
  summary: 'Whether this site still waits for its owner, and whether the link is good',
  query: z.strictObject({ token: z.string().max(200).optional() }),
  result: z.strictObject({ isDone: z.boolean(), isTokenGood: z.boolean() }),
})
