import type { IdentityParts } from '../parts.ts'
import { createGithub } from './github.ts'
import type { ExternalDoor } from './person.ts'
import type { ProviderRow } from './providers.ts'

/** How to speak with a provider, by its kind. */
export type Doors = (row: Pick<ProviderRow, 'kind'>) => ExternalDoor

export function createDoors(parts: Pick<IdentityParts, 'keyring' | 'now' | 'allowPrivateIssuers'>): Doors {
  const github = createGithub(parts)
  const oidc = whenAsked(async () => (await import('./oidc.ts')).createOidc(parts))
  return ({ kind }) => (kind === 'github' ? github : oidc)
}

/** Most labels have no such provider: what speaks with one is loaded with the first who asks for it. */
function whenAsked(load: () => Promise<ExternalDoor>): ExternalDoor {
  let loaded: Promise<ExternalDoor> | undefined
  const door = () => {
    loaded ??= load()
    return loaded
  }
  return {
    address: async (row, attempt) => (await door()).address(row, attempt),
    personOf: async (row, attempt, query) => (await door()).personOf(row, attempt, query),
    check: async (row) => (await door()).check(row),
  }
}
