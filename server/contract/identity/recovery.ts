import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { Email, GivenPassword, LinkToken, Password } from './account.ts'

export const forgot = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/forgot',
  access: 'public',
  summary: 'Mail a link to set a new password; answers alike whether the address is known or not',
  body: z.strictObject({ email: Email }),
  perMinute: 60,
})
export const reset = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/reset',
  access: 'public',
  summary: 'Set a new password by the mailed link; ends every session',
  body: z.strictObject({ token: LinkToken, password: Password }),
  perMinute: 60,
})
export const verify = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/verify',
  access: 'public',
  summary: 'Take a mailed link: confirms an address, finishes a change of address, or undoes one',
  body: z.strictObject({ token: LinkToken }),
  result: z.strictObject({
    /** What the link did. */
    done: z.enum(['verified', 'changed', 'undone']),
    email: z.string(),
  }),
  perMinute: 60,
})
export const resendVerification = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/verify/resend',
  access: 'signed-in',
  summary: 'Mail the link that confirms the address again',
  perMinute: 5,
})
export const changePassword = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/change-password',
  access: 'signed-in',
  summary: 'Change the password; ends the other sessions and renews this one',
  body: z.strictObject({
    /** Left out where the account has none yet (made by an external sign-in). */
    currentPassword: GivenPassword.optional(),
    newPassword: Password,
  }),
  perMinute: 30,
})
export const changeEmail = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/change-email',
  access: 'signed-in',
  summary: 'Ask for another address: the new one gets a link to confirm, the old one a link to undo',
  body: z.strictObject({ email: Email, password: GivenPassword.optional() }),
  perMinute: 20,
})
/** How good a password is, by the server's own rules; the pages ask while it is written. */
export const checkPassword = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/password-strength',
  access: 'public',
  summary: 'How hard a password is to guess, and what would make it better',
  body: z.strictObject({
    password: z.string().max(256),
    /** Words that would be easy to guess here: name, address. */
    about: z.array(z.string().max(254)).max(5).optional(),
  }),
  result: z.strictObject({
    /** 0 (at once) to 4 (not in centuries). */
    score: z.number().int().min(0).max(4),
    isAccepted: z.boolean(),
    /** One sentence why it is refused; null where it is accepted. */
    reason: z.string().nullable(),
  }),
  perMinute: 240,
})
export const exportData = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/exports',
  access: 'signed-in',
  summary: 'Put everything about the account into an archive; a job does it',
  result: z.strictObject({ id: z.uuid() }),
  perMinute: 6,
})
export const DataExport = z.strictObject({
  id: z.uuid(),
  state: z.enum(['waiting', 'ready', 'failed', 'expired']),
  createdAt: z.string(),
  sizeBytes: z.number().int().nullable(),
  /** Signed, for an hour. */
  url: z.string().nullable(),
})
export type DataExport = z.infer<typeof DataExport>
export const listExports = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/exports',
  access: 'signed-in',
  summary: 'Archives of the account’s data, newest first',
  result: z.strictObject({ items: z.array(DataExport) }),
})
export const deleteAccount = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/delete-account',
  access: 'signed-in',
  summary: 'Delete the account after 14 days; signing in before that keeps it',
  body: z.strictObject({
    password: GivenPassword.optional(),
    /** The username, typed as a confirmation. */
    username: z.string().max(30),
  }),
  result: z.strictObject({ deletedAt: z.string() }),
  perMinute: 20,
})
