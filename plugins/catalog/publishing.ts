import { invalidInput } from '#contract'
import { type Account, type Db, isoTime, problem } from '#sdk'
import { revokeRelease } from './assets.ts'
import * as contract from './contract.ts'
import { editableRelease } from './desk.ts'
import { settled } from './draft-rows.ts'
import { reindexRelease } from './finders.ts'
import { learnAsset } from './measuring.ts'
import { presentRelease } from './present.ts'
import { getReleaseById, type ReleaseRow, updateRelease } from './releases.ts'
import type { Ctx } from './settings.ts'
import { type TrackRow, tracksOf } from './tracks.ts'

export function publishRoutes(ctx: Ctx): void {
  const { router } = ctx
  router.handle(contract.publishRelease, async ({ params, body }, call) => {
    const { release, view } = await editableRelease(ctx, call, params.slug)
    return presentRelease(
      ctx,
      view,
      await publish(ctx, { releaseId: release.id, actor: call.me, at: body.at }),
    )
  })
  router.handle(contract.unpublishRelease, async ({ params }, call) => {
    const { release, view } = await editableRelease(ctx, call, params.slug)
    return presentRelease(ctx, view, await unpublish(ctx, release.id, call.me))
  })
}

type Missing = { pointer: string; message: string }

/** All that is still to be done, each with its place. */
function missingOf(release: ReleaseRow, tracks: readonly TrackRow[]): Missing[] {
  const missing: Missing[] = []
  if (release.title.trim() === '') missing.push({ pointer: '/title', message: 'Write a title.' })
  if (!release.creditsJson.some(({ role }) => role === 'main'))
    missing.push({ pointer: '/credits', message: 'Name a main artist.' })
  if (tracks.length === 0) missing.push({ pointer: '/tracks', message: 'Add a track.' })
  for (const { isReady, id, title } of tracks)
    if (!isReady)
      missing.push({
        pointer: `/tracks/${id}`,
        message: `Wait until “${title}” is processed, or take the track out.`,
      })
  return missing
}

/** Now, or at a time to come; throws catalog.not-publishable. */
export async function publish(
  ctx: Ctx,
  { releaseId, actor, at }: { releaseId: string; actor: Account | null; at: string | null },
): Promise<ReleaseRow> {
  await learnStates(ctx, releaseId)
  return ctx.db.tx(async (db) => {
    const release = await getReleaseById(db, releaseId)
    if (release.status === 'published') return release
    const errors = missingOf(release, await tracksOf(db, releaseId))
    if (errors.length > 0) throw problem(contract.notPublishable, undefined, { errors })
    if (at === null || at <= isoTime()) {
      const claimed: unknown[] = await claim(db, releaseId, release.status)
      return claimed.length === 0 ? getReleaseById(db, releaseId) : makePublic(ctx, db, releaseId, actor)
    }
    const years = Date.parse(at) - Date.now() > 5 * 366 * 86_400_000
    if (years) {
      const message = 'Choose a time within the next five years.'
      throw problem(invalidInput, message, { errors: [{ pointer: '/at', message }] })
    }
    const row = await updateRelease(db, releaseId, {
      status: 'scheduled',
      publishAt: at,
      updatedAt: isoTime(),
    })
    const detail = { slug: release.slug, at }
    const entry = { action: 'catalog.release-scheduled', actor, subject: releaseId, detail }
    await ctx.audit.record(db, entry)
    await ctx.events.emit(db, contract.releaseChanged, { releaseId })
    return row
  })
}

/** The status changes for one of all who try at once. */
function claim(db: Db, id: string, from: ReleaseRow['status']): Promise<unknown[]> {
  return db.raw(`update catalog_releases set status = 'published' where id = ? and status = ? returning id`, [
    id,
    from,
  ])
}

async function makePublic(ctx: Ctx, db: Db, id: string, actor: Account | null): Promise<ReleaseRow> {
  const release = await getReleaseById(db, id)
  const now = isoTime()
  // What was public before keeps its place in the lists.
  const publishedAt = release.publishedAt ?? now
  const { audience, sortedOn } = settled({ ...release, publishedAt })
  const row = await updateRelease(db, id, {
    publishedAt,
    publishAt: null,
    audience,
    sortedOn,
    updatedAt: now,
  })
  await reindexRelease(db, row)
  await ctx.events.emit(db, contract.releasePublished, { releaseId: id })
  const detail = { slug: row.slug, visibility: row.visibility }
  await ctx.audit.record(db, { action: 'catalog.release-published', actor, subject: id, detail })
  return row
}

/** A draft again; what was scheduled is no longer. */
export async function unpublish(ctx: Ctx, releaseId: string, actor: Account | null): Promise<ReleaseRow> {
  return ctx.db.tx(async (db) => {
    const before = await getReleaseById(db, releaseId)
    if (before.status === 'draft') return before
    const { audience } = settled({ ...before, status: 'draft' })
    const row = await updateRelease(db, releaseId, {
      status: 'draft',
      publishAt: null,
      audience,
      updatedAt: isoTime(),
    })
    await reindexRelease(db, row)
    await revokeRelease(ctx, db, releaseId)
    if (before.status === 'published') await ctx.events.emit(db, contract.releaseUnpublished, { releaseId })
    const detail = { slug: row.slug, was: before.status }
    const entry = { action: 'catalog.release-unpublished', actor, subject: releaseId, detail }
    await ctx.audit.record(db, entry)
    return row
  })
}

/** Publishes what is due, once however many processes are at it; what has a file in the works waits for it. */
export async function publishDue(ctx: Ctx): Promise<number> {
  const due = await ctx.db.raw<{ id: string }[]>(
    `select id from catalog_releases r where status = 'scheduled' and publish_at <= ? and trashed_at is null
       and track_count > 0 and not exists (select 1 from catalog_tracks t
         where t.release_id = r.id and t.trashed_at is null and not t.is_ready)
     order by publish_at limit 200`,
    [isoTime()],
  )
  let count = 0
  for (const { id } of due)
    await ctx.db.tx(async (db) => {
      if ((await claim(db, id, 'scheduled')).length === 0) return
      await makePublic(ctx, db, id, null)
      count++
    })
  return count
}

/** The state of files as it is now, where the news of it is still on its way. */
async function learnStates(ctx: Ctx, releaseId: string): Promise<void> {
  const waiting = (await tracksOf(ctx.db, releaseId)).filter(({ isReady }) => !isReady)
  if (waiting.length === 0) return
  const assets = await ctx.needs.media.assetsByIds(waiting.map(({ assetId }) => assetId))
  const ready = [...assets.values()].filter(({ state }) => state === 'ready')
  for (const asset of ready) await ctx.db.tx((db) => learnAsset(ctx, db, asset))
}
