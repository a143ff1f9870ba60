import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { findAccount, setPreferences } from './accounts.ts'

/** News are sent to who asked for them; what concerns somebody's own doings, until they say no. */
const atFirst: identity.MailPreferences = { news: false, live: true, replies: true }
const Stored = identity.MailPreferences.partial()

/** Which mails an account wants. */
export async function mailPreferences(db: Db, accountId: string): Promise<identity.MailPreferences> {
  const account = await findAccount(db, accountId)
  return mailPreferencesOf(account?.preferencesJson ?? {})
}

/** The same for an account that was looked up. */
export function mailPreferencesOf(preferences: Record<string, unknown>): identity.MailPreferences {
  const stored = Stored.safeParse(preferences.mail ?? {})
  return stored.success ? over(atFirst, stored.data) : atFirst
}

/** Changes what is given; resolves to all of them. */
export async function setMailPreferences(
  db: Db,
  accountId: string,
  change: Partial<Record<keyof identity.MailPreferences, boolean | undefined>>,
): Promise<identity.MailPreferences> {
  const mail = over(await mailPreferences(db, accountId), change)
  await setPreferences(db, accountId, { mail })
  return mail
}

const over = (
  { news, live, replies }: identity.MailPreferences,
  change: Partial<Record<keyof identity.MailPreferences, boolean | undefined>>,
): identity.MailPreferences => ({
  news: change.news ?? news,
  live: change.live ?? live,
  replies: change.replies ?? replies,
})
