import { assetFolder, findAsset, giveCover, listDropped } from './assets.ts'
import { keepBeside } from './cover-beside.ts'
import type { Desk } from './desk.ts'
import type { UploadRow } from './uploads.ts'

const disc = /^(?:cd|disc|disk|disque|lp|side|vinyl)[\s._-]*(?:\d{1,2}|[a-d])$/i

/**
 * Keeps a picture that was dropped together with sound as the cover of what lies in its folder, or in the folders of its
 * discs: with the first file that has none, where whoever arranges them looks for it. False where there is no sound.
 */
export async function keepUploadedCover(desk: Desk, upload: UploadRow, path: string): Promise<boolean> {
  const { db, storage } = desk.ctx
  const { accountId, batch, relativePath } = upload
  if (batch === null) return false
  const folder = folderOf(relativePath)
  const dropped = await listDropped(db, accountId, batch)
  const beside = dropped.filter((asset) => isBeside(folder, folderOf(asset.relativePath)))
  const first = beside.find(({ coverKey }) => coverKey === null)
  if (!first) return beside.length > 0
  const key = await keepBeside(desk, first.id, path)
  if (key === null) return false
  if (await giveCover(db, first.id, key)) return true
  // Meanwhile its own picture was read, or it was removed.
  const now = await findAsset(db, first.id)
  if (!now) await storage.removeFolder(assetFolder(first.id))
  else if (now.coverKey !== key) await storage.remove(key)
  return true
}

const folderOf = (relativePath: string | null) => (relativePath ?? '').split('/').slice(0, -1).join('/')

function isBeside(folder: string, other: string): boolean {
  if (folder === other) return true
  const cut = other.lastIndexOf('/')
  return cut > 0 && other.slice(0, cut) === folder && disc.test(other.slice(cut + 1))
}
