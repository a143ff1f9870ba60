import { createHash } from 'node:crypto'
import type { Db } from '#sdk'

/** A file of the machine whose sound is in the library. */
export interface FileRow {
  pathKey: string
  /** Absolute. */
  path: string
  sizeBytes: number
  /** Whole milliseconds. */
  mtimeMs: number
  contentHash: string
  audioHash: string
  assetId: string
  /** Null once the track is gone for good. */
  trackId: string | null
  /** Why it could not be made playable, and since when that is known. */
  fault: string | null
  failedAt: string | null
  importedAt: string
}

const table = 'catalog_import_files'
const atOnce = 1000

export const pathKeyOf = (path: string): string => createHash('sha256').update(path).digest('hex')

/** By path. */
export async function filesByPath(db: Db, paths: readonly string[]): Promise<Map<string, FileRow>> {
  const found = new Map<string, FileRow>()
  for (let at = 0; at < paths.length; at += atOnce) {
    const keys = paths.slice(at, at + atOnce).map(pathKeyOf)
    const rows: FileRow[] = await db<FileRow>(table).whereIn('path_key', keys)
    for (const row of rows) found.set(row.path, row)
  }
  return found
}

/** Those that still have a track first. */
export async function filesByAudioHash(db: Db, hashes: readonly string[]): Promise<FileRow[]> {
  const rows: FileRow[] = await db<FileRow>(table)
    .whereIn('audio_hash', [...new Set(hashes)])
    .orderBy('path_key')
  return [
    ...rows.filter(({ trackId }) => trackId !== null),
    ...rows.filter(({ trackId }) => trackId === null),
  ]
}

export async function saveFiles(db: Db, rows: readonly FileRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 400)
    await db(table)
      .insert(rows.slice(at, at + 400))
      .onConflict('path_key')
      .merge()
}

export async function removeFiles(db: Db, pathKeys: readonly string[]): Promise<void> {
  if (pathKeys.length > 0)
    await db(table)
      .whereIn('path_key', [...pathKeys])
      .delete()
}

/** Writes down why it cannot be played; says which tracks have it. */
export async function markFailed(
  db: Db,
  assetId: string,
  { fault, at }: { fault: string; at: string },
): Promise<string[]> {
  const rows: { trackId: string | null }[] = await db(table)
    .where({ assetId })
    .update({ fault, failedAt: at })
    .returning('track_id')
  return [...new Set(rows.flatMap(({ trackId }) => trackId ?? []))]
}

const below = (root: string): [sql: string, bindings: (string | number)[]] => {
  const prefix = root.endsWith('/') ? root : `${root}/`
  // Letters are counted as the databases count them.
  return ['substr(f.path, 1, ?) = ?', [[...prefix].length, prefix]]
}

/** How many tracks below a folder are still to be made playable. */
export async function countUnready(db: Db, root: string): Promise<number> {
  const [where, bindings] = below(root)
  const [row] = await db.raw<{ count: number }[]>(
    `select count(*) as count from catalog_import_files f join catalog_tracks t on t.id = f.track_id
     where not t.is_ready and t.trashed_at is null and f.fault is null and ${where}`,
    bindings,
  )
  return Number(row?.count ?? 0)
}

/** What has failed below a folder from that time on. */
export async function failedSince(db: Db, root: string, since: string): Promise<FileRow[]> {
  const [where, bindings] = below(root)
  return db.raw<FileRow[]>(
    `select f.* from catalog_import_files f where f.failed_at >= ? and ${where} order by f.path_key`,
    [since, ...bindings],
  )
}

/** Which tracks have these files, former ones too, by file. */
export async function tracksOfAssets(db: Db, assetIds: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let at = 0; at < assetIds.length; at += atOnce) {
    const rows: { assetId: string; trackId: string }[] = await db('catalog_versions')
      .whereIn('asset_id', assetIds.slice(at, at + atOnce))
      .select('asset_id', 'track_id')
    for (const { assetId, trackId } of rows) found.set(assetId, trackId)
  }
  return found
}
