import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type AudioFacts,
  type AudioFormat,
  type AudioResult,
  makeAudio,
  type Profile,
  probeAudio,
} from '#ffmpeg'
import { type JobRun, newId } from '#sdk'
import { type AssetRow, assetFolder, changeAsset, findAsset, type StoredFiles } from './assets.ts'
import { type AttemptOf, attempt } from './attempt.ts'
import { assetReady, processAsset } from './contract.ts'
import { type Desk, tell } from './desk.ts'
import { columnsOf, playableOf, renditionsOf } from './made.ts'
import { progressOf } from './progress.ts'
import { formatOf } from './reading/index.ts'
import { replaceRenditions } from './renditions.ts'
import { inWorkFolder } from './work-folder.ts'

/** What an attempt made, where it lies now, and the folder below the asset's it goes to. */
interface Made {
  facts: AudioFacts
  result: AudioResult
  files: StoredFiles
}

/** Makes what plays, measures it, and publishes all of it at once. */
export function handleProcessing(desk: Desk): void {
  desk.ctx.jobs.handle(processAsset, ({ assetId }, run) => processOne(desk, assetId, run))
}

export function processOne(desk: Desk, assetId: string, run: JobRun): Promise<void> {
  return attempt(desk, { assetId, run, states: ['processing'] }, makeAndPublish)
}

async function makeAndPublish(attempted: AttemptOf): Promise<void> {
  const { desk, asset, run } = attempted
  const { storage } = desk.ctx
  await inWorkFolder(storage, async (work) => {
    const made = await make(attempted, work)
    run.signal.throwIfAborted()
    // Named only now: what is swept away is told by its age.
    const folder = newId()
    const place = `${assetFolder(asset.id)}/${folder}`
    try {
      if (!(await claim(desk, asset.id, folder))) return
      for (const [file] of made.files) await storage.take(`${place}/${file}`, join(work, file))
      if (!(await publish(desk, asset, folder, made))) await removeLost(desk, asset.id, place)
    } catch (error) {
      await removeLost(desk, asset.id, place)
      throw error
    }
  })
  const now = await findAsset(desk.ctx.db, asset.id)
  desk.cache.forget(asset.id)
  tell(desk, now)
}

async function make({ desk, asset, run }: AttemptOf, work: string): Promise<Made> {
  const { storage, settings } = desk.ctx
  const { profiles, maxDurationH } = settings.get()
  const progress = progressOf(desk, asset, run)
  return storage.withLocalFile(asset.originalKey ?? '', async (path) => {
    const format = asset.kind ? { format: formatOf(asset.kind) as AudioFormat } : {}
    const facts = await probeAudio(path, { ...format, signal: run.signal })
    const wanted = (profiles as Profile[]).filter((profile) => facts.isLossless || !/^flac/.test(profile))
    const result = await makeAudio(path, work, {
      facts,
      profiles: wanted,
      signal: run.signal,
      onProgress: progress.at,
      maxDurationMs: maxDurationH * 3_600_000,
    }).finally(progress.end)
    return { facts, result, files: await filesIn(work) }
  })
}

async function filesIn(folder: string): Promise<StoredFiles> {
  const names = (await readdir(folder)).sort()
  return Promise.all(names.map(async (name) => [name, (await stat(join(folder, name))).size]))
}

/**
 * From now on this attempt is the one that may publish: what another, which died or is too slow, has moved to its place
 * goes. False where there is nothing to publish any more.
 */
async function claim({ ctx }: Desk, assetId: string, folder: string): Promise<boolean> {
  const before = (await findAsset(ctx.db, assetId))?.folder
  if (!(await changeAsset(ctx.db, assetId, ['processing'], { folder }))) return false
  if (before) await ctx.storage.removeFolder(`${assetFolder(assetId)}/${before}`)
  return true
}

/** False where another attempt was first, or the asset is gone. */
async function publish(desk: Desk, asset: AssetRow, folder: string, made: Made): Promise<boolean> {
  const { db, events } = desk.ctx
  const { facts, result, files } = made
  return db.tx(async (db) => {
    const change: Partial<AssetRow> = {
      ...columnsOf(asset, facts, result),
      state: 'ready',
      progress: 1,
      refusalJson: null,
      folder,
      filesJson: files,
      playableJson: playableOf(result),
    }
    if (!(await changeAsset(db, { id: asset.id, folder }, ['processing'], change))) return false
    await replaceRenditions(db, asset.id, renditionsOf(asset.id, folder, result))
    await events.emit(db, assetReady, { assetId: asset.id })
    return true
  })
}

/** The asset may have been removed while this was made. */
async function removeLost({ ctx }: Desk, assetId: string, place: string): Promise<void> {
  const isThere = await findAsset(ctx.db, assetId)
  await ctx.storage.removeFolder(isThere ? place : assetFolder(assetId))
}
