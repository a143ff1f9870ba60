import type { AssetFacts } from '#plugins/media'
import { type Db, isoTime } from '#sdk'
import { isVarious, namesSaid, type PagesByName, trackRow } from '../draft-rows.ts'
import { insertDraft, insertTracksOf } from '../drafts.ts'
import { type Group, groupDrafts } from '../group-drafts.ts'
import { noteChange } from '../release-routes.ts'
import { type ReleaseRow, releasesByIds } from '../releases.ts'
import { keyOf } from '../text.ts'
import { tracksById } from '../tracks.ts'
import { saveFiles, tracksOfAssets } from './files.ts'
import { type Fresh, type KnownFile, rowOf } from './match.ts'
import { more } from './report.ts'
import { countImported, countKnown, type Run } from './run.ts'
import { told } from './told.ts'

/** A file that is in the library's storage, not yet in a release. */
export interface Brought extends Fresh {
  assetId: string
}

interface Arranged {
  groups: Group[]
  /** The release that has the others of a group. */
  releases: Map<Group, ReleaseRow>
  isNew(asset: AssetFacts): boolean
}

/** Makes releases of new files, or adds them to the one that has those beside them; all at once or nothing of it. */
export async function arrange(
  run: Run,
  brought: readonly Brought[],
  beside: readonly KnownFile[],
): Promise<KnownFile[]> {
  const { ctx } = run
  const taken = await tracksOfAssets(
    ctx.db,
    brought.map(({ assetId }) => assetId),
  )
  // The same bytes twice are one track.
  const fresh = new Map(brought.filter(({ assetId }) => !taken.has(assetId)).map((one) => [one.assetId, one]))
  const assets = await ctx.needs.media.assetsByIds([...fresh.keys()])
  const facts = [...fresh.values()].flatMap(({ file, assetId }) => {
    const asset = assets.get(assetId)
    return asset ? told(run, asset, file.name) : []
  })
  const arranged = await arrangedWith(run, facts, beside)
  const known = await ctx.needs.artists.byNames(namesSaid(facts))
  const rows = await ctx.db.tx(async (db) => {
    await run.lease?.check(db)
    for (const group of arranged.groups) await write(run, db, arranged, { group, known })
    const tracks = await tracksOfAssets(
      db,
      brought.map(({ assetId }) => assetId),
    )
    const saved = brought.map((one) =>
      rowOf(one, { assetId: one.assetId, trackId: tracks.get(one.assetId) ?? null }),
    )
    await saveFiles(db, saved)
    return saved
  })
  for (const group of arranged.groups) count(run, arranged, group)
  countImported(run, fresh.size)
  for (const _copy of brought.slice(fresh.size)) countKnown(run)
  return rows.map((row, at) => ({ name: brought[at]?.file.name ?? '', row }))
}

/** What a dry run says instead. */
export async function arrangeDry(
  run: Run,
  fresh: readonly Fresh[],
  beside: readonly KnownFile[],
): Promise<void> {
  const facts = fresh.map(({ file, looked }) => told(run, { ...looked.facts, id: file.path }, file.name))
  const arranged = await arrangedWith(run, facts, beside)
  for (const group of arranged.groups) {
    const folder = group.items[0]?.asset.relativePath?.split('/').slice(0, -1).join('/')
    const key = JSON.stringify([folder, keyOf(group.title ?? '')])
    // A large folder comes in parts.
    if (run.dry.releases.has(key)) continue
    run.dry.releases.add(key)
    count(run, arranged, group)
  }
  countImported(run, fresh.length)
}

