import { type Db, isoTime, newId } from '#sdk'
import type { DownloadFormat } from './contract.ts'

export interface DownloadRow {
  id: string
  assetId: string
  format: DownloadFormat
  /** Of tags and cover. */
  wishHash: string
  tagsJson: Record<string, string | string[]>
  coverKey: string | null
  state: 'preparing' | 'ready' | 'failed'
  attempts: number
  fileKey: string | null
  createdAt: string
  usedAt: string
}
type Wish = Pick<DownloadRow, 'assetId' | 'format' | 'wishHash' | 'tagsJson' | 'coverKey'>

const table = 'media_downloads'

/** The row of this wish, and whether it is new. */
export async function wishDownload(db: Db, wish: Wish): Promise<{ row: DownloadRow; isNew: boolean }> {
  const { assetId, format, wishHash } = wish
  const now = isoTime()
  const row = { ...wish, id: newId(), tagsJson: JSON.stringify(wish.tagsJson), state: 'preparing' }
  const added: unknown[] = await db(table)
    .insert({ ...row, createdAt: now, usedAt: now })
    .onConflict(['asset_id', 'format', 'wish_hash'])
    .ignore()
    .returning('id')
  const found: DownloadRow = await db<DownloadRow>(table).where({ assetId, format, wishHash }).first()
  return { row: found, isNew: added.length > 0 }
}

export async function findDownload(db: Db, id: string): Promise<DownloadRow | null> {
  return (await db<DownloadRow>(table).where({ id }).first()) ?? null
}

/** Says whether the row is still there. */
export async function changeDownload(db: Db, id: string, change: Partial<DownloadRow>): Promise<boolean> {
  return (await db(table).where({ id }).update(change)) > 0
}

export async function removeDownload(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).delete()
}

export async function listUnusedSince(db: Db, at: string, limit: number): Promise<DownloadRow[]> {
  return db<DownloadRow>(table).where('usedAt', '<', at).orderBy('usedAt').limit(limit)
}

export async function downloadsByIds(db: Db, ids: string[]): Promise<Pick<DownloadRow, 'id' | 'fileKey'>[]> {
  return ids.length === 0 ? [] : db<DownloadRow>(table).whereIn('id', ids).select('id', 'file_key')
}
