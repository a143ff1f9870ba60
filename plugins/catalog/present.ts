import type { ArtistCard } from '#plugins/artists'
import type { AssetFacts } from '#plugins/media'
import { renderMarkdown, type Storage } from '#sdk'
import type { Cover, Credit, Release, ReleaseCard, Track } from './contract.ts'
import { artistsOf, shownArtists } from './finders.ts'
import { marksOf } from './marks.ts'
import { type Asking, canEdit, isForEverybody, isKey, type Who } from './policy.ts'
import type { ReleaseRow, StoredCredit } from './releases.ts'
import type { Ctx } from './settings.ts'
import type { TrackRow } from './tracks.ts'

/** For whom something is presented; `key` is the secret they came with. */
export interface View {
  call: Asking
  who: Who
  key?: string | undefined
}

/** ReplayGain 2.0: what brings a loudness to -18 LUFS. */
export const gainDb = (lufs: number | null): number | null =>
  lufs === null ? null : Math.round((-18 - lufs) * 100) / 100

const largeSizes = [480, 1200] as const
export function presentCover(storage: Storage, { coverKey, coverColour }: ReleaseRow): Cover | null {
  if (coverKey === null) return null
  const url = (name: string) => storage.dayUrl(`${coverKey}/${name}`)
  const [small, large] = largeSizes.map((side) => ({
    avif: url(`${side}.avif`),
    webp: url(`${side}.webp`),
    jpeg: url(`${side}.jpeg`),
  }))
  return { colour: coverColour ?? '#808080', thumb: url('160.webp'), small: small!, large: large! }
}

export type Pages = ReadonlyMap<string, ArtistCard>

/** The artists' pages that credits lead to. */
export function pagesOf(ctx: Ctx, credits: readonly StoredCredit[]): Promise<Pages> {
  const ids = new Set(credits.flatMap(({ artistId }) => artistId ?? []))
  return ids.size === 0 ? Promise.resolve(new Map()) : ctx.needs.artists.byIds([...ids])
}

/** A page that is not listed is not there for strangers, so that nothing leads to it. */
export function presentCredit({ name, role, artistId }: StoredCredit, pages: Pages): Credit {
  const page = artistId === null ? undefined : pages.get(artistId)
  return { name, role, artistId: page?.id ?? null, slug: page?.isListed ? page.slug : null }
}

/** Path of its page; only who may have the secret is given it. */
export function hrefOf(view: View, row: ReleaseRow): string {
  const path = `/releases/${row.slug}`
  if (row.visibility !== 'unlisted') return path
  return canEdit(view.who, row) || isKey(row, view.key) ? `${path}?key=${row.unlistedKey}` : path
}

function card(ctx: Ctx, view: View, row: ReleaseRow, pages: Pages): ReleaseCard {
  const { id, slug, title, kind, releaseDate, trackCount, durationMs, status, visibility } = row
  return {
    id,
    slug,
    title,
    kind,
    artists: artistsOf(row.creditsJson).map((credit) => presentCredit(credit, pages)),
    releaseDate,
    trackCount,
    durationMs,
    cover: presentCover(ctx.storage, row),
    status,
    visibility,
    href: hrefOf(view, row),
  }
}

export async function presentCards(
  ctx: Ctx,
  view: View,
  rows: readonly ReleaseRow[],
): Promise<ReleaseCard[]> {
  const pages = await pagesOf(
    ctx,
    rows.flatMap(({ creditsJson }) => creditsJson),
  )
  return rows.map((row) => card(ctx, view, row, pages))
}

export async function presentRelease(ctx: Ctx, view: View, row: ReleaseRow): Promise<Release> {
  const pages = await pagesOf(ctx, row.creditsJson)
  const edit = canEdit(view.who, row)
  return {
    ...card(ctx, view, row, pages),
    description: row.description,
    descriptionHtml: renderMarkdown(row.description).html,
    credits: row.creditsJson.map((credit) => presentCredit(credit, pages)),
    label: row.label,
    catalogNumber: row.catalogNumber,
    upc: row.upc,
    pLine: row.pLine,
    cLine: row.cLine,
    genre: row.genre,
    tags: row.tagsJson,
    licence: row.licence,
    publishAt: row.publishAt,
    publishedAt: row.publishedAt,
    isDownloadable: row.isDownloadable,
    loudnessLufs: row.loudnessLufs,
    loudnessRangeLu: row.loudnessRangeLu,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    can: { edit, publish: edit && view.who.mayPublish },
  }
}

/** What is needed to present some tracks, asked once for all of them. */
export interface Surroundings {
  releases: ReadonlyMap<string, ReleaseRow>
  assets: ReadonlyMap<string, AssetFacts>
  pages: Pages
}

/** Tracks that the caller may hear, in their order; their releases are in the map. */
export async function presentTracks(
  ctx: Ctx,
  view: View,
  rows: readonly TrackRow[],
  releases: ReadonlyMap<string, ReleaseRow>,
): Promise<Track[]> {
  if (rows.length === 0) return []
  const used = new Set(rows.map(({ releaseId }) => releaseId))
  const credits = [...releases.values()].flatMap((row) => (used.has(row.id) ? row.creditsJson : []))
  const [assets, pages, marks] = await Promise.all([
    ctx.needs.media.assetsByIds(rows.map(({ assetId }) => assetId)),
    pagesOf(ctx, [...credits, ...rows.flatMap(({ creditsJson }) => creditsJson)]),
    view.who.accountId === null
      ? null
      : marksOf(
          ctx.db,
          view.who.accountId,
          rows.map(({ id }) => id),
        ),
  ])
  const bound = ctx.needs.media.audienceOf(view.call)
  const cards = new Map<string, ReleaseCard>()
  return rows.flatMap((row) => {
    const release = releases.get(row.releaseId)
    if (!release) return []
    const shown = cards.get(release.id) ?? card(ctx, view, release, pages)
    cards.set(release.id, shown)
    const asset = assets.get(row.assetId)
    const audience = isForEverybody(release) ? 'public' : bound
    const mark = marks?.get(row.id)
    return {
      ...plainTrack(row),
      artists: shownArtists(row, release).map((credit) => presentCredit(credit, pages)),
      release: shown,
      gain: {
        trackDb: gainDb(row.loudnessLufs),
        albumDb: gainDb(release.loudnessLufs),
        albumPeakDbtp: release.truePeakDbtp,
      },
      waveform: asset ? ctx.needs.media.waveformOf(asset, audience) : null,
      playback: asset ? ctx.needs.media.playbackOf(asset, audience) : null,
      mine: marks && { isFavourite: mark?.isFavourite ?? false, stars: mark?.stars ?? null },
    }
  })
}

const plainTrack = (row: TrackRow) => ({
  id: row.id,
  title: row.title,
  discNumber: row.discNumber,
  trackNumber: row.trackNumber,
  durationMs: row.durationMs,
  genre: row.genre,
  tags: row.tagsJson,
  bpm: row.bpm,
  key: row.musicalKey,
  isExplicit: row.isExplicit,
  isrc: row.isrc,
  loudnessLufs: row.loudnessLufs,
  truePeakDbtp: row.truePeakDbtp,
  loudnessRangeLu: row.loudnessRangeLu,
  plays: row.plays,
  createdAt: row.createdAt,
})
