import { albumLoudness } from '#ffmpeg'
import { type AssetFacts, assetReady } from '#plugins/media'
import { type Db, isoTime } from '#sdk'
import * as contract from './contract.ts'
import { measured } from './draft-rows.ts'
import { recount } from './finders.ts'
import type { Ctx } from './settings.ts'
import { tracksOf } from './tracks.ts'

/** What was measured of files comes to tracks and releases. */
export function handleMeasuring(ctx: Ctx): void {
  const { jobs, events, needs, db } = ctx
  events.on(assetReady, 'catalog.learn-asset', async ({ assetId }) => {
    const asset = (await needs.media.assetsByIds([assetId])).get(assetId)
    if (asset) await db.tx((tx) => learnAsset(ctx, tx, asset))
  })
  jobs.handle(contract.measureRelease, ({ releaseId }) => measureRelease(ctx, releaseId))
}

/** A file can be played: the track that plays it knows how long and how loud it is. */
export async function learnAsset(ctx: Ctx, db: Db, asset: AssetFacts): Promise<void> {
  const { fileKey: _known, ...facts } = measured(asset)
  const rows: { id: string; releaseId: string }[] = await db('catalog_tracks')
    .where({ assetId: asset.id })
    .update({ ...facts, updatedAt: isoTime() })
    .returning(['id', 'release_id'])
  for (const { id, releaseId } of rows) {
    await recount(db, releaseId)
    await ctx.jobs.enqueue(
      db,
      contract.measureRelease,
      { releaseId },
      { key: `catalog.measure ${releaseId}` },
    )
    await ctx.events.emit(db, contract.trackChanged, { trackId: id })
  }
}

/** Loudness of the release as one programme, and its highest peak. */
async function measureRelease(ctx: Ctx, releaseId: string): Promise<void> {
  const tracks = await tracksOf(ctx.db, releaseId)
  const assets = await ctx.needs.media.assetsByIds(tracks.map(({ assetId }) => assetId))
  const ready = [...assets.values()].filter(({ state }) => state === 'ready')
  const { loudnessLufs, loudnessRangeLu } = albumLoudness(ready)
  const peaks = ready.flatMap(({ truePeakDbtp }) => truePeakDbtp ?? [])
  await ctx
    .db('catalog_releases')
    .where({ id: releaseId })
    .update({
      loudnessLufs,
      loudnessRangeLu: loudnessLufs === null ? null : loudnessRangeLu,
      truePeakDbtp: peaks.length === 0 ? null : Math.max(...peaks),
    })
}
