import { type Db, isoTime, newId, pageFrom } from '#sdk'

export interface FollowRow {
  id: string
  playlistId: string
  accountId: string
  createdAt: string
  seenAt: string
}

export async function isFollower(db: Db, playlistId: string, accountId: string): Promise<boolean> {
  return (await db('playlists_follows').where({ playlistId, accountId }).first('id')) !== undefined
}

export async function countFollowers(db: Db, playlistId: string): Promise<number> {
  const row = await db('playlists_follows').where({ playlistId }).count({ n: '*' }).first()
  return Number(row?.n ?? 0)
}

/** An account's follows among these playlists. */
export async function findFollows(db: Db, accountId: string, playlistIds: string[]): Promise<FollowRow[]> {
  if (playlistIds.length === 0) return []
  return db<FollowRow>('playlists_follows').where({ accountId }).whereIn('playlist_id', playlistIds)
}

/** Last followed first, those in the trash or private by now left out. */
export async function listFollows(
  db: Db,
  accountId: string,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: FollowRow[]; next: string | null }> {
  const query = db<FollowRow>('playlists_follows')
    .where({ accountId })
    .whereExists((inner) =>
      inner
        .from('playlists_playlists')
        .whereRaw('?? = ??', ['playlists_playlists.id', 'playlists_follows.playlist_id'])
        .whereNull('trashed_at')
        .whereNot({ visibility: 'private' }),
    )
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('id', '<', page.after)
  const rows: FollowRow[] = await query
  return pageFrom(rows, page.limit)
}

/** A second time changes nothing; false then. */
export async function insertFollow(db: Db, playlistId: string, accountId: string): Promise<boolean> {
  const now = isoTime()
  const added: unknown[] = await db('playlists_follows')
    .insert({ id: newId(), playlistId, accountId, createdAt: now, seenAt: now })
    .onConflict(['playlist_id', 'account_id'])
    .ignore()
    .returning('id')
  return added.length > 0
}

export async function removeFollow(db: Db, playlistId: string, accountId: string): Promise<boolean> {
  return (await db('playlists_follows').where({ playlistId, accountId }).delete()) > 0
}

export async function markFollowSeen(db: Db, playlistId: string, accountId: string): Promise<void> {
  await db('playlists_follows').where({ playlistId, accountId }).update({ seenAt: isoTime() })
}

/** The link they came by leads nowhere any more. */
export async function removeFollowsOf(db: Db, playlistId: string): Promise<void> {
  await db('playlists_follows').where({ playlistId }).delete()
}
