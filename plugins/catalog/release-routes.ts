import { notAllowed } from '#contract'
import { type Account, isoTime, problem } from '#sdk'
import { revokeRelease, usableAssets } from './assets.ts'
import * as contract from './contract.ts'
import { editableRelease, presentOf, seenRelease, viewOf } from './desk.ts'
import { linked, namesSaid, newKey, saidOfRelease, settled, trackRow } from './draft-rows.ts'
import { createDrafts, insertTracksOf, insertWithSlug } from './drafts.ts'
import { indexRelease, reindexRelease } from './finders.ts'
import { presentCards, presentRelease } from './present.ts'
import { findRelease, getReleaseById, type ReleaseRow, updateRelease } from './releases.ts'
import type { Ctx } from './settings.ts'
import { slugOf } from './text.ts'
import { saveTracks, tracksOf } from './tracks.ts'

/** Beginning, reading and changing releases. */
export function releaseRoutes(ctx: Ctx): void {
  const { router, db } = ctx
  router.handle(contract.getRelease, async ({ params, query }, call) => {
    const { release, view } = await seenRelease(ctx, call, { slug: params.slug, key: query.key })
    return presentRelease(ctx, view, release)
  })
  router.handle(contract.listReleaseTracks, async ({ params, query }, call) => {
    const { release, view } = await seenRelease(ctx, call, { slug: params.slug, key: query.key })
    return { items: await presentOf(ctx, view, release, await tracksOf(db, release.id)) }
  })
  router.handle(contract.createDrafts, async ({ body }, call) => {
    const rows = await createDrafts(ctx, call.me, body.assetIds)
    return { releases: await presentCards(ctx, await viewOf(ctx, call), rows) }
  })
  router.handle(contract.createRelease, async ({ body }, call) => {
    const release = await createRelease(ctx, call.me, body)
    return presentRelease(ctx, await viewOf(ctx, call), release)
  })
  router.handle(contract.updateRelease, async ({ params, body }, call) => {
    const { release, view } = await editableRelease(ctx, call, params.slug)
    return presentRelease(ctx, view, await changeRelease(ctx, call.me, release, body))
  })
  router.handle(contract.renewReleaseKey, async ({ params }, call) => {
    const { release, view } = await editableRelease(ctx, call, params.slug)
    const row = await db.tx(async (tx) => {
      const changed = await updateRelease(tx, release.id, { unlistedKey: newKey(), updatedAt: isoTime() })
      await revokeRelease(ctx, tx, release.id)
      await noteChange(ctx, tx, { release, actor: call.me, fields: ['key'] })
      return changed
    })
    return presentRelease(ctx, view, row)
  })
  trackRoutes(ctx)
}

function trackRoutes(ctx: Ctx): void {
  const { router, db } = ctx
  router.handle(contract.addTracks, async ({ params, body }, call) => {
    const { release, view } = await editableRelease(ctx, call, params.slug)
    const assets = await usableAssets(ctx, call.me, body.assetIds)
    const pages = await ctx.needs.artists.byNames(namesSaid(assets))
    await db.tx(async (tx) => {
      const last = (await tracksOf(tx, release.id)).at(-1)
      const rows = assets.map((asset, at) => ({
        asset,
        track: trackRow(asset, {
          release,
          pages,
          discNumber: last?.discNumber ?? 1,
          trackNumber: (last?.trackNumber ?? 0) + 1 + at,
        }),
      }))
      await insertTracksOf(ctx, tx, { release, rows })
      await noteChange(ctx, tx, { release, actor: call.me, fields: ['tracks'] })
    })
    const now = await getReleaseById(db, release.id)
    return { items: await presentOf(ctx, view, now, await tracksOf(db, release.id)) }
  })
  router.handle(contract.orderTracks, async ({ params, body }, call) => {
    const { release, view } = await editableRelease(ctx, call, params.slug)
    await db.tx(async (tx) => {
      const rows = new Map((await tracksOf(tx, release.id)).map((row) => [row.id, row]))
      const ids = new Set(body.items.map(({ id }) => id))
      if (ids.size !== body.items.length || ids.size !== rows.size || [...ids].some((id) => !rows.has(id)))
        throw problem(contract.wrongOrder)
      const perDisc = new Map<number, number>()
      const ordered = body.items.flatMap(({ id, discNumber }) => {
        const trackNumber = (perDisc.get(discNumber) ?? 0) + 1
        perDisc.set(discNumber, trackNumber)
        const row = rows.get(id)
        return row ? { ...row, discNumber, trackNumber } : []
      })
      await saveTracks(tx, ordered, ['discNumber', 'trackNumber'])
      await noteChange(ctx, tx, { release, actor: call.me, fields: ['order'] })
    })
    return { items: await presentOf(ctx, view, release, await tracksOf(db, release.id)) }
  })
}

