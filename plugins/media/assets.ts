import { type Db, isoTime, pageFrom } from '#sdk'
import type { Asset, AssetState, FileTags, Playable } from './contract.ts'
import type { AudioKind } from './reading/types.ts'

export type Refusal = NonNullable<Asset['refusal']>
/** Names and sizes of what lies in the winner's folder. */
export type StoredFiles = [file: string, sizeBytes: number][]

export interface AssetRow {
  id: string
  /** Null for imports and for people who are gone. */
  ownerId: string | null
  uploadId: string | null
  batch: string | null
  fileName: string
  relativePath: string | null
  sizeBytes: number
  kind: AudioKind | null
  /** Null for an archive that could not be unpacked. */
  originalKey: string | null
  coverKey: string | null
  state: AssetState
  progress: number
  /** Begun attempts at making it playable. */
  attempts: number
  refusalJson: Refusal | null
  isDamaged: boolean
  format: string | null
  isLossless: boolean
  sampleRate: number | null
  bitDepth: number | null
  channels: number | null
  bitrateKbps: number | null
  durationMs: number | null
  loudnessLufs: number | null
  loudnessRangeLu: number | null
  truePeakDbtp: number | null
  leadSilenceMs: number | null
  tailSilenceMs: number | null
  momentaryJson: [number, number][] | null
  shortTermJson: [number, number][] | null
  contentHash: string | null
  audioHash: string | null
  sameAs: string | null
  tagsJson: FileTags | null
  /** Of the attempt that was published; while it is processed, of the one that may be next. */
  folder: string | null
  filesJson: StoredFiles | null
  playableJson: Omit<Playable, 'epoch'> | null
  epoch: number
  looseAt: string | null
  createdAt: string
  updatedAt: string
}

const table = 'media_assets'

/** What belongs to an asset lies below it in the storage. */
export const assetFolder = (id: string): string => `media/${id}`

export async function findAsset(db: Db, id: string): Promise<AssetRow | null> {
  return (await db<AssetRow>(table).where({ id }).first()) ?? null
}

export async function assetsByIds(db: Db, ids: string[]): Promise<AssetRow[]> {
  return ids.length === 0 ? [] : db<AssetRow>(table).whereIn('id', [...new Set(ids)])
}

/** Newest first. */
export async function listAssets(
  db: Db,
  page: {
    ownerId: string | null
    state?: AssetState | undefined
    isLoose?: boolean | undefined
    after?: string | undefined
    limit: number
  },
): Promise<{ items: AssetRow[]; next: string | null }> {
  const query = db<AssetRow>(table)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.ownerId !== null) query.where({ ownerId: page.ownerId })
  if (page.state) query.where({ state: page.state })
  if (page.isLoose === true) query.whereNotNull('looseAt')
  if (page.isLoose === false) query.whereNull('looseAt')
  if (page.after) query.where('id', '<', page.after)
  const rows: AssetRow[] = await query
  return pageFrom(rows, page.limit)
}

export type NewAsset = Pick<AssetRow, 'id' | 'ownerId' | 'fileName' | 'sizeBytes' | 'state'> &
  Partial<AssetRow>

/** False where it is there already. */
export async function insertAsset(db: Db, asset: NewAsset): Promise<boolean> {
  const now = isoTime()
  const row = asColumns({ ...asset, looseAt: now, createdAt: now, updatedAt: now })
  const added: unknown[] = await db(table).insert(row).onConflict('id').ignore().returning('id')
  return added.length > 0
}

/** Only while it is in one of these states, and as `which` says; tells whether it was. */
export async function changeAsset(
  db: Db,
  which: string | Pick<AssetRow, 'id' | 'folder'>,
  states: readonly AssetState[],
  change: Partial<AssetRow>,
): Promise<boolean> {
  const set = asColumns({ ...change, updatedAt: isoTime() })
  const where = typeof which === 'string' ? { id: which } : which
  return (await db(table).where(where).whereIn('state', states).update(set)) > 0
}

/** Counts an attempt that begins; null where the asset is gone or in none of these states. */
export async function beginAttempt(
  db: Db,
  id: string,
  states: readonly AssetState[],
): Promise<AssetRow | null> {
  const marks = states.map(() => '?').join(', ')
  const sql = `update media_assets set attempts = attempts + 1, updated_at = ? where id = ? and state in (${marks}) returning *`
  const [row] = await db.raw<AssetRow[]>(sql, [isoTime(), id, ...states])
  return row ? ((await findAsset(db, id)) ?? null) : null
}

