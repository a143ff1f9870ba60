import { identity } from '#contract'
import { assetFolder, disownAssets, listOwned, removeUnheld } from './assets.ts'
import { assetRemoved } from './contract.ts'
import type { Desk } from './desk.ts'
import { presentAsset } from './present.ts'
import { listUploadsOf } from './uploads.ts'

/** What an account takes away with it, and what goes when it is deleted: files in use stay, as the label's. */
export function handlePersonalData(desk: Desk): void {
  const { accounts, db, events, storage } = desk.ctx

  // The files themselves are many gigabytes; each can be downloaded by itself.
  accounts.onExport(async (accountId) => {
    const assets = await listOwned(db, accountId)
    return { data: { files: assets.map(presentAsset) } }
  })

  events.on(identity.accountDeleted, 'media.forget', async ({ accountId }) => {
    const { UploadStore } = await import('./upload-store.ts')
    const store = new UploadStore(db, storage.localFolder('media/uploads'))
    for (const { id } of await listUploadsOf(db, accountId)) await store.remove(id)
    for (const { id } of await listOwned(db, accountId)) {
      const isGone = await db.tx(async (db) => {
        if (!(await removeUnheld(db, id))) return false
        await events.emit(db, assetRemoved, { assetId: id })
        return true
      })
      if (isGone) await storage.removeFolder(assetFolder(id))
    }
    await disownAssets(db, accountId)
    await db('media_accounts').where({ accountId }).delete()
  })
}