/** What changes a release leaves a record, and others hear of it. */
export async function noteChange(
  ctx: Ctx,
  db: Ctx['db'],
  {
    release,
    actor,
    fields,
  }: { release: Pick<ReleaseRow, 'id' | 'slug'>; actor: Account | null; fields: string[] },
): Promise<void> {
  await ctx.events.emit(db, contract.releaseChanged, { releaseId: release.id })
  const detail = { slug: release.slug, fields }
  await ctx.audit.record(db, { action: 'catalog.release-changed', actor, subject: release.id, detail })
}

type ReleaseInput = Omit<contract.ReleaseChange, 'slug' | 'visibility'> & { title: string }

async function createRelease(ctx: Ctx, me: Account, { title, ...input }: ReleaseInput): Promise<ReleaseRow> {
  const credits = input.credits ?? []
  const pages = await ctx.needs.artists.byNames(credits.map(({ name }) => name))
  const main = credits.find(({ role }) => role === 'main')
  const { label, pLine, cLine } = saidOfRelease([], ctx.site.title())
  return ctx.db.tx(async (db) => {
    const release = await insertWithSlug(db, slugOf(main?.name ?? '', title) || slugOf(title), {
      label: label ?? '',
      pLine: pLine ?? '',
      cLine: cLine ?? '',
      ...columnsOf(input, pages),
      title,
      ownerId: me.id,
    })
    await indexRelease(db, release)
    const detail = { slug: release.slug, title }
    await ctx.audit.record(db, { action: 'catalog.release-created', actor: me, subject: release.id, detail })
    return release
  })
}

function columnsOf(
  { credits, tags, ...plain }: contract.ReleaseChange,
  pages: ReadonlyMap<string, { id: string }>,
): Partial<ReleaseRow> {
  const all = {
    ...plain,
    creditsJson: credits && linked(credits, pages),
    tagsJson: tags && [...new Set(tags)],
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

async function refuseTaken(db: Ctx['db'], slug: string, id: string): Promise<void> {
  const other = await findRelease(db, slug)
  if (other !== null && other.id !== id) throw taken()
}

const taken = () =>
  problem(contract.releaseSlugTaken, undefined, {
    errors: [{ pointer: '/slug', message: contract.releaseSlugTaken.title }],
  })

/** What playing addresses depend on narrows: they end. */
const narrowness = { public: 0, members: 1, unlisted: 2, private: 3 } as const

async function changeRelease(
  ctx: Ctx,
  me: Account,
  before: ReleaseRow,
  change: contract.ReleaseChange,
): Promise<ReleaseRow> {
  const pages = await ctx.needs.artists.byNames((change.credits ?? []).map(({ name }) => name))
  return ctx.db.tx(async (db) => {
    const now = await getReleaseById(db, before.id)
    if (now.trashedAt !== null) throw problem(notAllowed)
    if (change.slug !== undefined) await refuseTaken(db, change.slug, now.id)
    const columns = columnsOf(change, pages)
    const { genreKey, audience, sortedOn } = settled({ ...now, ...columns })
    const follows = { genreKey, audience, sortedOn, updatedAt: isoTime() }
    const saved = await db.unlessTaken(updateRelease(db, now.id, { ...columns, ...follows }), taken)
    await reindexRelease(db, saved)
    if (narrowness[saved.visibility] > narrowness[now.visibility]) await revokeRelease(ctx, db, now.id)
    if (now.audience < 2 !== saved.audience < 2) {
      const event = saved.audience < 2 ? contract.releasePublished : contract.releaseUnpublished
      await ctx.events.emit(db, event, { releaseId: now.id })
    }
    await noteChange(ctx, db, { release: saved, actor: me, fields: Object.keys(change) })
    return saved
  })
}
