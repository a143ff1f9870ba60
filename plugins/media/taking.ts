import { createHash } from 'node:crypto'
import type { Db } from '#sdk'
import { findAsset } from './assets.ts'
import { type DownloadFormat, type MediaApi, makeDownload } from './contract.ts'
import type { Desk } from './desk.ts'
import { downloadAddress } from './download-address.ts'
import { changeDownload, type DownloadRow, removeDownload, wishDownload } from './downloads.ts'

type Wish = Parameters<MediaApi['download']>[0]
type Taken = Awaited<ReturnType<MediaApi['download']>>

/** A wish that failed is tried again when it comes back after so long. */
const failedMs = 60_000
const touchMs = 3_600_000

export const endings: Record<Exclude<DownloadFormat, 'original'>, string> = {
  flac: 'flac',
  'mp3-320': 'mp3',
  'mp3-v0': 'mp3',
  opus: 'opus',
  'aac-256': 'm4a',
}

/** A file to take away: the original byte for byte, or one made with these tags, kept for a day after its last use. */
export async function download(desk: Desk, wish: Wish): Promise<Taken> {
  const { db, storage } = desk.ctx
  const { assetId, format } = wish
  const asset = await findAsset(db, assetId)
  if (!asset?.originalKey || (format === 'flac' && !asset.isLossless && asset.state === 'ready'))
    return { state: 'failed' }
  if (format === 'original') {
    const name = `${wish.fileName}.${asset.originalKey.split('.').at(-1)}`
    return { state: 'ready', url: downloadAddress(desk, asset, asset.originalKey, name) }
  }
  if (asset.state === 'failed') return { state: 'failed' }
  const row = await wished(desk, wish)
  if (row.state !== 'ready' || !row.fileKey) return { state: row.state === 'failed' ? 'failed' : 'preparing' }
  if ((await storage.size(row.fileKey)) === null) {
    await removeDownload(db, row.id)
    return { state: 'preparing' }
  }
  await touch(db, row)
  return {
    state: 'ready',
    url: downloadAddress(desk, asset, row.fileKey, `${wish.fileName}.${endings[format]}`),
  }
}

async function wished({ ctx }: Desk, { assetId, format, tags, coverKey }: Wish): Promise<DownloadRow> {
  const { db, jobs } = ctx
  const said = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))
  const wishHash = createHash('sha256')
    .update(JSON.stringify([said, coverKey]))
    .digest('hex')
  return db.tx(async (db) => {
    const { row, isNew } = await wishDownload(db, { assetId, format, wishHash, tagsJson: tags, coverKey })
    const isOld = row.state === 'failed' && Date.parse(row.usedAt) < Date.now() - failedMs
    if (!isNew && !isOld) return row
    const again = { state: 'preparing', attempts: 0, usedAt: new Date().toISOString() } as const
    if (isOld) await changeDownload(db, row.id, again)
    await jobs.enqueue(db, makeDownload, { downloadId: row.id }, { key: row.id })
    return { ...row, ...again }
  })
}

async function touch(db: Db, { id, usedAt }: DownloadRow): Promise<void> {
  if (Date.parse(usedAt) < Date.now() - touchMs)
    await changeDownload(db, id, { usedAt: new Date().toISOString() })
}
