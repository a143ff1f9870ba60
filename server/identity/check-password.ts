import { identity } from '#contract'
import type { IdentityParts } from './parts.ts'
import { judgePassword } from './password-policy.ts'

/** How good a password is, while it is written. */
export function checkPasswordRoutes(parts: IdentityParts): void {
  parts.router.handle(identity.checkPassword, ({ body: { password, about = [] } }, call) => {
    const { email = '', username = '', displayName = '' } = call.account ?? {}
    const words = [...about, email, username, displayName, parts.site.title(), 'veza']
    return judgePassword(password, words, call.language)
  })
}
