import { type Db, isoTime } from '#sdk'

export interface UploadRow {
  id: string
  accountId: string
  fileName: string
  relativePath: string | null
  batch: string | null
  sizeBytes: number
  metadataJson: Record<string, string | null>
  /** All of it arrived and its files wait to be taken out. */
  isArchive: boolean
  planJson: Record<string, string> | null
  createdAt: string
  /** When it became an asset, or all of its archive did. */
  doneAt: string | null
}

/** After so long an unfinished upload is gone. */
export const uploadMs = 7 * 86_400_000
const table = 'media_uploads'

export async function findUpload(db: Db, id: string): Promise<UploadRow | null> {
  return (await db<UploadRow>(table).where({ id }).first()) ?? null
}

export async function insertUpload(
  db: Db,
  upload: Pick<
    UploadRow,
    'id' | 'accountId' | 'fileName' | 'relativePath' | 'batch' | 'sizeBytes' | 'metadataJson'
  >,
): Promise<void> {
  const metadataJson = JSON.stringify(upload.metadataJson)
  await db(table).insert({ ...upload, metadataJson, isArchive: false, createdAt: isoTime() })
}

export async function removeUpload(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).delete()
}

/** False where another did so before. */
export async function markUploadDone(db: Db, id: string): Promise<boolean> {
  return (await db(table).where({ id, doneAt: null }).update({ doneAt: isoTime(), planJson: null })) > 0
}

/** False where another did so before. */
export async function markArchive(db: Db, id: string, batch: string): Promise<boolean> {
  const waiting = { id, isArchive: false, doneAt: null }
  return (await db(table).where(waiting).update({ isArchive: true, batch })) > 0
}

/** The first plan stays; the answer is the one that counts. */
export async function planArchive(
  db: Db,
  id: string,
  plan: Record<string, string>,
): Promise<Record<string, string> | null> {
  await db(table)
    .where({ id, planJson: null, doneAt: null })
    .update({ planJson: JSON.stringify(plan) })
  const row = await findUpload(db, id)
  return row?.doneAt === null ? row.planJson : null
}

export async function listOpenUploads(db: Db): Promise<UploadRow[]> {
  return db<UploadRow>(table).whereNull('doneAt').orderBy('id')
}

export async function listUploadsBefore(db: Db, createdBefore: string): Promise<UploadRow[]> {
  return db<UploadRow>(table).where('createdAt', '<', createdBefore).limit(1000)
}

export async function listUploadsOf(db: Db, accountId: string): Promise<UploadRow[]> {
  return db<UploadRow>(table).where({ accountId })
}

/** Bytes of an account's files and of what is announced. Waits for others who count the same account. */
export async function countRoom(db: Db, accountId: string): Promise<number> {
  const touched = { accountId, touchedAt: isoTime() }
  await db('media_accounts').insert(touched).onConflict('account_id').merge()
  return usedBytes(db, accountId)
}

export async function usedBytes(db: Db, accountId: string): Promise<number> {
  const files = await db('media_assets').where({ ownerId: accountId }).sum({ bytes: 'size_bytes' }).first()
  const open = await db(table).where({ accountId }).whereNull('doneAt').sum({ bytes: 'size_bytes' }).first()
  return Number(files?.bytes ?? 0) + Number(open?.bytes ?? 0)
}
