import type { CatalogApi } from './contract.ts'
import { viewOf } from './desk.ts'
import { type Asking, canSee } from './policy.ts'
import { releasesByIds } from './releases.ts'
import type { Ctx } from './settings.ts'
import { fileKey, matchKey } from './text.ts'
import type { TrackRow } from './tracks.ts'

type Wanted = Parameters<CatalogApi['recognise']>[1][number]
const nearMs = 3000
/** Of one name; more of the same say nothing. */
type Hits = Map<string, TrackRow[]>

/** By ISRC, else title and artist, else the name of the file; where several fit, the one as long. */
export async function recognise(
  ctx: Ctx,
  call: Asking,
  wanted: readonly Wanted[],
): Promise<(string | null)[]> {
  const keys = wanted.map(keysOf)
  const byIsrc = await hits(
    ctx,
    'isrc',
    keys.flatMap(({ isrc }) => isrc ?? []),
  )
  const byMatch = await hits(
    ctx,
    'matchKey',
    keys.flatMap(({ matches }) => matches),
  )
  const byFile = await hits(
    ctx,
    'fileKey',
    keys.flatMap(({ file }) => file ?? []),
  )
  const all = [byIsrc, byMatch, byFile].flatMap((map) => [...map.values()].flat())
  const releases = await releasesByIds(
    ctx.db,
    all.map(({ releaseId }) => releaseId),
  )
  const { who } = await viewOf(ctx, call)
  const isSeen = (row: TrackRow) => {
    const release = releases.get(row.releaseId)
    return release !== undefined && canSee(who, release)
  }
  return wanted.map((one, at) => {
    const { isrc, matches, file } = keys[at] ?? { isrc: null, matches: [], file: null }
    const groups = [
      byIsrc.get(isrc ?? ''),
      ...matches.map((key) => byMatch.get(key)),
      byFile.get(file ?? ''),
    ].map((rows = []) => rows.filter(isSeen))
    return bestOf(groups, one.durationMs)
  })
}

/** Of the first way that finds any. */
function bestOf(groups: readonly TrackRow[][], durationMs: number | null): string | null {
  const found = groups.find((rows) => rows.length > 0)
  if (!found) return null
  const isNear = (row: TrackRow) => durationMs !== null && Math.abs(row.durationMs - durationMs) <= nearMs
  return (found.find(isNear) ?? found[0])?.id ?? null
}

function keysOf({ title, artist, isrc, location }: Wanted) {
  const clean = isrc?.replace(/[\s-]/g, '').toUpperCase() ?? null
  const name = location === null ? null : nameOf(location)
  // `03 Artist - Title.flac`, and the same as a title.
  const parts = /^(?:\d{1,3}[\s._-]+)?(.+?)\s+[-–—]\s+(.+)$/.exec(
    (artist === null ? title : null) ?? name?.replace(/\.[a-z0-9]{2,5}$/i, '') ?? '',
  )
  const matches = [
    ...(title && artist ? [matchKey(firstOf(artist), title), matchKey(artist, title)] : []),
    ...(parts?.[1] && parts[2] ? [matchKey(parts[1], parts[2])] : []),
  ]
  return {
    isrc: clean && /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(clean) ? clean : null,
    matches: [...new Set(matches)].filter((key) => !key.startsWith('\t') && !key.endsWith('\t')),
    file: (name && fileKey(name)) || null,
  }
}

const firstOf = (artist: string): string =>
  artist.split(/\s*(?:,|;|&| feat\.? | ft\.? | x )\s*/i)[0] || artist

/** The last part of a path or address, as it is written on the disk. */
function nameOf(location: string): string {
  const path = location.split(/[?#]/)[0] ?? ''
  const name = path.split(/[\\/]/).at(-1) ?? ''
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

async function hits(
  ctx: Ctx,
  column: 'isrc' | 'matchKey' | 'fileKey',
  keys: readonly string[],
): Promise<Hits> {
  const found: Hits = new Map()
  const wanted = [...new Set(keys)]
  for (let at = 0; at < wanted.length; at += 1000) {
    const rows: TrackRow[] = await ctx
      .db<TrackRow>('catalog_tracks')
      .whereIn(column, wanted.slice(at, at + 1000))
      .where('audience', '<=', 2)
      .orderBy('id')
      .limit(20_000)
    for (const row of rows) {
      const key = row[column] ?? ''
      found.set(key, [...(found.get(key) ?? []), row].slice(0, 50))
    }
  }
  return found
}
