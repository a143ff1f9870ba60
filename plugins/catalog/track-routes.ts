import { notAllowed, notFound } from '#contract'
import { type Account, isoTime, problem } from '#sdk'
import { holdAssets, usableAssets } from './assets.ts'
import * as contract from './contract.ts'
import { editableTrack, presentOf, seenTrack, tracksSeen, viewOf } from './desk.ts'
import { downloadsOf, downloadTrack } from './downloads.ts'
import { linked, measured } from './draft-rows.ts'
import { recount, saveChanged } from './finders.ts'
import { saveMark } from './marks.ts'
import { canDownload, canEdit, canSee } from './policy.ts'
import { pagesOf, presentCredit, type View } from './present.ts'
import { noteChange } from './release-routes.ts'
import { getReleaseById, type ReleaseRow, releasesByIds } from './releases.ts'
import type { Ctx } from './settings.ts'
import { similarTracks } from './similar.ts'
import { findLyrics, getTrackRow, saveLyrics, saveTracks, type TrackRow, tracksById } from './tracks.ts'
import { listVersions } from './versions.ts'

/** One track: reading, changing, its files, and what listeners make of it. */
export function trackRoutes(ctx: Ctx): void {
  const { router } = ctx
  router.handle(contract.getTrack, async ({ params, query }, call) => {
    const { track, release, view } = await seenTrack(ctx, call, { id: params.id, key: query.key })
    return presentInFull(ctx, view, track, release)
  })
  router.handle(contract.updateTrack, async ({ params, body }, call) => {
    const { release, view } = await editableTrack(ctx, call, params.id)
    await changeTracks(ctx, call.me, {
      ids: [params.id],
      change: body,
      releases: new Map([[release.id, release]]),
    })
    return presentInFull(
      ctx,
      view,
      await getTrackRow(ctx.db, params.id),
      await getReleaseById(ctx.db, release.id),
    )
  })
  router.handle(contract.updateTracks, async ({ body }, call) => {
    const view = await viewOf(ctx, call)
    const ids = [...new Set(body.ids)]
    const releases = await editableAll(ctx, view, ids)
    await changeTracks(ctx, call.me, { ids, change: body.change, releases })
    return { items: await tracksSeen(ctx, view, ids) }
  })
  router.handle(contract.listSimilar, async ({ params, query }, call) => {
    const { track, release, view } = await seenTrack(ctx, call, { id: params.id, key: query.key })
    const without = (query.without ?? '').split(',').filter(Boolean)
    const ids = await similarTracks(ctx.db, {
      track,
      release,
      without,
      limit: query.limit,
      level: view.who.accountId === null ? 0 : 1,
    })
    return { items: await tracksSeen(ctx, view, ids) }
  })
  fileRoutes(ctx)
  markRoutes(ctx)
}

export async function presentInFull(
  ctx: Ctx,
  view: View,
  track: TrackRow,
  release: ReleaseRow,
): Promise<contract.TrackInFull> {
  const [shown] = await presentOf(ctx, view, release, [track])
  if (!shown) throw problem(notFound)
  const pages = await pagesOf(ctx, track.creditsJson)
  const asset = (await ctx.needs.media.assetsByIds([track.assetId])).get(track.assetId)
  return {
    ...shown,
    credits: track.creditsJson.map((credit) => presentCredit(credit, pages)),
    ...(await findLyrics(ctx.db, track.id)),
    language: track.language,
    licence: track.licence || release.licence,
    source: asset
      ? {
          format: asset.format,
          sampleRate: asset.sampleRate,
          bitDepth: asset.bitDepth,
          channels: asset.channels,
          leadSilenceMs: asset.leadSilenceMs,
          tailSilenceMs: asset.tailSilenceMs,
        }
      : null,
    downloads: asset && canDownload(view.who, release) ? downloadsOf(asset) : [],
    can: { edit: canEdit(view.who, release) },
  }
}

/** The releases of these tracks; one that is not there or not theirs refuses all. */
async function editableAll(ctx: Ctx, view: View, ids: readonly string[]): Promise<Map<string, ReleaseRow>> {
  const tracks = await tracksById(ctx.db, ids)
  const releases = await releasesByIds(
    ctx.db,
    [...tracks.values()].map(({ releaseId }) => releaseId),
  )
  for (const id of ids) {
    const track = tracks.get(id)
    const release = track && releases.get(track.releaseId)
    if (!track || !release || track.trashedAt !== null || !canSee(view.who, release))
      throw problem(notFound, 'One of these tracks is not there any more; load the list anew.')
    if (!canEdit(view.who, release)) throw problem(notAllowed)
  }
  return releases
}

interface BatchChange {
  ids: readonly string[]
  change: contract.TrackChange
  releases: ReadonlyMap<string, ReleaseRow>
}

