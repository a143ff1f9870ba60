import type { Storage } from '#sdk'
import { type AssetRow, assetsByIds } from './assets.ts'
import { downloadsByIds } from './downloads.ts'
import { idTime } from './id-time.ts'
import { listFolders } from './renditions.ts'
import type { MediaContext } from './settings.ts'
import { listOpenUploads } from './uploads.ts'

const some = 500

/** Keys of the storage by whose they are: `media/<asset>/…` and `media/uploads/…`. */
interface Found {
  assets: Map<string, string[]>
  uploads: string[]
}

/**
 * Removes files a crash left: of no asset, of attempts that lost, covers and downloads nobody names. What was begun
 * after `before` (ms since 1970) may be on its way to a row. Returns how much there was.
 */
export async function sweepFiles({ db, storage }: MediaContext, before: number): Promise<number> {
  const found = await listFound(storage)
  const open = await listOpenUploads(db)
  const announced = new Set(open.flatMap(({ id, planJson }) => [id, ...Object.values(planJson ?? {})]))
  const orphans = found.uploads.filter((key) => !announced.has(partOf(key, 2)))
  const ids = [...found.assets.keys()].filter((id) => !announced.has(id))
  for (let from = 0; from < ids.length; from += some) {
    const isNamed = await namedBy(db, ids.slice(from, from + some), found)
    for (const id of ids.slice(from, from + some))
      for (const key of found.assets.get(id) ?? []) if (!isNamed(key) && isOld(key, before)) orphans.push(key)
  }
  for (const key of orphans) await storage.remove(key)
  return orphans.length
}

const partOf = (key: string, at: number): string => key.split('/')[at] ?? ''
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function listFound(storage: Storage): Promise<Found> {
  const found: Found = { assets: new Map(), uploads: [] }
  for await (const { key } of storage.list('media')) {
    const place = partOf(key, 1)
    if (place === 'work') continue
    if (place === 'uploads') found.uploads.push(key)
    else if (uuid.test(place)) found.assets.set(place, [...(found.assets.get(place) ?? []), key])
  }
  return found
}

/** Attempts are as old as their folder. */
function isOld(key: string, before: number): boolean {
  const [, asset = '', folder = ''] = key.split('/')
  return idTime(uuid.test(folder) ? folder : asset) < before
}

/** Whether a row of these assets, or of what was made of them, leads to a key. */
async function namedBy(
  db: MediaContext['db'],
  ids: string[],
  { assets }: Found,
): Promise<(key: string) => boolean> {
  const rows = new Map((await assetsByIds(db, ids)).map((row) => [row.id, row]))
  const folders = new Set((await listFolders(db, ids)).map(({ assetId, folder }) => `${assetId}/${folder}`))
  const keys = ids.flatMap((id) => assets.get(id) ?? [])
  const wished = keys.filter((key) => partOf(key, 2) === 'downloads').map((key) => idOf(partOf(key, 3)))
  const known = await downloadsByIds(
    db,
    wished.filter((id) => uuid.test(id)),
  )
  const downloads = new Set(known.map(({ id }) => id))
  return (key) => {
    const [, id = '', second = '', third] = key.split('/')
    const row = rows.get(id)
    if (!row) return false
    if (third === undefined) return isOwnFile(row, key)
    if (second === 'downloads') return downloads.has(idOf(third))
    return second === row.folder || folders.has(`${id}/${second}`)
  }
}

const idOf = (file: string) => file.split('.')[0] ?? ''

/** A file that is being inspected may get its cover at this moment. */
const isOwnFile = (row: AssetRow, key: string): boolean =>
  row.state === 'inspecting' || key === row.originalKey || key === row.coverKey
