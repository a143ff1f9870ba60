import { z } from 'zod'
import { defineRoute } from './route.ts'
import { defineProblem } from './tokens.ts'
import { Id, Time } from './values.ts'

export const Username = z.string().regex(/^[a-z0-9](?:[a-z0-9_-]{0,28}[a-z0-9])$/, {
  error:
    'Use 2 to 30 lower-case letters, digits, hyphens or underscores, beginning and ending with a letter or digit.',
})
export const Email = z
  .email({ error: 'This does not look like an e-mail address.' })
  .max(254)
  .transform((text) => text.toLowerCase())
export const Password = z
  .string()
  .min(10, { error: 'Use at least 10 characters.' })
  .max(256, { error: 'Use at most 256 characters.' })

/** The signed-in account, as the pages see it. */
export const Me = z.strictObject({
  id: Id,
  email: z.string(),
  username: z.string(),
  displayName: z.string(),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
})
export type Me = z.infer<typeof Me>

/** Bearer pair for programs; browsers keep the httpOnly cookie instead. */
export const Tokens = z.strictObject({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresAt: Time,
  account: Me,
})

const Credentials = z.strictObject({
  /** E-mail address or username. */
  login: z.string().min(1).max(254).optional(),
  email: z.string().min(1).max(254).optional(),
  password: z.string().min(1).max(256),
})

export const register = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/register',
  access: 'public',
  summary: 'Open an account and sign in; sets the session cookie and answers tokens',
  body: z.strictObject({
    email: Email,
    username: Username,
    password: Password,
    displayName: z.string().trim().min(1).max(60).optional(),
  }),
  result: Tokens,
  perMinute: 30,
})
export const login = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/login',
  access: 'public',
  summary: 'Sign in by e-mail address or username; sets the session cookie and answers tokens',
  body: Credentials,
  result: Tokens,
  perMinute: 60,
})
export const refresh = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/refresh',
  access: 'public',
  summary: 'Trade a refresh token for a new pair; the old one is spent',
  body: z.strictObject({ refreshToken: z.string().min(10).max(200) }),
  result: Tokens,
})
export const logout = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/logout',
  access: 'public',
  summary: 'End this session: its cookie, access token and refresh token',
})
export const me = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/me',
  access: 'signed-in',
  summary: 'The signed-in account with its permissions',
  result: Me,
})
export const updateMe = defineRoute({
  method: 'PATCH',
  path: '/api/v1/auth/me',
  access: 'signed-in',
  summary: 'Change the shown name',
  body: z.strictObject({ displayName: z.string().trim().min(1).max(60) }),
  result: Me,
})
/** The first owner, by the one-time link that `veza init` and `veza start` print. */
export const setUp = defineRoute({
  method: 'POST',
  path: '/api/v1/setup',
  access: 'public',
  summary: 'Make the owner by the one-time set-up link',
  body: z.strictObject({
    token: z.string().min(10).max(200),
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

export const wrongCredentials = defineProblem({
  name: 'identity.wrong-credentials',
  status: 401,
  title: 'The name or the password is not right.',
})
export const taken = defineProblem({
  name: 'identity.taken',
  status: 409,
  title: 'That name or address is already in use.',
})
export const registrationClosed = defineProblem({
  name: 'identity.registration-closed',
  status: 403,
  title: 'This label does not take new registrations.',
})
export const suspended = defineProblem({
  name: 'identity.suspended',
  status: 403,
  title: 'This account is suspended; ask the label.',
})
export const badRefreshToken = defineProblem({
  name: 'identity.bad-refresh-token',
  status: 401,
  title: 'This session has ended; please sign in again.',
})
export const setUpDone = defineProblem({
  name: 'identity.set-up-done',
  status: 409,
  title: 'This site already has its owner; sign in instead.',
})
export const badSetUpLink = defineProblem({
  name: 'identity.bad-set-up-link',
  status: 403,
  title: 'This set-up link is not good; run `veza start` again to see the current one.',
})
