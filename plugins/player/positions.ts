import { type Db, isoTime } from '#sdk'

export interface PositionRow {
  accountId: string
  trackId: string
  positionMs: number
  updatedAt: string
}

/** So many an account; the oldest go. */
const kept = 200

export async function listPositions(db: Db, accountId: string): Promise<PositionRow[]> {
  return db<PositionRow>('player_positions')
    .where({ accountId })
    .orderBy('updated_at', 'desc')
    .orderBy('track_id')
    .limit(kept)
}

export async function savePosition(
  db: Db,
  { accountId, trackId, positionMs }: Omit<PositionRow, 'updatedAt'>,
): Promise<void> {
  const row = { accountId, trackId, positionMs, updatedAt: isoTime() }
  await db('player_positions').insert(row).onConflict(['account_id', 'track_id']).merge()
  const oldest: PositionRow | undefined = await db<PositionRow>('player_positions')
    .where({ accountId })
    .orderBy('updated_at', 'desc')
    .orderBy('track_id')
    .offset(kept)
    .first()
  if (oldest) await removePosition(db, accountId, oldest.trackId)
}

export async function removePosition(db: Db, accountId: string, trackId: string): Promise<void> {
  await db('player_positions').where({ accountId, trackId }).delete()
}

export async function removePositionsOf(db: Db, who: { accountId: string } | { trackId: string }) {
  await db('player_positions').where(who).delete()
}
