import { type Db, problem } from '#sdk'
import { badUpdate } from './contract.ts'

interface ReplicaRow {
  playlistId: string
  client: number
  accountId: string | null
}

/**
 * A replica's number belongs to the first account that writes under it; under somebody else's, structs would take the
 * place of those that are still on their way from there, and these would be lost. Throws playlists.bad-update.
 */
export async function claimReplicas(
  db: Db,
  playlistId: string,
  clients: number[],
  accountId: string,
): Promise<void> {
  // A page has one number at a time; after a sync a few of its own, at the most.
  if (clients.length > 100) throw problem(badUpdate)
  const known: ReplicaRow[] = await db<ReplicaRow>('playlists_replicas')
    .where({ playlistId })
    .whereIn('client', clients)
  if (known.some((row) => row.accountId !== accountId)) throw problem(badUpdate)
  const have = new Set(known.map(({ client }) => client))
  const fresh = clients.filter((client) => !have.has(client))
  if (fresh.length > 0)
    await db('playlists_replicas').insert(fresh.map((client) => ({ playlistId, client, accountId })))
}
