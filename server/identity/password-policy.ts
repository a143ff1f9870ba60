import { identity } from '#contract'
import { problem } from '../sdk/index.ts'

/** How hard a password is to guess. */
export interface PasswordVerdict {
  /** zxcvbn's: 0 (at once) to 4 (not in centuries). */
  score: 0 | 1 | 2 | 3 | 4
  isAccepted: boolean
  reason: string | null
}

/** Judges a password; `about` are words that would be easy to guess here. Loaded on first use. */
export async function judgePassword(password: string, about: readonly string[]): Promise<PasswordVerdict> {
  const { judge } = await import('./password-strength.ts')
  return judge(password, about)
}

/** Throws identity.weak-password with the sentence at the field. */
export async function refuseWeakPassword(
  password: string,
  about: readonly string[],
  pointer = '/password',
): Promise<void> {
  const { isAccepted, reason } = await judgePassword(password, about)
  if (isAccepted) return
  const message = reason ?? identity.weakPassword.title
  throw problem(identity.weakPassword, message, { errors: [{ pointer, message }] })
}
