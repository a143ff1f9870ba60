import { identity } from '#contract'
import { type Call, ProblemError, problem } from '../sdk/index.ts'
import { type AccountRow, noPassword } from './accounts.ts'
import { requireRecent } from './begin-session.ts'
import { accountOf } from './factor-guard.ts'
import { provePassword } from './login.ts'
import { setNewPassword } from './new-password.ts'
import type { IdentityParts } from './parts.ts'
import { refuseWeakPassword, wordsAbout } from './password-policy.ts'
import { hashPassword } from './passwords.ts'
import { renewSession, sessionMs } from './sessions.ts'

/** Changing the password while signed in. */
export function changePasswordRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.changePassword, async ({ body }, call) => {
    const account = await accountOf(parts, call)
    if (account.passwordHash === noPassword) await requireRecent(parts, call)
    else await proveOwn(parts, call, account, { password: body.currentPassword, pointer: '/currentPassword' })
    const { language, sessionId } = call
    await refuseWeakPassword(body.newPassword, wordsAbout(parts, account), {
      language,
      pointer: '/newPassword',
    })
    const passwordHash = await hashPassword(body.newPassword)
    const cookie = await db.tx(async (tx) => {
      const change = { passwordHash, action: 'password.changed', keep: sessionId } as const
      await setNewPassword(parts, tx, { account, call, change })
      return sessionId && (await renewSession(tx, sessionId)).cookie
    })
    if (cookie) call.setCookie(parts.cookieName, cookie, { maxAgeMs: sessionMs })
  })
}

const wrong = {
  en: 'This is not your present password.',
  fr: 'Ce n’est pas votre mot de passe actuel.',
}

/** Proves the caller's password; throws identity.wrong-credentials with a sentence at the field, or .slow-down. */
export async function proveOwn(
  parts: IdentityParts,
  call: Call,
  account: AccountRow,
  { password = '', pointer }: { password: string | undefined; pointer: string },
): Promise<void> {
  try {
    await provePassword(parts, call, { account, name: account.username, password })
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem !== identity.wrongCredentials) throw error
    const message = wrong[call.language === 'fr' ? 'fr' : 'en']
    throw problem(identity.wrongCredentials, message, { errors: [{ pointer, message }] })
  }
}
