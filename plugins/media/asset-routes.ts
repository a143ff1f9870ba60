import { conflict } from '#contract'
import { type Account, problem } from '#sdk'
import { type AssetRow, assetFolder, changeAsset, findAsset, listAssets, removeUnheld } from './assets.ts'
import * as contract from './contract.ts'
import { type Desk, tell, tellRemoved } from './desk.ts'
import { checkSeen, checkWhose } from './policy.ts'
import { presentAsset } from './present.ts'
import { maxFileBytes, quotaOf } from './room.ts'
import { usedBytes } from './uploads.ts'

/** Files one brought, and their channel. */
export function handleAssets(desk: Desk): void {
  const { router, db, realtime, settings } = desk.ctx
  router.handle(contract.listAssets, async ({ query }, call) => {
    checkWhose(call.me, query.whose)
    const { items, next } = await listAssets(db, {
      ...query,
      ownerId: query.whose === 'all' ? null : call.me.id,
    })
    return { items: items.map(presentAsset), next }
  })
  router.handle(contract.getAsset, async ({ params }, call) =>
    presentAsset(checkSeen(call.me, await findAsset(db, params.id))),
  )
  router.handle(contract.retryAsset, async ({ params }, call) => {
    const asset = checkSeen(call.me, await findAsset(db, params.id))
    return presentAsset(await retry(desk, asset, call.me))
  })
  router.handle(contract.removeAsset, async ({ params }, call) => {
    const asset = checkSeen(call.me, await findAsset(db, params.id))
    await removeAsset(desk, asset, call.me)
  })
  router.handle(contract.getUsage, async (_input, call) => ({
    usedBytes: await usedBytes(db, call.me.id),
    quotaBytes: quotaOf(call.me, settings.get()),
    maxFileBytes: maxFileBytes(settings.get()),
    maxDurationMs: settings.get().maxDurationH * 3_600_000,
  }))
  realtime.channel(contract.assetChannel, {
    canJoin: ({ account }, { accountId }) => account?.id === accountId,
  })
}

type Who = Pick<Account, 'id' | 'username'> | null

/** Processes a file that failed once more. Throws conflict for one that did not, or of which nothing was kept. */
export async function retry(desk: Desk, asset: AssetRow, who: Who): Promise<AssetRow> {
  const { db, jobs, audit } = desk.ctx
  const { id, fileName } = asset
  if (!asset.originalKey) throw problem(conflict, 'Nothing of this file was kept; upload it once more.')
  await db.tx(async (db) => {
    const change = { state: 'inspecting', attempts: 0, progress: 0, refusalJson: null } as const
    if (!(await changeAsset(db, id, ['failed'], change)))
      throw problem(conflict, 'This file did not fail; there is nothing to try again.')
    await jobs.enqueue(db, contract.inspectAsset, { assetId: id }, { key: id })
    await audit.record(db, { action: 'media.retried', actor: who, subject: id, detail: { fileName } })
  })
  const now = (await findAsset(db, id)) ?? asset
  tell(desk, now)
  return now
}

/** With all that was made of it. Throws assetInUse. */
export async function removeAsset(desk: Desk, asset: AssetRow, who: Who): Promise<void> {
  const { db, audit, events, storage } = desk.ctx
  const { id, fileName } = asset
  await db.tx(async (db) => {
    if (!(await removeUnheld(db, id))) throw problem(contract.assetInUse)
    await events.emit(db, contract.assetRemoved, { assetId: id })
    await audit.record(db, { action: 'media.removed', actor: who, subject: id, detail: { fileName } })
  })
  await storage.removeFolder(assetFolder(id))
  desk.cache.forget(id)
  tellRemoved(desk, asset)
}
