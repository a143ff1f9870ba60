import type { IdentityParts } from '../parts.ts'
import { createDoors } from './doors.ts'
import { externalRoutes } from './external-routes.ts'
import { newcomerRoutes } from './newcomer-routes.ts'
import { providerRoutes } from './provider-routes.ts'

/** Sign-in by accounts of other servers, and its settings. */
export function externalSignInRoutes(parts: IdentityParts): void {
  const doors = createDoors(parts)
  externalRoutes(parts, doors)
  newcomerRoutes(parts)
  providerRoutes(parts, doors)
}
