import { conflict } from '#contract'
import type { AssetFacts } from '#plugins/media'
import { type Account, type Db, newId, problem } from '#sdk'
import { holdAssets, usableAssets } from './assets.ts'
import * as contract from './contract.ts'
import { linked, namesSaid, type PagesByName, releaseRow, saidOfRelease, trackRow } from './draft-rows.ts'
import { indexRelease, indexTracks, recount } from './finders.ts'
import { type Group, groupDrafts } from './group-drafts.ts'
import { freeSlug, insertRelease, type ReleaseRow, releasesByIds } from './releases.ts'
import type { Ctx } from './settings.ts'
import { slugOf } from './text.ts'
import { insertTracks, saveLyrics, type TrackRow } from './tracks.ts'

/** Arranges files into drafts; each has its tracks, credits and a job that makes its cover. */
export async function createDrafts(
  ctx: Ctx,
  me: Account,
  assetIds: readonly string[],
): Promise<ReleaseRow[]> {
  const assets = await usableAssets(ctx, me, assetIds)
  const groups = groupDrafts(assets)
  const pages = await ctx.needs.artists.byNames([
    ...new Set([...namesSaid(assets), ...groups.flatMap(({ artists }) => artists)]),
  ])
  const ids = await ctx.db.tx(async (db) => {
    const made: string[] = []
    for (const group of groups) made.push((await insertDraft(ctx, db, { me, group, pages })).id)
    return made
  })
  const rows = await releasesByIds(ctx.db, ids)
  return ids.flatMap((id) => rows.get(id) ?? [])
}

interface Draft {
  /** Null for the label itself. */
  me: Account | null
  group: Group
  pages: PagesByName
  /** Instead of what a draft has. */
  more?: Partial<ReleaseRow>
  /** Name of the label where the files say none; the site’s unless said. */
  label?: string | undefined
  /** Storage key of the picture that becomes the cover; the first in a file unless said. */
  coverKey?: string | null
}

export async function insertDraft(
  ctx: Ctx,
  db: Db,
  { me, group, pages, more, label, coverKey }: Draft,
): Promise<ReleaseRow> {
  const assets = group.items.map(({ asset }) => asset)
  const only = assets.length === 1 ? assets[0] : undefined
  const title = (group.title ?? only?.fileName.replace(/\.[a-z0-9]{2,5}$/i, '') ?? 'Untitled').slice(0, 200)
  const release = await insertWithSlug(db, slugOf(...group.artists.slice(0, 1), title) || slugOf(title), {
    title,
    kind: group.kind,
    ownerId: me?.id ?? null,
    creditsJson: linked(
      group.artists.slice(0, 20).map((name) => ({ name: name.slice(0, 120), role: 'main' })),
      pages,
    ),
    ...saidOfRelease(assets, label ?? ctx.site.title()),
    ...more,
  })
  await indexRelease(db, release)
  await insertTracksOf(ctx, db, {
    release,
    rows: group.items.map(({ asset, ...place }) => ({
      asset,
      track: trackRow(asset, { release, pages, ...place }),
    })),
  })
  const cover = coverKey ?? assets.find(({ coverKey }) => coverKey !== null)?.coverKey
  if (cover) await ctx.jobs.enqueue(db, contract.makeCover, { releaseId: release.id, pictureKey: cover })
  const detail = { slug: release.slug, title: release.title, tracks: assets.length }
  await ctx.audit.record(db, { action: 'catalog.release-created', actor: me, subject: release.id, detail })
  return release
}

/** New tracks with their files, finders and words; the release is counted and measured again. */
export async function insertTracksOf(
  ctx: Ctx,
  db: Db,
  { release, rows }: { release: ReleaseRow; rows: readonly { asset: AssetFacts; track: TrackRow }[] },
): Promise<void> {
  const tracks = rows.map(({ track }) => track)
  await insertTracks(db, tracks)
  await holdAssets(
    ctx,
    db,
    rows.map(({ track, asset }) => ({ track, asset, at: track.createdAt })),
  )
  const sung = rows.flatMap(({ track, asset: { tags } }) =>
    tags.lyrics || tags.syncedLyrics
      ? {
          trackId: track.id,
          lyrics: (tags.lyrics ?? '').slice(0, 20_000),
          syncedLyrics: (tags.syncedLyrics ?? '').slice(0, 40_000),
        }
      : [],
  )
  await saveLyrics(db, sung)
  await indexTracks(db, tracks, release)
  await recount(db, release.id)
  await ctx.jobs.enqueue(
    db,
    contract.measureRelease,
    { releaseId: release.id },
    { key: `catalog.measure ${release.id}` },
  )
}

/** Takes the first address that is free, whoever else is at it. */
export async function insertWithSlug(
  db: Db,
  wanted: string,
  given: Omit<Parameters<typeof releaseRow>[0], 'slug'>,
): Promise<ReleaseRow> {
  const base = wanted || `release-${newId().slice(-8)}`
  for (let attempt = 0; attempt < 8; attempt++) {
    const row = releaseRow({ ...given, slug: await freeSlug(db, base) } as never)
    if (await insertRelease(db, row)) return row
  }
  throw problem(conflict)
}
