import { accountLeavingRoutes } from './account-leaving.ts'
import { accountRoutes } from './account-routes.ts'
import { addressRuleRoutes } from './address-rule-routes.ts'
import { appPasswordRoutes } from './app-password-routes.ts'
import { changeEmailRoutes } from './change-email.ts'
import { changePasswordRoutes } from './change-password.ts'
import { changeUsernameRoutes } from './change-username.ts'
import { checkPasswordRoutes } from './check-password.ts'
import { confirmRoutes } from './confirm.ts'
import { consentRoutes } from './consents.ts'
import { dataExportRoutes } from './data-export.ts'
import { externalSignInRoutes } from './external/index.ts'
import { factorRoutes } from './factor-routes.ts'
import { forgotRoutes } from './forgot.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { loginRoutes } from './login.ts'
import type { IdentityParts } from './parts.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { preferenceRoutes } from './preferences.ts'
import { registerRoutes } from './register.ts'
import { resetRoutes } from './reset.ts'
import { roleRoutes } from './role-routes.ts'
import { secondFactorRoutes } from './second-factor.ts'
import { securityEventRoutes } from './security-events.ts'
import { sessionRoutes } from './session-routes.ts'
import { setUpRoutes } from './set-up-routes.ts'
import { totpRoutes } from './totp-routes.ts'
import { verifyRoutes } from './verify-routes.ts'

/** Accounts, sign-in, factors: every route of identity, one line a noun. */
export function identityRoutes(parts: IdentityParts): void {
  registerRoutes(parts)
  loginRoutes(parts)
  secondFactorRoutes(parts)
  confirmRoutes(parts)
  factorRoutes(parts)
  totpRoutes(parts)
  passkeyRoutes(parts)
  appPasswordRoutes(parts)
  externalSignInRoutes(parts)
  sessionRoutes(parts)
  setUpRoutes(parts)
  verifyRoutes(parts)
  forgotRoutes(parts)
  resetRoutes(parts)
  checkPasswordRoutes(parts)
  changePasswordRoutes(parts)
  changeEmailRoutes(parts)
  changeUsernameRoutes(parts)
  preferenceRoutes(parts)
  consentRoutes(parts)
  securityEventRoutes(parts)
  accountRoutes(parts)
  roleRoutes(parts)
  invitationRoutes(parts)
  addressRuleRoutes(parts)
  dataExportRoutes(parts)
  accountLeavingRoutes(parts)
}
