import { type Db, isoTime } from '#sdk'

export interface EditorRow {
  playlistId: string
  accountId: string
  createdAt: string
}

export async function isEditor(db: Db, playlistId: string, accountId: string): Promise<boolean> {
  return (await db('playlists_editors').where({ playlistId, accountId }).first('account_id')) !== undefined
}

/** Of several playlists, longest first. */
export async function listEditors(db: Db, playlistIds: string[]): Promise<EditorRow[]> {
  if (playlistIds.length === 0) return []
  return db<EditorRow>('playlists_editors')
    .whereIn('playlist_id', playlistIds)
    .orderBy('created_at')
    .orderBy('account_id')
}

/** False where they were one already. */
export async function insertEditor(db: Db, playlistId: string, accountId: string): Promise<boolean> {
  const added: unknown[] = await db('playlists_editors')
    .insert({ playlistId, accountId, createdAt: isoTime() })
    .onConflict(['playlist_id', 'account_id'])
    .ignore()
    .returning('account_id')
  return added.length > 0
}

export async function removeEditor(db: Db, playlistId: string, accountId: string): Promise<boolean> {
  return (await db('playlists_editors').where({ playlistId, accountId }).delete()) > 0
}

/** Ids of the playlists an account edits without owning them. */
export async function listEdited(db: Db, accountId: string): Promise<string[]> {
  const rows: { playlistId: string }[] = await db('playlists_editors')
    .where({ accountId })
    .select('playlist_id')
  return rows.map(({ playlistId }) => playlistId)
}
