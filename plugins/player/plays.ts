import { type Db, newId, pageFrom } from '#sdk'

export interface Play {
  startId: string
  accountId: string | null
  trackId: string
  heardMs: number
  playedAt: string
}
export interface PlayRow extends Play {
  id: string
}

/** Those that are new by their start, of these; the others are there already. */
export async function insertPlays(db: Db, plays: readonly Play[]): Promise<PlayRow[]> {
  if (plays.length === 0) return []
  const rows = plays.map((play) => ({ id: newId(), ...play }))
  const added: { startId: string }[] = await db('player_plays')
    .insert(rows)
    .onConflict('start_id')
    .ignore()
    .returning('start_id')
  const isNew = new Set(added.map(({ startId }) => startId))
  return rows.filter(({ startId }) => isNew.has(startId))
}

export async function listPlays(
  db: Db,
  accountId: string,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: PlayRow[]; next: string | null }> {
  const query = db<PlayRow>('player_plays')
    .where({ accountId })
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('id', '<', page.after)
  const rows: PlayRow[] = await query
  return pageFrom(rows, page.limit)
}

/** Takes a play, or all, out of an account's history; the play stays, so that the same start never counts twice. */
export async function disownPlays(db: Db, accountId: string, id?: string): Promise<number> {
  return db('player_plays')
    .where({ accountId, ...(id && { id }) })
    .update({ accountId: null })
}

/** Plays that are in nobody's history, so old that their start cannot be told again. */
export async function removeNobodysPlays(db: Db, before: string): Promise<void> {
  await db('player_plays').where({ accountId: null }).where('played_at', '<', before).delete()
}

export async function removePlaysOf(db: Db, trackId: string): Promise<void> {
  await db('player_plays').where({ trackId }).delete()
}
