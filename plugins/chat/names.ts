import type { Accounts } from '#sdk'

/** What messages show of their author. */
export interface Name {
  username: string
  displayName: string
}

/** Names by account id, asked in one go for those not known; accounts that are gone are left out. */
export type Names = (ids: string[]) => Promise<Map<string, Name>>

/** Remembers names for `ttlMs`, so that a busy room does not ask for them at each message. */
export function createNames(accounts: Accounts, { ttlMs, max }: { ttlMs: number; max: number }): Names {
  const known = new Map<string, { until: number; name: Name | null }>()
  return async (ids) => {
    const now = performance.now()
    const missing = ids.filter((id) => (known.get(id)?.until ?? 0) <= now)
    const found = missing.length > 0 ? await accounts.byIds(missing) : new Map<string, Name>()
    if (known.size + missing.length > max) known.clear()
    for (const id of missing) known.set(id, { until: now + ttlMs, name: found.get(id) ?? null })
    const names = new Map<string, Name>()
    for (const id of ids) {
      const name = known.get(id)?.name ?? found.get(id)
      if (name) names.set(id, { username: name.username, displayName: name.displayName })
    }
    return names
  }
}
