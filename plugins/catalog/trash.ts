import { notFound } from '#contract'
import { type Account, type Db, isoTime, problem } from '#sdk'
import { assetsOfTracks, holderOf, revokeRelease } from './assets.ts'
import * as contract from './contract.ts'
import { editableRelease, editableTrack, viewOf } from './desk.ts'
import { settled } from './draft-rows.ts'
import { recount, reindexRelease, saveChanged, unindex } from './finders.ts'
import { canEdit, type Who } from './policy.ts'
import { getReleaseById, type ReleaseRow, releasesByIds, updateRelease } from './releases.ts'
import type { Ctx } from './settings.ts'
import { allTracksOf, getTrackRow, type TrackRow } from './tracks.ts'

const dayMs = 86_400_000
const mostShown = 500

export function trashRoutes(ctx: Ctx): void {
  const { router } = ctx
  router.handle(contract.trashRelease, async ({ params }, call) => {
    const { release } = await editableRelease(ctx, call, params.slug)
    await trashRelease(ctx, release, call.me)
  })
  router.handle(contract.trashTrack, async ({ params }, call) => {
    const { track, release } = await editableTrack(ctx, call, params.id)
    await trashTrack(ctx, { track, release, me: call.me })
  })
  router.handle(contract.listTrash, async (_input, call) => {
    const { who } = await viewOf(ctx, call)
    return { items: await listTrash(ctx, who) }
  })
  router.handle(contract.restoreTrash, async ({ params }, call) => {
    const thrown = await thrownAway(ctx, (await viewOf(ctx, call)).who, params.id)
    await restore(ctx, thrown, call.me)
  })
  router.handle(contract.removeTrash, async ({ params }, call) => {
    const thrown = await thrownAway(ctx, (await viewOf(ctx, call)).who, params.id)
    await removeForGood(ctx, thrown, call.me)
  })
}

export async function trashRelease(ctx: Ctx, before: ReleaseRow, me: Account | null): Promise<void> {
  await ctx.db.tx(async (db) => {
    const now = isoTime()
    const release = await getReleaseById(db, before.id)
    if (release.trashedAt !== null) return
    // A time to come would be forgotten by who brings it back later.
    const status = release.status === 'scheduled' ? ('draft' as const) : release.status
    const row = settled({ ...release, status, trashedAt: now })
    const { audience } = row
    await updateRelease(db, release.id, { status, audience, publishAt: null, trashedAt: now, updatedAt: now })
    await reindexRelease(db, { ...row, publishAt: null })
    await revokeRelease(ctx, db, release.id)
    if (release.status === 'published')
      await ctx.events.emit(db, contract.releaseUnpublished, { releaseId: release.id })
    const detail = { slug: release.slug, title: release.title }
    const entry = { action: 'catalog.release-trashed', actor: me, subject: release.id, detail }
    await ctx.audit.record(db, entry)
  })
}

export async function trashTrack(
  ctx: Ctx,
  { track, release, me }: { track: TrackRow; release: ReleaseRow; me: Account | null },
): Promise<void> {
  await ctx.db.tx(async (db) => {
    const now = await getTrackRow(db, track.id)
    await saveChanged(db, release, [{ ...now, trashedAt: isoTime() }], ['trashedAt'])
    await changedTracks(ctx, db, release.id)
    await ctx.needs.media.revoke(db, [track.assetId])
    await ctx.events.emit(db, contract.trackChanged, { trackId: track.id })
    const detail = { slug: release.slug, title: track.title }
    await ctx.audit.record(db, { action: 'catalog.track-trashed', actor: me, subject: track.id, detail })
  })
}

async function changedTracks(ctx: Ctx, db: Db, releaseId: string): Promise<void> {
  await recount(db, releaseId)
  await ctx.jobs.enqueue(db, contract.measureRelease, { releaseId }, { key: `catalog.measure ${releaseId}` })
}

type Thrown = { release: ReleaseRow; track: TrackRow | null }

/** Something in the trash, as far as its editor asks; else it is not there. */
async function thrownAway(ctx: Ctx, who: Who, id: string): Promise<Thrown> {
  const track: TrackRow | undefined = await ctx.db<TrackRow>('catalog_tracks').where({ id }).first()
  const found = await releasesByIds(ctx.db, [track?.releaseId ?? id])
  const [release] = [...found.values()]
  if (!release || !canEdit(who, release)) throw problem(notFound)
  // What went with its release comes back with it.
  if (track ? track.trashedAt === null || release.trashedAt !== null : release.trashedAt === null)
    throw problem(notFound)
  return { release, track: track ?? null }
}

async function restore(ctx: Ctx, { release, track }: Thrown, me: Account): Promise<void> {
  await ctx.db.tx(async (db) => {
    const detail = { slug: release.slug, title: track?.title ?? release.title }
    const subject = track?.id ?? release.id
    if (track) {
      const now = await getReleaseById(db, release.id)
      await saveChanged(db, now, [{ ...track, trashedAt: null }], ['trashedAt'])
      await changedTracks(ctx, db, release.id)
      await ctx.events.emit(db, contract.trackChanged, { trackId: track.id })
    } else {
      const { audience } = settled({ ...release, trashedAt: null })
      const row = await updateRelease(db, release.id, { trashedAt: null, audience, updatedAt: isoTime() })
      await reindexRelease(db, row)
      if (row.status === 'published')
        await ctx.events.emit(db, contract.releasePublished, { releaseId: row.id })
    }
    await ctx.audit.record(db, { action: 'catalog.trash-restored', actor: me, subject, detail })
  })
}