/** An attempt that was told to stop does not count. */
export async function giveAttemptBack(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).where('attempts', '>', 0).decrement('attempts', 1)
}

/** The oldest other asset with the same sound. */
export async function findSameSound(db: Db, audioHash: string, id: string): Promise<string | null> {
  const row = await db<AssetRow>(table).where({ audioHash }).whereNot({ id }).orderBy('id').first('id')
  return row?.id ?? null
}

export async function findByContent(db: Db, contentHash: string): Promise<string | null> {
  const row = await db<AssetRow>(table).where({ contentHash }).orderBy('id').first('id')
  return row?.id ?? null
}

/** Id of the oldest asset, by hash of the sound. */
export async function byAudioHash(db: Db, hashes: string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const rows: Pick<AssetRow, 'id' | 'audioHash'>[] = await db<AssetRow>(table)
    .whereIn('audioHash', [...new Set(hashes)])
    .orderBy('id', 'desc')
    .select('id', 'audioHash')
  return new Map(rows.map(({ id, audioHash }) => [audioHash ?? '', id]))
}

/** What somebody dropped together and may still play, with the covers there are. */
export async function listDropped(
  db: Db,
  ownerId: string,
  batch: string,
): Promise<Pick<AssetRow, 'id' | 'relativePath' | 'coverKey'>[]> {
  return db<AssetRow>(table)
    .where({ ownerId, batch })
    .whereNot({ state: 'failed' })
    .orderBy('id')
    .select('id', 'relative_path', 'cover_key')
}

/** Says whether it had none until now. */
export async function giveCover(db: Db, id: string, coverKey: string): Promise<boolean> {
  return (await db(table).where({ id, coverKey: null }).update({ coverKey })) > 0
}

export async function raiseEpoch(db: Db, ids: string[]): Promise<void> {
  if (ids.length > 0) await db(table).whereIn('id', ids).increment('epoch', 1)
}

/** What plays of it; asked by everybody who listens, so no more than is needed. */
export async function findPlayed(
  db: Db,
  id: string,
): Promise<Pick<AssetRow, 'epoch' | 'folder' | 'filesJson' | 'state'> | null> {
  return (await db(table).where({ id }).first('epoch', 'folder', 'files_json', 'state')) ?? null
}

/** Removes it unless somebody uses it; says whether it did. */
export async function removeUnheld(db: Db, id: string, looseBefore?: string): Promise<boolean> {
  const query = db(table)
    .where({ id })
    .whereNotExists(db('media_holds').where('media_holds.asset_id', db.ref('media_assets.id')))
  if (looseBefore !== undefined) query.where('looseAt', '<', looseBefore)
  if ((await query.delete()) === 0) return false
  await db(table).where({ sameAs: id }).update({ sameAs: null })
  return true
}

export async function listLooseBefore(db: Db, at: string, limit: number): Promise<string[]> {
  const rows: { id: string }[] = await db(table)
    .where('looseAt', '<', at)
    .orderBy('looseAt')
    .limit(limit)
    .select('id')
  return rows.map(({ id }) => id)
}

/** On their way for so long without a sign of life that their job may be lost. */
export async function listStuck(
  db: Db,
  before: string,
  limit: number,
): Promise<Pick<AssetRow, 'id' | 'state'>[]> {
  return db<AssetRow>(table)
    .whereIn('state', ['inspecting', 'processing'])
    .where('updatedAt', '<', before)
    .orderBy('updatedAt')
    .limit(limit)
    .select('id', 'state')
}

export async function listOwned(db: Db, ownerId: string): Promise<AssetRow[]> {
  return db<AssetRow>(table).where({ ownerId }).orderBy('id')
}

/** Files of somebody who is gone belong to the label. */
export async function disownAssets(db: Db, ownerId: string): Promise<void> {
  await db(table).where({ ownerId }).update({ ownerId: null })
}

function asColumns(values: Partial<AssetRow>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name.endsWith('Json') && value !== null && value !== undefined ? JSON.stringify(value) : value,
    ]),
  )
}
