import { type Db, isoTime, pageFrom } from '#sdk'

export interface ItemRow {
  playlistId: string
  id: string
  position: string
  trackId: string
  addedBy: string | null
  addedAt: string
}
/** A place as the document has it. */
export interface Placed {
  id: string
  trackId: string
  position: string
}

const table = 'playlists_items'
// SQLite takes 500 rows in a statement.
const rowsAtOnce = 400
export const chunksOf = <T>(all: readonly T[], size = rowsAtOnce): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_none, at) => all.slice(at * size, (at + 1) * size))

/** In their order; `after` is the id of a place, and one that is gone ends the list. */
export async function listItems(
  db: Db,
  playlistId: string,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: ItemRow[]; next: string | null }> {
  const query = db<ItemRow>(table)
    .where({ playlistId })
    .orderBy('position')
    .orderBy('id')
    .limit(page.limit + 1)
  if (page.after) {
    const last: ItemRow | undefined = await db<ItemRow>(table).where({ playlistId, id: page.after }).first()
    if (!last) return { items: [], next: null }
    query.where((either) =>
      either
        .where('position', '>', last.position)
        .orWhere((same) => same.where({ position: last.position }).where('id', '>', last.id)),
    )
  }
  const rows: ItemRow[] = await query
  return pageFrom(rows, page.limit)
}

export async function allItems(db: Db, playlistId: string): Promise<ItemRow[]> {
  return db<ItemRow>(table).where({ playlistId }).orderBy('position').orderBy('id')
}

export async function itemsByIds(db: Db, playlistId: string, ids: string[]): Promise<ItemRow[]> {
  if (ids.length === 0) return []
  return db<ItemRow>(table).where({ playlistId }).whereIn('id', ids)
}

/** Ids of the first tracks. */
export async function firstTracks(db: Db, playlistId: string, limit = 12): Promise<string[]> {
  const rows: ItemRow[] = await db<ItemRow>(table)
    .where({ playlistId })
    .orderBy('position')
    .orderBy('id')
    .limit(limit)
  return rows.map(({ trackId }) => trackId)
}

/** Those of `trackIds` that are in the playlist. */
export async function tracksThere(db: Db, playlistId: string, trackIds: string[]): Promise<Set<string>> {
  const rows: { trackId: string }[] = await db<ItemRow>(table)
    .where({ playlistId })
    .whereIn('track_id', trackIds)
    .distinct('track_id')
  return new Set(rows.map(({ trackId }) => trackId))
}

export async function playlistsWith(db: Db, trackId: string): Promise<string[]> {
  const rows: { playlistId: string }[] = await db(table).where({ trackId }).distinct('playlist_id')
  return rows.map(({ playlistId }) => playlistId)
}

/** New ones are of `addedBy`, unless their removal is undone: then they are whose they were. */
export async function insertItems(
  db: Db,
  playlistId: string,
  places: readonly Placed[],
  addedBy: string | null,
): Promise<void> {
  const addedAt = isoTime()
  for (const chunk of chunksOf(places)) {
    const ids = chunk.map(({ id }) => id)
    const known: Omit<ItemRow, 'position'>[] = await db('playlists_removed')
      .where({ playlistId })
      .whereIn('id', ids)
    const before = new Map(known.map((row) => [row.id, row]))
    await db(table).insert(
      chunk.map((place) => {
        const was = before.get(place.id)
        const isSame = was?.trackId === place.trackId
        return {
          playlistId,
          ...place,
          addedBy: isSame ? was.addedBy : addedBy,
          addedAt: isSame ? was.addedAt : addedAt,
        }
      }),
    )
    if (known.length > 0) await db('playlists_removed').where({ playlistId }).whereIn('id', ids).delete()
  }
}

export async function updatePositions(db: Db, playlistId: string, places: readonly Placed[]): Promise<void> {
  for (const chunk of chunksOf(places)) {
    const rows = chunk.map((place) => ({ playlistId, ...place, addedBy: null, addedAt: '' }))
    // All at once: every row is there already, so that only the position is taken from these.
    await db(table).insert(rows).onConflict(['playlist_id', 'id']).merge(['position'])
  }
}

/** They are remembered for a while (see `insertItems`). */
export async function removeItems(db: Db, playlistId: string, ids: readonly string[]): Promise<void> {
  const removedAt = isoTime()
  for (const chunk of chunksOf(ids)) {
    const rows = await itemsByIds(db, playlistId, chunk)
    if (rows.length === 0) continue
    const gone = rows.map(({ position: _position, ...row }) => ({ ...row, removedAt }))
    await db('playlists_removed').insert(gone).onConflict(['playlist_id', 'id']).merge()
    await db(table).where({ playlistId }).whereIn('id', chunk).delete()
  }
}

/** Removals that nobody undoes any more. */
export async function forgetRemoved(db: Db, before: string): Promise<void> {
  await db('playlists_removed').where('removed_at', '<', before).delete()
}