/** Rows now, files of the cover with them; those of the tracks are given up, and media removes them. */
async function removeForGood(ctx: Ctx, thrown: Thrown, actor: Account | null): Promise<void> {
  const { release, track } = thrown
  await ctx.db.tx(async (db) => {
    const tracks = track ? [track] : await allTracksOf(db, release.id)
    const ids = tracks.map(({ id }) => id)
    const table = track ? 'catalog_tracks' : 'catalog_releases'
    const subject = track?.id ?? release.id
    const assets = await assetsOfTracks(db, ids)
    for (const { trackId, assetId } of assets) await ctx.needs.media.discard(db, assetId, holderOf(trackId))
    await unindex(db, track ? ids : [...ids, release.id])
    if ((await db(table).where({ id: subject }).whereNotNull('trashed_at').delete()) === 0)
      throw problem(notFound)
    for (const trackId of ids) await ctx.events.emit(db, contract.trackRemoved, { trackId })
    if (!track) await ctx.events.emit(db, contract.releaseRemoved, { releaseId: release.id })
    const detail = { slug: release.slug, title: track?.title ?? release.title, tracks: ids.length }
    await ctx.audit.record(db, { action: 'catalog.removed', actor, subject, detail })
  })
  if (!track && release.coverKey) await ctx.storage.removeFolder(release.coverKey)
}

/** Last thrown away first; all of them for who manages the catalogue. */
async function listTrash(ctx: Ctx, who: Who): Promise<contract.TrashItem[]> {
  const { db } = ctx
  const releases: ReleaseRow[] = await db<ReleaseRow>('catalog_releases')
    .whereNotNull('trashed_at')
    .orderBy('trashed_at', 'desc')
    .limit(mostShown * 4)
  const tracks: TrackRow[] = await db<TrackRow>('catalog_tracks')
    .whereNotNull('trashed_at')
    .orderBy('trashed_at', 'desc')
    .limit(mostShown * 4)
  const parents = await releasesByIds(
    db,
    tracks.map(({ releaseId }) => releaseId),
  )
  const mine: { thrown: Thrown; trashedAt: string }[] = [
    ...releases.map((release) => ({ thrown: { release, track: null }, trashedAt: release.trashedAt ?? '' })),
    ...tracks.flatMap((track) => {
      const release = parents.get(track.releaseId)
      const isAlone = release && release.trashedAt === null
      return isAlone ? [{ thrown: { release, track }, trashedAt: track.trashedAt ?? '' }] : []
    }),
  ].filter(({ thrown }) => canEdit(who, thrown.release))
  const shown = mine.sort((a, b) => (a.trashedAt < b.trashedAt ? 1 : -1)).slice(0, mostShown)
  const sizes = await sizesOf(ctx, shown)
  const keptMs = ctx.settings.get().trashDays * dayMs
  return shown.map(({ thrown: { release, track }, trashedAt }) => ({
    id: track?.id ?? release.id,
    kind: track ? 'track' : 'release',
    title: track?.title ?? release.title,
    releaseTitle: track ? release.title : null,
    sizeBytes: sizes.get(track?.id ?? release.id) ?? 0,
    trashedAt,
    removedAt: isoTime(new Date(Date.parse(trashedAt) + keptMs)),
  }))
}

/** Bytes of the files, former ones too, that go with each. */
async function sizesOf(ctx: Ctx, shown: readonly { thrown: Thrown }[]): Promise<Map<string, number>> {
  const whole = shown.flatMap(({ thrown }) => (thrown.track ? [] : thrown.release.id))
  const inside: { id: string; releaseId: string }[] = await ctx
    .db('catalog_tracks')
    .whereIn('release_id', whole)
    .select('id', 'release_id')
  const placeOf = new Map(inside.map(({ id, releaseId }) => [id, releaseId]))
  for (const { thrown } of shown) if (thrown.track) placeOf.set(thrown.track.id, thrown.track.id)
  const files = await assetsOfTracks(ctx.db, [...placeOf.keys()])
  const assets = await ctx.needs.media.assetsByIds(files.map(({ assetId }) => assetId))
  const sizes = new Map<string, number>()
  for (const { trackId, assetId } of files) {
    const place = placeOf.get(trackId) ?? ''
    sizes.set(place, (sizes.get(place) ?? 0) + (assets.get(assetId)?.sizeBytes ?? 0))
  }
  return sizes
}

/** What has been in the trash for as long as the settings say goes for good. */
export async function emptyTrash(ctx: Ctx, now = Date.now()): Promise<void> {
  const { db } = ctx
  const before = isoTime(new Date(now - ctx.settings.get().trashDays * dayMs))
  const releases: ReleaseRow[] = await db<ReleaseRow>('catalog_releases')
    .where('trashed_at', '<=', before)
    .orderBy('trashed_at')
    .limit(50)
  for (const release of releases) await removeOrSkip(ctx, { release, track: null })
  const tracks: TrackRow[] = await db<TrackRow>('catalog_tracks')
    .where('trashed_at', '<=', before)
    .orderBy('trashed_at')
    .limit(200)
  const parents = await releasesByIds(
    db,
    tracks.map(({ releaseId }) => releaseId),
  )
  for (const track of tracks) {
    const release = parents.get(track.releaseId)
    if (release) await removeOrSkip(ctx, { release, track })
  }
}

/** Another process may have been quicker. */
async function removeOrSkip(ctx: Ctx, thrown: Thrown): Promise<void> {
  try {
    await removeForGood(ctx, thrown, null)
  } catch (error) {
    if ((error as { problem?: { name?: string } }).problem?.name !== notFound.name) throw error
  }
}
