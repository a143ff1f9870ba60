import type { CatalogApi, TrackRules } from '#plugins/catalog'
import type { Account } from '#sdk'
import type { PlaylistRow } from './playlists.ts'

/** What smart playlists pick, kept for some seconds: a page asks several times, and many people ask at once. */
export interface Picks {
  of(row: PlaylistRow, asking: Account | null): Promise<string[]>
  forget(playlistId: string): void
}

const keptMs = 5000
const mostKept = 200
const nothing: ReadonlySet<string> = new Set()

export function keepPicks(catalog: CatalogApi): Picks {
  const kept = new Map<string, { at: number; ids: Promise<string[]> }>()
  return {
    of(row, asking) {
      // Favourites and stars in the rules are the owner’s; what the owner may find by a role, only the owner is shown.
      const isOwner = asking?.id === row.ownerId
      const key = `${row.id} ${isOwner}`
      const known = kept.get(key)
      if (known && Date.now() - known.at < keptMs) return known.ids
      const who = { id: row.ownerId, permissions: isOwner ? asking.permissions : nothing }
      const ids = catalog.pick(row.rulesJson as TrackRules, who)
      kept.delete(key)
      kept.set(key, { at: Date.now(), ids })
      ids.catch(() => kept.delete(key))
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
      return ids
    },
    forget(playlistId) {
      for (const isOwner of [true, false]) kept.delete(`${playlistId} ${isOwner}`)
    },
  }
}
