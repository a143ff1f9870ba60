import { enqueueUnpacking } from './archive.ts'
import { listLooseBefore, listStuck } from './assets.ts'
import { inspectAsset, processAsset, sweepMedia } from './contract.ts'
import type { Desk } from './desk.ts'
import { listUnusedSince, removeDownload } from './downloads.ts'
import { removeLooseAsset } from './loose.ts'
import { sweepFiles } from './sweep-files.ts'
import { listOpenUploads, listUploadsBefore, uploadMs } from './uploads.ts'
import { sweepWork } from './work-folder.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const some = 500
/** What a step needs between storing a file and naming it is far less. */
const youngMs = hourMs
/** No rendition is silent for so long. */
const workMs = 2 * hourMs

/** What a sweep removed. */
export interface Swept {
  uploads: number
  assets: number
  downloads: number
  files: number
  /** Files whose processing stood still and was asked for again. */
  resumed: number
}

export function handleSweeping(desk: Desk): void {
  const { jobs, db, onStart } = desk.ctx
  jobs.handle(sweepMedia, async () => void (await sweep(desk)))
  jobs.every(sweepMedia, '43 3 * * *')
  onStart('worker', async () => void (await jobs.enqueue(db, sweepMedia, {}, { key: 'media.sweep' })))
}

/** Removes what nothing points to; never what a row does. `now` in ms since 1970. */
export async function sweep(desk: Desk, now = Date.now()): Promise<Swept> {
  const uploads = await sweepUploads(desk, now)
  const assets = await sweepLoose(desk, now)
  const downloads = await sweepDownloads(desk, now)
  const work = await sweepWork(desk.ctx.storage, now - workMs)
  return {
    uploads,
    assets,
    downloads,
    files: work + (await sweepFiles(desk.ctx, now - youngMs)),
    resumed: await resume(desk, now),
  }
}

const at = (ms: number) => new Date(ms).toISOString()

async function sweepUploads({ ctx }: Desk, now: number): Promise<number> {
  const old = await listUploadsBefore(ctx.db, at(now - uploadMs))
  if (old.length === 0) return 0
  const { UploadStore } = await import('./upload-store.ts')
  const store = new UploadStore(ctx.db, ctx.storage.localFolder('media/uploads'))
  for (const { id } of old) await store.remove(id)
  return old.length
}

async function sweepLoose(desk: Desk, now: number): Promise<number> {
  const { db, settings } = desk.ctx
  const before = at(now - settings.get().keepLooseDays * dayMs)
  let removed = 0
  for (const id of await listLooseBefore(db, before, some))
    if (await removeLooseAsset(desk, id, before)) removed += 1
  return removed
}

async function sweepDownloads({ ctx }: Desk, now: number): Promise<number> {
  const old = await listUnusedSince(ctx.db, at(now - dayMs), some)
  for (const { id, fileKey } of old) {
    await removeDownload(ctx.db, id)
    if (fileKey) await ctx.storage.remove(fileKey)
  }
  return old.length
}

/** Asks again for what stood still: a job whose worker died too often is given up by the queue. */
async function resume({ ctx }: Desk, now: number): Promise<number> {
  const { db, jobs } = ctx
  const stuck = await listStuck(db, at(now - hourMs), some)
  for (const { id, state } of stuck) {
    const job = state === 'inspecting' ? inspectAsset : processAsset
    await jobs.enqueue(db, job, { assetId: id }, { key: id })
  }
  const archives = (await listOpenUploads(db)).filter(
    ({ isArchive, createdAt }) => isArchive && createdAt < at(now - hourMs),
  )
  for (const upload of archives) await enqueueUnpacking(ctx, db, upload)
  return stuck.length + archives.length
}
