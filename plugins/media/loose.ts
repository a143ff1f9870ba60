import { assetFolder, findAsset, removeUnheld } from './assets.ts'
import { assetRemoved, removeLoose } from './contract.ts'
import { type Desk, tellRemoved } from './desk.ts'

/** What was given up for good goes as soon as that is certain. */
export function handleLoose(desk: Desk): void {
  desk.ctx.jobs.handle(removeLoose, async ({ assetId }) => void (await removeLooseAsset(desk, assetId)))
}

/** With all that was made of it. False where somebody uses it, or it became loose only after `looseBefore`. */
export async function removeLooseAsset(desk: Desk, id: string, looseBefore?: string): Promise<boolean> {
  const { db, events, storage } = desk.ctx
  const asset = await findAsset(db, id)
  const isGone = await db.tx(async (db) => {
    if (!(await removeUnheld(db, id, looseBefore))) return false
    await events.emit(db, assetRemoved, { assetId: id })
    return true
  })
  // Also of one that is gone already: its files may be what a crash left.
  if (!isGone && asset) return false
  await storage.removeFolder(assetFolder(id))
  desk.cache.forget(id)
  if (asset) tellRemoved(desk, asset)
  return isGone
}
