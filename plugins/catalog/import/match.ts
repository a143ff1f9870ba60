import { lstat } from 'node:fs/promises'
import type { LookedFile } from '#plugins/media'
import { isoTime } from '#sdk'
import { type FileRow, filesByAudioHash, pathKeyOf, removeFiles, saveFiles, tracksOfAssets } from './files.ts'
import { more } from './report.ts'
import { countKnown, type Run, skipFile } from './run.ts'
import type { SourceFile } from './walk.ts'

/** A file that was read and is not in the library as it lies there. */
export interface Fresh {
  file: SourceFile
  looked: LookedFile
}

/** A file that has its track. */
export interface KnownFile {
  name: string
  row: FileRow
}

/** A file as it is written down. */
export const rowOf = (
  { file, looked }: Fresh,
  of: Pick<FileRow, 'assetId' | 'trackId'> & Partial<FileRow>,
): FileRow => ({
  pathKey: pathKeyOf(file.path),
  path: file.path,
  sizeBytes: file.sizeBytes,
  mtimeMs: file.mtimeMs,
  contentHash: looked.contentHash,
  audioHash: looked.audioHash,
  assetId: of.assetId,
  trackId: of.trackId,
  fault: of.fault ?? null,
  failedAt: of.failedAt ?? null,
  importedAt: of.importedAt ?? isoTime(),
})

/**
 * Takes out what the library has: the same sound at the same path, at a path that is gone (moved, renamed), or the same
 * bytes at another path. The track stays as it is; only the path is written down anew.
 */
export async function takeOutKnown(
  run: Run,
  fresh: readonly Fresh[],
): Promise<{ left: Fresh[]; known: KnownFile[] }> {
  const { db } = run.ctx
  const rows = await filesByAudioHash(
    db,
    fresh.map(({ looked }) => looked.audioHash),
  )
  const bySound = Map.groupBy(rows, ({ audioHash }) => audioHash)
  const here = new Set(fresh.map(({ file }) => pathKeyOf(file.path)))
  const used = run.wish.isDry ? run.dry.moved : new Set<string>()
  const [known, gone, left]: [KnownFile[], string[], Fresh[]] = [[], [], []]
  for (const one of fresh) {
    const found = await sameSound(one, bySound.get(one.looked.audioHash) ?? [], used)
    if (!found) {
      left.push(one)
      continue
    }
    const { row, how } = found
    known.push({ name: one.file.name, row: rowOf(one, row) })
    if (how === 'moved') {
      used.add(row.pathKey)
      if (!here.has(row.pathKey)) gone.push(row.pathKey)
    }
    countFound(run, one, found)
  }
  if (!run.wish.isDry && known.length > 0)
    await db.tx(async (db) => {
      await run.lease?.check(db)
      await removeFiles(db, gone)
      await saveFiles(
        db,
        known.map(({ row }) => row),
      )
    })
  return { left: run.wish.isDry ? await withoutCopies(run, left) : left, known }
}

interface Found {
  row: FileRow
  how: 'here' | 'moved' | 'copy'
}

async function sameSound(
  { file, looked }: Fresh,
  rows: readonly FileRow[],
  used: ReadonlySet<string>,
): Promise<Found | null> {
  const free = rows.filter(({ pathKey }) => !used.has(pathKey))
  const here = free.find(({ path }) => path === file.path)
  if (here) return { row: here, how: 'here' }
  // What has the same bytes or at least the same name is the likelier one of several.
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1)
  const likeness = (row: FileRow) =>
    (row.trackId === null ? 0 : 4) +
    (row.contentHash === looked.contentHash ? 2 : 0) +
    (name(row.path) === name(file.path) ? 1 : 0)
  for (const row of [...free].sort((a, b) => likeness(b) - likeness(a)))
    if (await isGone(row.path)) return { row, how: 'moved' }
  const copy = rows.find(({ contentHash }) => contentHash === looked.contentHash)
  return copy ? { row: copy, how: 'copy' } : null
}

async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
  )
}

function countFound(run: Run, one: Fresh, { row, how }: Found): void {
  const said = run.result[more]
  if (how === 'moved') said.moved += 1
  if (row.contentHash !== one.looked.contentHash) said.retagged += 1
  if (row.fault) skipFile(run, one.file, row.fault, true)
  else countKnown(run)
}

/** Copies among what a dry run would import, and what was uploaded before, by its bytes. */
async function withoutCopies(run: Run, fresh: readonly Fresh[]): Promise<Fresh[]> {
  const { media } = run.ctx.needs
  const ids = await media.byAudioHash(fresh.map(({ looked }) => looked.audioHash))
  const assets = await media.assetsByIds([...ids.values()])
  const tracks = await tracksOfAssets(run.ctx.db, [...ids.values()])
  return fresh.filter(({ looked: { contentHash, audioHash } }) => {
    const asset = assets.get(ids.get(audioHash) ?? '')
    const isUsed = asset?.contentHash === contentHash && tracks.has(asset.id)
    if (!isUsed && !run.dry.contents.has(contentHash)) {
      run.dry.contents.add(contentHash)
      return true
    }
    countKnown(run)
    return false
  })
}
