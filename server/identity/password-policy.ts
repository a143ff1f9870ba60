import { identity } from '#contract'
import { problem } from '../sdk/index.ts'
import type { AccountRow } from './accounts.ts'
import type { IdentityParts } from './parts.ts'

/** How hard a password is to guess. */
export interface PasswordVerdict {
  /** zxcvbn's: 0 (at once) to 4 (not in centuries). */
  score: 0 | 1 | 2 | 3 | 4
  isAccepted: boolean
  /** One sentence why it is refused; null where it is accepted. */
  reason: string | null
}

/**
 * Judges a password; `about` are words that would be easy to guess here, `language` is that of the reason (`en` or
 * `fr`). Loaded on first use.
 */
export async function judgePassword(
  password: string,
  about: readonly string[],
  language = 'en',
): Promise<PasswordVerdict> {
  const { judge } = await import('./password-strength.ts')
  return judge(password, about, language)
}

/** Throws identity.weak-password with the sentence at the field. */
export async function refuseWeakPassword(
  password: string,
  about: readonly string[],
  { language, pointer = '/password' }: { language: string; pointer?: string },
): Promise<void> {
  const { isAccepted, reason } = await judgePassword(password, about, language)
  if (isAccepted) return
  const message = reason ?? identity.weakPassword.title
  throw problem(identity.weakPassword, message, { errors: [{ pointer, message }] })
}

/** What is easy to guess of somebody here: their names and address, and the label's name. */
export function wordsAbout(
  { site }: Pick<IdentityParts, 'site'>,
  account: Pick<AccountRow, 'email' | 'username'> & { displayName?: string | undefined },
): string[] {
  return [account.email, account.username, account.displayName ?? '', site.title(), 'veza']
}
