import type { Log } from '#sdk'
import type { Badge, BadgeSource } from './contract.ts'

/** Where badges come from: other plugins, by name. */
export interface Badges {
  add(owner: string, source: BadgeSource): () => void
  of(accountId: string): Promise<Badge[]>
}

export function createBadges(log: Log): Badges {
  const sources = new Map<string, BadgeSource>()
  return {
    add: (owner, source) => {
      sources.set(owner, source)
      return () => {
        if (sources.get(owner) === source) sources.delete(owner)
      }
    },
    of: async (accountId) => {
      const found = await Promise.all(
        [...sources].map(async ([owner, source]) => {
          try {
            return (await source([accountId])).get(accountId) ?? []
          } catch (error) {
            log.warn({ err: error, from: owner }, 'badges are missing from a profile')
            return []
          }
        }),
      )
      return found.flat()
    },
  }
}
