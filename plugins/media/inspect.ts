import { type AssetRow, assetFolder, changeAsset, findAsset, findSameSound } from './assets.ts'
import { type AttemptOf, attempt } from './attempt.ts'
import { assetInspected, inspectAsset, processAsset } from './contract.ts'
import { type Desk, tell } from './desk.ts'
import { coverEnding, type ReadFile, readFile } from './read-file.ts'

/** Reads tags, cover and hashes of what arrived; then it can be arranged, and is made playable. */
export function handleInspection(desk: Desk): void {
  desk.ctx.jobs.handle(inspectAsset, ({ assetId }, run) =>
    attempt(desk, { assetId, run, states: ['inspecting'] }, inspect),
  )
}

async function inspect({ desk, asset, run }: AttemptOf): Promise<void> {
  const { storage } = desk.ctx
  const { originalKey, fileName } = asset
  if (!originalKey) return
  const read = await storage.withLocalFile(originalKey, (path) => readFile(path, fileName, run.signal))
  const coverKey = await keepCover(desk, asset.id, read)
  run.signal.throwIfAborted()
  const before = coverKey && (await findAsset(desk.ctx.db, asset.id))?.coverKey
  await keepRead(desk, asset, { ...read.columns, ...(coverKey ? { coverKey } : {}) })
  // The picture in the file goes before one that came beside it.
  if (before && before !== coverKey) await storage.remove(before)
  tell(desk, await findAsset(desk.ctx.db, asset.id))
}

/** Key of the picture that was in the file. */
export async function keepCover({ ctx }: Desk, assetId: string, { cover }: ReadFile): Promise<string | null> {
  if (!cover) return null
  const key = `${assetFolder(assetId)}/cover-source.${coverEnding(cover.mime)}`
  await ctx.storage.write(key, cover.bytes)
  return key
}

async function keepRead({ ctx }: Desk, asset: AssetRow, columns: Partial<AssetRow>): Promise<void> {
  const { db, events, jobs } = ctx
  const { id: assetId } = asset
  await db.tx(async (db) => {
    const sameAs = columns.audioHash ? await findSameSound(db, columns.audioHash, assetId) : null
    const change = { ...columns, sameAs, state: 'processing', attempts: 0 } as const
    if (!(await changeAsset(db, assetId, ['inspecting'], change))) return
    await events.emit(db, assetInspected, { assetId })
    await jobs.enqueue(db, processAsset, { assetId }, { key: assetId })
  })
}
