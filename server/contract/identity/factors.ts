import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { Id, Time } from '../values.ts'
import { GivenPassword } from './account.ts'
import { Tokens } from './sign-in.ts'

/** Ways into the account: what is set up, and how to change it. */
export const Factors = z.strictObject({
  hasPassword: z.boolean(),
  hasTotp: z.boolean(),
  recoveryCodesLeft: z.number().int(),
  passkeys: z.array(z.strictObject({ id: Id, name: z.string(), createdAt: Time, usedAt: Time.nullable() })),
  /** Roles of the account that ask for a second factor. */
  neededBy: z.array(z.string()),
})
export type Factors = z.infer<typeof Factors>
export const getFactors = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/factors',
  access: 'signed-in',
  summary: 'Password, authenticator app, recovery codes and passkeys of the account',
  result: Factors,
})

export const enrolTotp = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/totp/enrol',
  access: 'signed-in',
  summary: 'Begin with an authenticator app: its secret, as text and as an otpauth address for a QR code',
  result: z.strictObject({ secret: z.string(), uri: z.string() }),
})
export const confirmTotp = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/totp/confirm',
  access: 'signed-in',
  summary: 'Prove that the app works; answers the recovery codes, shown only now',
  body: z.strictObject({
    code: z
      .string()
      .trim()
      .regex(/^\d{3}\s?\d{3}$/, { error: 'Write the six digits the app shows.' }),
  }),
  result: z.strictObject({ recoveryCodes: z.array(z.string()) }),
  perMinute: 30,
})
export const disableTotp = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/totp/disable',
  access: 'signed-in',
  summary: 'Stop asking for the authenticator app; its recovery codes go with it',
  body: z.strictObject({
    password: GivenPassword.optional(),
    code: z.string().trim().min(6).max(40).optional(),
  }),
  perMinute: 30,
})
export const newRecoveryCodes = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/recovery-codes',
  access: 'signed-in',
  summary: 'Ten new recovery codes, shown only now; the old ones end',
  result: z.strictObject({ recoveryCodes: z.array(z.string()) }),
  perMinute: 10,
})

/** What the browser's WebAuthn call takes and gives, as JSON (WebAuthn level 3, section 5.1). */
const WebAuthnJson = z.record(z.string(), z.unknown())
export const passkeyCreation = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/passkeys/creation',
  access: 'signed-in',
  summary: 'Options for navigator.credentials.create, and the ticket that goes back with its answer',
  result: z.strictObject({ ticket: z.string(), options: WebAuthnJson }),
  perMinute: 30,
})
export const addPasskey = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/passkeys',
  access: 'signed-in',
  summary: 'Keep the new passkey under a name',
  body: z.strictObject({
    ticket: z.string().max(200),
    response: WebAuthnJson,
    name: z.string().trim().min(1).max(60),
  }),
  result: z.strictObject({ id: Id }),
  perMinute: 30,
})
export const removePasskey = defineRoute({
  method: 'DELETE',
  path: '/api/v1/auth/passkeys/{id}',
  access: 'signed-in',
  summary: 'Forget a passkey; the last way in cannot be removed',
})
export const passkeyRequest = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/passkeys/request',
  access: 'public',
  summary: 'Options for navigator.credentials.get; with the ticket of a second factor, for that account only',
  body: z.strictObject({ ticket: z.string().max(200).optional() }),
  result: z.strictObject({ ticket: z.string(), options: WebAuthnJson }),
  perMinute: 60,
})
export const passkeyLogin = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/passkeys/login',
  access: 'public',
  summary: 'Sign in by a passkey, alone or as the second factor',
  body: z.strictObject({ ticket: z.string().max(200), response: WebAuthnJson }),
  result: Tokens,
  perMinute: 60,
})

/** What an app password opens; each protocol of other programs is one. */
export const AppPasswordScope = z.enum(['subsonic', 'webdav', 'api-read'])
export type AppPasswordScope = z.infer<typeof AppPasswordScope>
export const AppPassword = z.strictObject({
  id: Id,
  name: z.string(),
  scopes: z.array(AppPasswordScope),
  createdAt: Time,
  usedAt: Time.nullable(),
})
export type AppPassword = z.infer<typeof AppPassword>
export const listAppPasswords = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/app-passwords',
  access: 'signed-in',
  summary: 'Passwords of other programs: name, what they open, last use',
  result: z.strictObject({ items: z.array(AppPassword) }),
})
export const createAppPassword = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/app-passwords',
  access: 'signed-in',
  summary: 'A new password for one program or device, shown only now',
  body: z.strictObject({
    name: z.string().trim().min(1).max(60),
    scopes: z.array(AppPasswordScope).min(1).max(10).default(['api-read']),
  }),
  result: AppPassword.extend({ password: z.string() }),
  perMinute: 20,
})
export const removeAppPassword = defineRoute({
  method: 'DELETE',
  path: '/api/v1/auth/app-passwords/{id}',
  access: 'signed-in',
  summary: 'End an app password at once',
})
