import { notFound } from '#contract'
import { type Db, isoTime, problem } from '#sdk'

/** The asset's row is locked first, so that the last holder to go and a new one see each other. */
export async function insertHold(db: Db, assetId: string, holder: string): Promise<void> {
  await db.tx(async (db) => {
    const found = await db('media_assets').where({ id: assetId }).update({ looseAt: null })
    if (found === 0) throw problem(notFound, 'This file is not here any more; upload it once more.')
    const row = { assetId, holder, createdAt: isoTime() }
    await db('media_holds').insert(row).onConflict(['asset_id', 'holder']).ignore()
  })
}

export async function removeHold(db: Db, assetId: string, holder: string): Promise<void> {
  await db.tx(async (db) => {
    await db('media_assets')
      .where({ id: assetId })
      .update({ looseAt: db.ref('loose_at') })
    if ((await db('media_holds').where({ assetId, holder }).delete()) === 0) return
    await db('media_assets')
      .where({ id: assetId })
      .whereNotExists(db('media_holds').where('media_holds.asset_id', db.ref('media_assets.id')))
      .update({ looseAt: isoTime() })
  })
}

export async function isHeld(db: Db, assetId: string): Promise<boolean> {
  return (await db('media_holds').where({ assetId }).first('asset_id')) !== undefined
}
