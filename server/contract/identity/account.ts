import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { Id, Time } from '../values.ts'

export const Username = z.string().regex(/^[a-z0-9](?:[a-z0-9_-]{0,28}[a-z0-9])$/, {
  error:
    'Use 2 to 30 lower-case letters, digits, hyphens or underscores, beginning and ending with a letter or digit.',
})
export const Email = z
  .email({ error: 'This does not look like an e-mail address.' })
  .max(254)
  .transform((text) => text.toLowerCase())
/** A password to be set. Strength and the list of common ones are checked by the server beside this. */
export const Password = z
  .string()
  .min(10, { error: 'Use at least 10 characters.' })
  .max(256, { error: 'Use at most 256 characters.' })
/** A password to be compared: anything that may have been set. */
export const GivenPassword = z.string().min(1, { error: 'Write your password.' }).max(256)
/**
 * Signs that change how a line reads without being seen: control and format characters (line breaks, the direction
 * of writing, no width), fillers, halves of pairs. A joiner between two parts of one emoji is none of them.
 */
export const unseen =
  /(?<!\p{Extended_Pictographic}[\u{fe0f}\u{1f3fb}-\u{1f3ff}]?)\u{200d}|\u{200d}(?!\p{Extended_Pictographic})|(?!\u{200d})[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}]/gu
const seen = /[\p{L}\p{N}\p{P}\p{S}]/u
/** A shown name: one line of visible signs, composed (NFC), with at most three marks on a letter. */
export const DisplayName = z
  .string()
  .normalize('NFC')
  .trim()
  .min(1)
  .max(60)
  .refine((text) => text.search(unseen) === -1 && seen.test(text) && !/\p{M}{4}/u.test(text), {
    error: 'Use visible letters and signs on one line, without invisible characters.',
  })
/** The secret part of a mailed or shown link. */
export const LinkToken = z.string().min(10).max(200)
export const Language = z.enum(['en', 'fr'])
export type Language = z.infer<typeof Language>
const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
/** IANA name, as Europe/Paris: dates are written in it. */
const TimeZone = z.string().max(60).refine(isZone, { error: 'Use the name of a time zone, as Europe/Paris.' })

/** What everybody may know of an account; plugins show it beside what somebody wrote. */
export const Person = z.strictObject({
  id: Id,
  username: z.string(),
  displayName: z.string(),
  /** Signed address of a square picture of 96 pixels; null where there is none. */
  avatarUrl: z.string().nullable(),
})
export type Person = z.infer<typeof Person>

/** The signed-in account, as the pages see it. */
export const Me = z.strictObject({
  id: Id,
  email: z.string(),
  username: z.string(),
  displayName: z.string(),
  avatarUrl: z.string().nullable(),
  roles: z.array(z.string()),
  /** What this session may do: a role that asks for two factors counts only in a session that has them. */
  permissions: z.array(z.string()),
  isEmailVerified: z.boolean(),
  /** A role of the account asks for a second factor, and this session has none. */
  needsSecondFactor: z.boolean(),
  language: Language.nullable(),
  timeZone: z.string().nullable(),
  theme: z.enum(['system', 'light', 'dark']).nullable(),
})
export type Me = z.infer<typeof Me>

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
  summary: 'Change the shown name, language, time zone and look',
  body: z.strictObject({
    displayName: DisplayName.optional(),
    language: Language.nullable().optional(),
    timeZone: TimeZone.nullable().optional(),
    theme: z.enum(['system', 'light', 'dark']).nullable().optional(),
  }),
  result: Me,
})
/** At most once in 30 days; the old name leads to the new one and stays taken. */
export const changeUsername = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/change-username',
  access: 'signed-in',
  summary: 'Change the username; the old one leads to the new one',
  body: z.strictObject({ username: Username }),
  result: Me,
  perMinute: 20,
})

/** Which mails an account wants; what concerns its safety is always sent. */
export const MailPreferences = z.strictObject({
  /** News of the label. */
  news: z.boolean(),
  /** A stream of somebody followed begins. */
  live: z.boolean(),
  /** Somebody answers or mentions. */
  replies: z.boolean(),
})
export type MailPreferences = z.infer<typeof MailPreferences>
export const getPreferences = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/preferences',
  access: 'signed-in',
  summary: 'Which mails the account wants',
  result: MailPreferences,
})
export const updatePreferences = defineRoute({
  method: 'PATCH',
  path: '/api/v1/auth/preferences',
  access: 'signed-in',
  summary: 'Change which mails the account wants',
  body: MailPreferences.partial(),
  result: MailPreferences,
})

/** One line of what happened to the account, for its holder. */
export const SecurityEvent = z.strictObject({
  id: Id,
  at: Time,
  /** As `session.began`, `totp.confirmed`. */
  action: z.string(),
  address: z.string().nullable(),
  device: z.string().nullable(),
})
export type SecurityEvent = z.infer<typeof SecurityEvent>
export const listSecurityEvents = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/security-events',
  access: 'signed-in',
  summary: 'What happened to the account: sign-ins, changed passwords, factors; newest first',
  query: z.strictObject({
    after: Id.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(30),
  }),
  result: z.strictObject({ items: z.array(SecurityEvent), next: Id.nullable() }),
})

/** Consents the label asked for, by kind and version (GDPR, article 7). */
export const Consent = z.strictObject({
  kind: z.enum(['terms', 'privacy', 'news']),
  version: z.string(),
  givenAt: Time,
  withdrawnAt: Time.nullable(),
})
export type Consent = z.infer<typeof Consent>
export const listConsents = defineRoute({
  method: 'GET',
  path: '/api/v1/auth/consents',
  access: 'signed-in',
  summary: 'What the account agreed to, and when',
  result: z.strictObject({ items: z.array(Consent) }),
})
export const setConsent = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/consents',
  access: 'signed-in',
  summary: 'Agree, or take back an agreement',
  body: z.strictObject({ kind: Consent.shape.kind, isGiven: z.boolean() }),
  result: z.strictObject({ items: z.array(Consent) }),
})
