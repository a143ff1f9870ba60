import type { IdentityParts } from '../parts.ts'
import { createGithub } from './github.ts'
import { createOidc } from './oidc.ts'
import type { ExternalDoor } from './person.ts'
import type { ProviderRow } from './providers.ts'

/** How to speak with a provider, by its kind. */
export type Doors = (row: Pick<ProviderRow, 'kind'>) => ExternalDoor

export function createDoors(parts: Pick<IdentityParts, 'keyring' | 'now' | 'allowPrivateIssuers'>): Doors {
  const [oidc, github] = [createOidc(parts), createGithub(parts)]
  return ({ kind }) => (kind === 'github' ? github : oidc)
}
