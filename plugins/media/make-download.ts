import { join } from 'node:path'
import { type AudioFormat, makeAudio, type Profile, probeAudio, type TagFormat, writeTags } from '#ffmpeg'
import { type JobRun, newId } from '#sdk'
import { type AssetRow, assetFolder, findAsset } from './assets.ts'
import { mostAttempts } from './attempt.ts'
import { type DownloadFormat, makeDownload } from './contract.ts'
import type { Desk } from './desk.ts'
import { changeDownload, type DownloadRow, findDownload } from './downloads.ts'
import { renditionsOf } from './made.ts'
import { formatOf } from './reading/index.ts'
import { faultOfFile } from './refusals.ts'
import {
  findRendition,
  insertRendition,
  type NewRendition,
  type RenditionRow,
  renditionKey,
} from './renditions.ts'
import { endings } from './taking.ts'
import { inWorkFolder } from './work-folder.ts'

type Made = Exclude<DownloadFormat, 'original'>
const ways: Record<Made, { profile: Profile; tags: TagFormat }> = {
  flac: { profile: 'flac-file', tags: 'flac' },
  'mp3-320': { profile: 'mp3-320', tags: 'mp3' },
  'mp3-v0': { profile: 'mp3-v0', tags: 'mp3' },
  opus: { profile: 'opus-160', tags: 'opus' },
  'aac-256': { profile: 'aac-256', tags: 'm4a' },
}

/** Renders what is missing, once for all downloads, then writes the tags into a copy. */
export function handleMakingDownloads(desk: Desk): void {
  const { db, jobs } = desk.ctx
  jobs.handle(makeDownload, async ({ downloadId }, run) => {
    const row = await findDownload(db, downloadId)
    if (row?.state !== 'preparing' || row.format === 'original') return
    await changeDownload(db, row.id, { attempts: row.attempts + 1 })
    try {
      await make(desk, row, run)
    } catch (error) {
      if (run.signal.aborted || (!faultOfFile(error) && row.attempts + 1 < mostAttempts)) throw error
      desk.ctx.log.error({ err: error, download: row.id }, 'a download could not be made')
      await changeDownload(db, row.id, { state: 'failed', usedAt: new Date().toISOString() })
    }
  })
}

async function make(desk: Desk, row: DownloadRow, run: JobRun): Promise<void> {
  const { db, storage } = desk.ctx
  const format = row.format as Made
  const asset = await findAsset(db, row.assetId)
  if (!asset) return
  const source = await rendition(desk, asset, ways[format].profile, run)
  const fileKey = `${assetFolder(asset.id)}/downloads/${row.id}.${endings[format]}`
  await inWorkFolder(storage, async (folder) => {
    const target = join(folder, 'tagged')
    await withCover(desk, row.coverKey, (coverPath) =>
      storage.withLocalFile(renditionKey(source), (path) =>
        writeTags(path, target, {
          format: ways[format].tags,
          tags: row.tagsJson,
          ...(coverPath ? { coverPath } : {}),
          ...(source.gaplessJson && format === 'aac-256' ? { gapless: source.gaplessJson } : {}),
          signal: run.signal,
        }),
      ),
    )
    await storage.take(fileKey, target)
  })
  if (await changeDownload(db, row.id, { state: 'ready', fileKey })) return
  await storage.remove(fileKey)
}

/** A cover that is gone is left away. */
async function withCover(
  { ctx }: Desk,
  coverKey: string | null,
  work: (path: string | null) => Promise<void>,
): Promise<void> {
  if (coverKey === null || (await ctx.storage.size(coverKey)) === null) return work(null)
  await ctx.storage.withLocalFile(coverKey, work)
}

async function rendition(
  desk: Desk,
  asset: AssetRow,
  profile: Profile,
  run: JobRun,
): Promise<RenditionRow | NewRendition> {
  const { db, storage, settings } = desk.ctx
  const known = await findRendition(db, asset.id, profile)
  if (known) return known
  const folder = newId()
  const made = await inWorkFolder(storage, async (work) => {
    const result = await storage.withLocalFile(asset.originalKey ?? '', async (path) => {
      const format = asset.kind ? { format: formatOf(asset.kind) as AudioFormat } : {}
      const facts = await probeAudio(path, { ...format, signal: run.signal })
      const maxDurationMs = settings.get().maxDurationH * 3_600_000
      return makeAudio(path, work, { facts, profiles: [profile], signal: run.signal, maxDurationMs })
    })
    const [made] = renditionsOf(asset.id, folder, result)
    if (!made) throw new Error(`Nothing was made for ${profile}.`)
    await storage.take(renditionKey(made), join(work, made.file))
    return made
  })
  if (await insertRendition(db, made)) return made
  await storage.removeFolder(`${assetFolder(asset.id)}/${folder}`)
  return (await findRendition(db, asset.id, profile)) ?? made
}