/** All of them, or none. */
async function changeTracks(ctx: Ctx, me: Account, { ids, change, releases }: BatchChange): Promise<void> {
  const pages = await ctx.needs.artists.byNames((change.credits ?? []).map(({ name }) => name))
  const { lyrics, syncedLyrics, credits, tags, key, ...plain } = change
  const all = {
    ...plain,
    creditsJson: credits && linked(credits, pages),
    tagsJson: tags && [...new Set(tags)],
    musicalKey: key,
  }
  const columns = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  await ctx.db.tx(async (db) => {
    const rows = await tracksById(db, ids)
    const now = await releasesByIds(db, [...releases.keys()])
    const changed = [...rows.values()].map((row) => ({ ...row, ...columns }))
    for (const [releaseId, some] of Map.groupBy(changed, (row) => row.releaseId)) {
      const release = now.get(releaseId)
      if (release) await saveChanged(db, release, some, Object.keys(columns) as (keyof TrackRow)[])
    }
    await saveLyrics(
      db,
      ids.map((trackId) => ({ trackId, lyrics, syncedLyrics })),
    )
    for (const trackId of rows.keys()) await ctx.events.emit(db, contract.trackChanged, { trackId })
    const detail = { fields: Object.keys(change), tracks: rows.size }
    const subject = ids[0] ?? ''
    await ctx.audit.record(db, { action: 'catalog.tracks-changed', actor: me, subject, detail })
  })
}

function fileRoutes(ctx: Ctx): void {
  const { router, db } = ctx
  router.handle(contract.replaceAudio, async ({ params, body }, call) => {
    const { track, release, view } = await editableTrack(ctx, call, params.id)
    const [asset] = await usableAssets(ctx, call.me, [body.assetId])
    if (!asset) throw problem(contract.unknownAsset)
    await db.tx(async (tx) => {
      await holdAssets(ctx, tx, [{ track, asset, at: isoTime() }])
      await playFile(ctx, tx, { track, asset, release, me: call.me })
    })
    return presentInFull(ctx, view, await getTrackRow(db, track.id), await getReleaseById(db, release.id))
  })
  router.handle(contract.listVersions, async ({ params }, call) => {
    const { track } = await editableTrack(ctx, call, params.id)
    const rows = await listVersions(db, track.id)
    const assets = await ctx.needs.media.assetsByIds(rows.map(({ assetId }) => assetId))
    return {
      items: rows.map(({ id, assetId, fileName, createdAt }) => ({
        id,
        assetId,
        fileName,
        durationMs: assets.get(assetId)?.durationMs ?? null,
        isCurrent: assetId === track.assetId,
        createdAt,
      })),
    }
  })
  router.handle(contract.restoreVersion, async ({ params }, call) => {
    const { track, release, view } = await editableTrack(ctx, call, params.id)
    const version = (await listVersions(db, track.id)).find(({ id }) => id === params.versionId)
    const found = await ctx.needs.media.assetsByIds(version ? [version.assetId] : [])
    const [asset] = [...found.values()]
    if (!asset) throw problem(notFound)
    await db.tx((tx) => playFile(ctx, tx, { track, asset, release, me: call.me }))
    return presentInFull(ctx, view, await getTrackRow(db, track.id), await getReleaseById(db, release.id))
  })
  router.handle(contract.downloadTrack, async ({ params, query, body }, call) => {
    const { track, release, view } = await seenTrack(ctx, call, { id: params.id, key: query.key })
    if (!canDownload(view.who, release)) throw problem(contract.noDownload)
    return downloadTrack(ctx, { track, release, format: body.format })
  })
}

/** The track plays this file from now on; addresses of the one before end. */
async function playFile(
  ctx: Ctx,
  db: Ctx['db'],
  {
    track,
    asset,
    release,
    me,
  }: { track: TrackRow; asset: Parameters<typeof measured>[0]; release: ReleaseRow; me: Account },
): Promise<void> {
  const facts = measured(asset)
  const columns = ['assetId', ...Object.keys(facts)] as (keyof TrackRow)[]
  const row = { ...(await getTrackRow(db, track.id)), ...facts, assetId: asset.id }
  await saveTracks(db, [{ ...row, updatedAt: isoTime() }], [...columns, 'updatedAt'])
  if (asset.id !== track.assetId) await ctx.needs.media.revoke(db, [track.assetId])
  await recount(db, release.id)
  await ctx.jobs.enqueue(
    db,
    contract.measureRelease,
    { releaseId: release.id },
    { key: `catalog.measure ${release.id}` },
  )
  await ctx.events.emit(db, contract.trackChanged, { trackId: track.id })
  await noteChange(ctx, db, { release, actor: me, fields: ['audio'] })
}

function markRoutes(ctx: Ctx): void {
  const { router, db } = ctx
  router.handle(contract.setFavourite, async ({ params, query, body }, call) => {
    const { track } = await seenTrack(ctx, call, { id: params.id, key: query.key })
    await saveMark(db, { accountId: call.me.id, trackId: track.id }, { isFavourite: body.isFavourite })
  })
  router.handle(contract.setStars, async ({ params, query, body }, call) => {
    const { track } = await seenTrack(ctx, call, { id: params.id, key: query.key })
    await saveMark(db, { accountId: call.me.id, trackId: track.id }, { stars: body.stars })
  })
}
