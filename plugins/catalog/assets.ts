import type { AssetFacts } from '#plugins/media'
import { type Account, type Db, newId, problem } from '#sdk'
import { notReady, unknownAsset } from './contract.ts'
import type { Ctx } from './settings.ts'
import type { TrackRow } from './tracks.ts'

/** Under this name a track holds its files. */
export const holderOf = (trackId: string): string => `catalog.track:${trackId}`

/** The files as somebody may use them, in their order; throws catalog.unknown-file and catalog.not-ready. */
export async function usableAssets(ctx: Ctx, me: Account, ids: readonly string[]): Promise<AssetFacts[]> {
  const unique = [...new Set(ids)]
  const found = await ctx.needs.media.assetsByIds(unique)
  const mayAll = me.permissions.has('media.manage')
  const taken = await takenAssets(ctx.db, unique)
  const bad: { pointer: string; message: string }[] = []
  const early: { pointer: string; message: string }[] = []
  const assets = unique.flatMap((id, at) => {
    const asset = found.get(id)
    const pointer = `/assetIds/${at}`
    if (!asset || (asset.ownerId !== me.id && !mayAll)) bad.push({ pointer, message: unknownAsset.title })
    else if (taken.has(id))
      bad.push({ pointer, message: `A track has the file “${asset.fileName}” already.` })
    else if (asset.state === 'failed')
      bad.push({ pointer, message: `“${asset.fileName}” could not be processed; upload it again.` })
    else if (asset.state === 'inspecting')
      early.push({ pointer, message: `“${asset.fileName}” is still being looked at.` })
    return asset ?? []
  })
  if (bad.length > 0) throw problem(unknownAsset, undefined, { errors: bad })
  if (early.length > 0) throw problem(notReady, undefined, { errors: early })
  return assets
}

async function takenAssets(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows: { assetId: string }[] = await db('catalog_versions')
    .whereIn('asset_id', [...ids])
    .select('asset_id')
  return new Set(rows.map(({ assetId }) => assetId))
}

/** The tracks have these files from now on; throws catalog.unknown-file where another track was quicker. */
export async function holdAssets(
  ctx: Ctx,
  db: Db,
  pairs: readonly { track: Pick<TrackRow, 'id'>; asset: AssetFacts; at: string }[],
): Promise<void> {
  for (let from = 0; from < pairs.length; from += 400) {
    const some = pairs.slice(from, from + 400)
    const added: { assetId: string }[] = await db('catalog_versions')
      .insert(
        some.map(({ track, asset, at }) => ({
          id: newId(),
          trackId: track.id,
          assetId: asset.id,
          fileName: asset.fileName.slice(0, 250),
          createdAt: at,
        })),
      )
      .onConflict('asset_id')
      .ignore()
      .returning('asset_id')
    const held = new Set(added.map(({ assetId }) => assetId))
    const lost = some.filter(({ asset }) => !held.has(asset.id))
    if (lost.length > 0)
      throw problem(unknownAsset, undefined, {
        errors: lost.map(({ asset }) => ({
          pointer: '/assetIds',
          message: `A track has the file “${asset.fileName}” already.`,
        })),
      })
  }
  for (const { track, asset } of pairs) await ctx.needs.media.hold(db, asset.id, holderOf(track.id))
}

/** Files of tracks, former ones too. */
export async function assetsOfTracks(
  db: Db,
  trackIds: readonly string[],
): Promise<{ trackId: string; assetId: string }[]> {
  const all: { trackId: string; assetId: string }[] = []
  for (let at = 0; at < trackIds.length; at += 5000)
    all.push(
      ...(await db('catalog_versions')
        .whereIn('track_id', trackIds.slice(at, at + 5000))
        .select('track_id', 'asset_id')),
    )
  return all
}

/** Addresses that play a release's tracks, given out so far, stop working. */
export async function revokeRelease(ctx: Ctx, db: Db, releaseId: string): Promise<void> {
  const rows: { assetId: string }[] = await db('catalog_versions')
    .whereIn('track_id', db('catalog_tracks').where({ releaseId }).select('id') as never)
    .select('asset_id')
  await ctx.needs.media.revoke(
    db,
    rows.map(({ assetId }) => assetId),
  )
}
