import { loginRoutes } from './login.ts'
import type { IdentityParts } from './parts.ts'
import { registerRoutes } from './register.ts'
import { sessionRoutes } from './session-routes.ts'
import { setUpRoutes } from './set-up-routes.ts'

/** Accounts, sign-in, factors: every route of identity, one line a noun. */
export function identityRoutes(parts: IdentityParts): void {
  registerRoutes(parts)
  loginRoutes(parts)
  sessionRoutes(parts)
  setUpRoutes(parts)
}