async function arrangedWith(
  run: Run,
  fresh: readonly AssetFacts[],
  beside: readonly KnownFile[],
): Promise<Arranged> {
  const { ctx } = run
  const known = fresh.length === 0 ? [] : beside.filter(({ row }) => row.trackId !== null)
  const assets = await ctx.needs.media.assetsByIds(known.map(({ row }) => row.assetId))
  const tracks = await tracksById(
    ctx.db,
    known.flatMap(({ row }) => row.trackId ?? []),
  )
  const releases = await releasesByIds(
    ctx.db,
    [...tracks.values()].map(({ releaseId }) => releaseId),
  )
  const releaseOf = new Map<string, ReleaseRow>()
  const others = known.flatMap(({ name, row }) => {
    const asset = assets.get(row.assetId)
    const release = releases.get(tracks.get(row.trackId ?? '')?.releaseId ?? '')
    if (!asset || !release || release.trashedAt !== null) return []
    releaseOf.set(asset.id, release)
    return told(run, asset, name)
  })
  const isNew = (asset: AssetFacts) => !releaseOf.has(asset.id)
  const groups = groupDrafts([...others, ...fresh]).filter(({ items }) =>
    items.some(({ asset }) => isNew(asset)),
  )
  const found = groups.flatMap((group) => {
    const neighbour = group.items.find(({ asset }) => releaseOf.has(asset.id))
    const release = neighbour && releaseOf.get(neighbour.asset.id)
    return release ? [[group, release] as const] : []
  })
  return { groups, releases: new Map(found), isNew }
}

interface Writing {
  group: Group
  /** Pages that are there already, by name. */
  known: PagesByName
}

async function write(run: Run, db: Db, arranged: Arranged, { group, known }: Writing): Promise<void> {
  const { ctx, wish } = run
  const pages = await pagesOf(run, db, { group, known })
  const release = arranged.releases.get(group)
  if (release) {
    const rows = group.items
      .filter(({ asset }) => arranged.isNew(asset))
      .map(({ asset, ...place }) => ({ asset, track: trackRow(asset, { release, pages, ...place }) }))
    await insertTracksOf(ctx, db, { release, rows })
    return noteChange(ctx, db, { release, actor: null, fields: ['tracks'] })
  }
  await insertDraft(ctx, db, {
    me: null,
    group,
    pages,
    more: publishing(run, group),
    label: wish.label,
    coverKey: coverOf(arranged, group),
  })
}

/** Pages for all who are named as artists; those whose releases nobody finds yet are not listed. */
async function pagesOf({ ctx, wish }: Run, db: Db, { group, known }: Writing): Promise<PagesByName> {
  const { artists } = ctx.needs
  const assets = group.items.map(({ asset }) => asset)
  const main = [...group.artists, ...assets.flatMap(({ tags }) => tags.artists)].filter(
    (name) => !isVarious(name),
  )
  const isListed = wish.visibility === 'public' || wish.visibility === 'members'
  return new Map([...known, ...(await artists.ensure(db, [...new Set(main)], { isListed }))])
}

const fiveYearsMs = 5 * 366 * 86_400_000

/** As `publishDue` does it: once its tracks play, and not before its date. */
function publishing({ wish }: Run, group: Group): Partial<ReleaseRow> {
  const visibility = wish.visibility === 'draft' ? 'public' : wish.visibility
  if (wish.visibility === 'draft' || group.artists.length === 0) return { visibility }
  return { visibility, status: 'scheduled', publishAt: dateToCome(group) ?? isoTime() }
}

/** A date so far away is a mistake in the tags. */
function dateToCome({ items }: Group): string | null {
  const date = items.find(({ asset }) => asset.tags.releaseDate)?.asset.tags.releaseDate
  const at = Date.parse(date ?? '')
  return at > Date.now() && at < Date.now() + fiveYearsMs ? isoTime(new Date(at)) : null
}

/** The picture beside the files goes before those in them, where it can mean no other release. */
function coverOf({ groups }: Arranged, group: Group): string | null {
  const isBeside = (key: string | null) => key?.includes('/cover-beside.') === true
  const keys = (of: Group) => of.items.flatMap(({ asset }) => asset.coverKey ?? [])
  const beside = groups.flatMap(keys).find(isBeside) ?? null
  return groups.length === 1 ? beside : (keys(group)[0] ?? beside)
}

function count({ result, wish }: Run, { releases }: Arranged, group: Group): void {
  const said = result[more]
  if (releases.has(group)) {
    said.extended += 1
    return
  }
  said.releases += 1
  if (wish.visibility === 'draft') return
  if (group.artists.length === 0) said.withoutArtist += 1
  else if (dateToCome(group)) said.scheduled += 1
}
