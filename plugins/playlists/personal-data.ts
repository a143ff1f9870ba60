import { identity } from '#contract'
import { trackRemoved } from '#plugins/catalog'
import { removePlaces, tracksOf } from './contract.ts'
import type { Desk } from './desk.ts'
import { editPlaylist } from './editing.ts'
import { listEdited } from './editors.ts'
import { listFolders } from './folders.ts'
import { type ItemRow, playlistsWith } from './items.ts'
import { listOwned, type PlaylistRow } from './playlists.ts'

/** What an account takes away with it, what goes when it is deleted, and what goes with a track. */
export function handleEvents(desk: Desk): void {
  const { accounts, db, events } = desk.ctx

  accounts.onExport(async (accountId) => {
    const playlists = await listOwned(db, accountId)
    const ids = playlists.map(({ id }) => id)
    const [folders, edited, follows, items, added] = await Promise.all([
      listFolders(db, accountId),
      listEdited(db, accountId),
      db('playlists_follows').where({ accountId }).select('playlist_id', 'created_at'),
      db('playlists_items').whereIn('playlist_id', ids).orderBy('position').orderBy('id'),
      db('playlists_items').where({ addedBy: accountId }).select('playlist_id', 'track_id', 'added_at'),
    ])
    const byPlaylist = Map.groupBy(items, (item: ItemRow) => item.playlistId)
    const told = playlists.map((row) => ({
      ...wordsOf(row),
      tracks: (byPlaylist.get(row.id) ?? []).map(({ trackId, addedAt }) => ({ trackId, addedAt })),
    }))
    return {
      data: { playlists: told, folders: folders.map(({ name }) => name), edited, follows, added },
      files: playlists.flatMap(({ id, coverKey }) =>
        coverKey ? [{ name: `cover-${id}.webp`, key: `${coverKey}/640.webp` }] : [],
      ),
    }
  })

  events.on(identity.accountDeleted, 'playlists.forget', ({ accountId }) => forget(desk, accountId))

  events.on(trackRemoved, 'playlists.drop-track', async ({ trackId }) => {
    for (const id of await playlistsWith(db, trackId))
      await editPlaylist(desk, id, null, (doc) => {
        const gone = [...tracksOf(doc)].filter(([, track]) => track === trackId).map(([place]) => place)
        removePlaces(doc, gone)
      })
  })
}

const wordsOf = (row: PlaylistRow) => ({
  id: row.id,
  title: row.title,
  description: row.description,
  visibility: row.visibility,
  rules: row.rulesJson,
  createdAt: row.createdAt,
  trashedAt: row.trashedAt,
})

/** Own playlists go; what was added to those of others stays, without a name. */
async function forget({ ctx }: Desk, accountId: string): Promise<void> {
  const { db, storage } = ctx
  const own = await listOwned(db, accountId)
  await db.tx(async (db) => {
    await db('playlists_playlists').where({ ownerId: accountId }).delete()
    await db('playlists_folders').where({ accountId }).delete()
    await db('playlists_editors').where({ accountId }).delete()
    await db('playlists_follows').where({ accountId }).delete()
    await db('playlists_replicas').where({ accountId }).update({ accountId: null })
    await db('playlists_items').where({ addedBy: accountId }).update({ addedBy: null })
    await db('playlists_removed').where({ addedBy: accountId }).update({ addedBy: null })
  })
  for (const { coverKey } of own) if (coverKey) await storage.removeFolder(coverKey)
}
