import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Db, type JobRun, newId, ProblemError, problem } from '#sdk'
import { assetFolder, findAsset, insertAsset } from './assets.ts'
import { assetFailed, inspectAsset, overQuota, unpackArchive } from './contract.ts'
import { keepBeside } from './cover-beside.ts'
import { type Desk, tell } from './desk.ts'
import { shownName, shownPath } from './names.ts'
import type { AlbumZip, AudioKind } from './reading/index.ts'
import { faultOfFile, isNotAudio, refusalOf } from './refusals.ts'
import { quotaOfRoles, tooLargeFile } from './room.ts'
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
  const files = await Promise.all(album.files.map((file) => judged(desk, file)))
  await checkRoom(desk, upload, files)
  // Ids are chosen once: the job may be done again from any point.
  const names = [...files, ...album.refused].map(({ relativePath }) => [relativePath, newId()] as const)
  const plan = await planArchive(db, upload.id, Object.fromEntries(names))
  if (!plan) return
  // Once: so many copies of a large picture would be more than anybody's room.
  const first = files.find(({ fault }) => !fault)
  const idOf = ({ relativePath }: { relativePath: string }) => plan[relativePath] ?? ''
  for (const file of files) {
    run.signal.throwIfAborted()
    const { fault, relativePath } = file
    const id = idOf(file)
    if (fault) await refuseOne(unpacking, { id, relativePath, fault })
    else await keepOne(unpacking, { ...file, id, cover: file === first ? album.cover : null })
  }
  for (const { relativePath, sniffed } of album.refused) {
    const fault = isNotAudio(shownName(basename(relativePath)), sniffed)
    await refuseOne(unpacking, { id: idOf({ relativePath }), relativePath, fault })
  }
  await finish(unpacking)
}

type Judged = AlbumZip['files'][number] & { sizeBytes: number; fault: ProblemError | null }

/** A file in an archive may be no larger than one that comes alone. */
async function judged({ ctx }: Desk, file: AlbumZip['files'][number]): Promise<Judged> {
  const { size: sizeBytes } = await stat(file.path)
  const fileName = shownName(basename(file.relativePath))
  return { ...file, sizeBytes, fault: tooLargeFile({ fileName, sizeBytes }, ctx.settings.get()) }
}

async function checkRoom(desk: Desk, upload: UploadRow, files: readonly Judged[]): Promise<void> {
  const { accounts, db, settings } = desk.ctx
  const { accountId } = upload
  const roles = (await accounts.rolesByIds([accountId])).get(accountId) ?? []
  const isFree = await accounts.can(accountId, 'media.manage')
  const quota = isFree ? null : quotaOfRoles(roles, settings.get())
  if (quota === null) return
  const bytes = files.reduce((sum, { sizeBytes, fault }) => sum + (fault ? 0 : sizeBytes), 0)
  // The archive itself goes.
  if ((await usedBytes(db, accountId)) - upload.sizeBytes + bytes > quota) throw problem(overQuota)
}

interface Unpacked {
  id: string
  path: string
  relativePath: string
  kind: AudioKind
  sizeBytes: number
  cover: string | null
}

async function keepOne({ desk, upload, batch }: Unpacking, file: Unpacked): Promise<void> {
  const { db, storage, jobs } = desk.ctx
  const { id, path, kind, sizeBytes, cover } = file
  if (await findAsset(db, id)) return
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

/** Its row says why; nothing else of it is kept. */
async function refuseOne(
  { desk, upload, batch }: Unpacking,
  { id, relativePath, fault }: { id: string; relativePath: string; fault: ProblemError },
): Promise<void> {
  const { db, events } = desk.ctx
  await db.tx(async (db) => {
    const isAdded = await insertAsset(db, {
      id,
      ownerId: upload.accountId,
      uploadId: upload.id,
      batch,
      fileName: shownName(basename(relativePath)),
      sizeBytes: 0,
      state: 'failed',
      refusalJson: refusalOf(fault),
    })
    if (isAdded) await events.emit(db, assetFailed, { assetId: id })
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
