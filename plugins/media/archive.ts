import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Db, type JobRun, newId, ProblemError, problem } from '#sdk'
import { assetFolder, findAsset, insertAsset } from './assets.ts'
import { assetFailed, inspectAsset, overQuota, unpackArchive } from './contract.ts'
import { keepBeside } from './cover-beside.ts'
import { type Desk, tell } from './desk.ts'
import { shownName, shownPath } from './names.ts'
import type { AlbumZip, AudioKind } from './reading/index.ts'
import { faultOfFile, refusalOf } from './refusals.ts'
import { quotaOfRoles } from './room.ts'
import type { UploadStore } from './upload-store.ts'
import { findUpload, markUploadDone, planArchive, type UploadRow, usedBytes } from './uploads.ts'
import { inWorkFolder } from './work-folder.ts'

/** An archive's job: which upload, whose, and the mark its files share. */
interface Unpacking {
  desk: Desk
  upload: UploadRow
  batch: string | null
  store: UploadStore
}

/** Every audio file in an album's ZIP becomes an asset; one that cannot be unpacked becomes an asset that failed. */
export function handleArchives(desk: Desk): void {
  const { jobs, db, storage } = desk.ctx
  jobs.handle(unpackArchive, async ({ uploadId, batch }, run) => {
    const upload = await findUpload(db, uploadId)
    if (!upload || upload.doneAt) return
    const { UploadStore } = await import('./upload-store.ts')
    const store = new UploadStore(db, storage.localFolder('media/uploads'))
    const unpacking = { desk, upload, batch, store }
    try {
      await inWorkFolder(storage, (folder) => unpack(unpacking, folder, run))
    } catch (error) {
      const fault = run.signal.aborted ? null : faultOfArchive(error)
      if (!fault) throw error
      await giveUp(unpacking, fault)
    }
  })
}

/** Once, however often it is asked for while it waits. */
export async function enqueueUnpacking(
  { jobs }: Desk['ctx'],
  db: Db,
  { id, accountId, fileName: name, batch }: UploadRow,
): Promise<void> {
  await jobs.enqueue(db, unpackArchive, { uploadId: id, accountId, name, batch }, { key: id })
}

const faultOfArchive = (error: unknown) =>
  error instanceof ProblemError && error.problem === overQuota ? error : faultOfFile(error)

async function unpack(unpacking: Unpacking, folder: string, run: JobRun): Promise<void> {
  const { desk, upload, store } = unpacking
  const { db } = desk.ctx
  const { readAlbumZip } = await import('./reading/album-zip.ts')
  const album = await readAlbumZip(store.pathOf(upload.id), folder, {}, { signal: run.signal })
  await checkRoom(desk, upload, album)
  // Ids are chosen once: the job may be done again from any point.
  const ids = album.files.map(({ relativePath }) => [relativePath, newId()] as const)
  const plan = await planArchive(db, upload.id, Object.fromEntries(ids))
  if (!plan) return
  for (const file of album.files) {
    run.signal.throwIfAborted()
    const id = plan[file.relativePath]
    if (id) await keepOne(unpacking, { ...file, id, cover: album.cover })
  }
  await finish(unpacking)
}

async function checkRoom(desk: Desk, upload: UploadRow, album: AlbumZip): Promise<void> {
  const { accounts, db, settings } = desk.ctx
  const { accountId } = upload
  const roles = (await accounts.rolesByIds([accountId])).get(accountId) ?? []
  const isFree = await accounts.can(accountId, 'media.manage')
  const quota = isFree ? null : quotaOfRoles(roles, settings.get())
  if (quota === null) return
  const sizes = await Promise.all(album.files.map(async ({ path }) => (await stat(path)).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  // The archive itself goes.
  if ((await usedBytes(db, accountId)) - upload.sizeBytes + bytes > quota) throw problem(overQuota)
}

interface Unpacked {
  id: string
  path: string
  relativePath: string
  kind: AudioKind
  cover: string | null
}

async function keepOne({ desk, upload, batch }: Unpacking, file: Unpacked): Promise<void> {
  const { db, storage, jobs } = desk.ctx
  const { id, path, kind, cover } = file
  if (await findAsset(db, id)) return
  const { size: sizeBytes } = await stat(path)
  const originalKey = `${assetFolder(id)}/original.${kind}`
  await storage.take(originalKey, path)
  const coverKey = cover && (await keepBeside(desk, id, cover))
  const name = shownName(basename(file.relativePath))
  await db.tx(async (db) => {
    const isAdded = await insertAsset(db, {
      id,
      ownerId: upload.accountId,
      uploadId: upload.id,
      batch,
      fileName: name,
      relativePath: shownPath(`${upload.fileName.replace(/\.zip$/i, '')}/${file.relativePath}`),
      sizeBytes,
      kind,
      originalKey,
      coverKey,
      state: 'inspecting',
    })
    if (isAdded) await jobs.enqueue(db, inspectAsset, { assetId: id }, { key: id })
  })
  tell(desk, await findAsset(db, id))
}

async function finish({ desk, upload, store }: Unpacking): Promise<void> {
  const { db, audit } = desk.ctx
  const detail = { fileName: upload.fileName }
  await db.tx(async (db) => {
    if (!(await markUploadDone(db, upload.id))) return
    await audit.record(db, { action: 'media.unpacked', actor: null, subject: upload.id, detail })
  })
  await store.removeFile(upload.id)
}

async function giveUp({ desk, upload, batch, store }: Unpacking, fault: ProblemError): Promise<void> {
  const { db, events } = desk.ctx
  const { id, accountId: ownerId, fileName } = upload
  await db.tx(async (db) => {
    if (!(await markUploadDone(db, id))) return
    const refused = { state: 'failed' as const, refusalJson: refusalOf(fault) }
    await insertAsset(db, { id, uploadId: id, ownerId, fileName, batch, sizeBytes: 0, ...refused })
    await events.emit(db, assetFailed, { assetId: id })
  })
  await store.removeFile(id)
  tell(desk, await findAsset(db, id))
}
