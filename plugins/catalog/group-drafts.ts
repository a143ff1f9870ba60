import type { AssetFacts } from '#plugins/media'
import type { ReleaseKind } from './contract.ts'
import { keyOf } from './text.ts'

/** Files that belong to one release, in their order. */
export interface Group {
  /** From the tags or the folder; null where nothing says it. */
  title: string | null
  /** Empty where nothing says it. */
  artists: string[]
  kind: ReleaseKind
  items: { asset: AssetFacts; discNumber: number; trackNumber: number }[]
}

export const variousArtists = 'Various Artists'
/** `CD1`, `Disc 2`, `Side A`: a part of the album its folder lies in. */
export const discFolder = /^(?:cd|disc|disk|disque|lp|side|vinyl)[\s._-]*(\d{1,2}|[a-d])$/i
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** By what was dropped together, the folder, and the album the tags name; folders of discs count as one. */
export function groupDrafts(assets: readonly AssetFacts[]): Group[] {
  const groups = Map.groupBy(assets, (asset) => {
    const { folder } = placeOf(asset)
    const album = keyOf(asset.tags.album ?? '')
    if (asset.batch === null && folder === '' && album === '') return asset.id
    return JSON.stringify([asset.batch, folder, album])
  })
  return [...groups.values()].map(groupOf)
}

function groupOf(assets: AssetFacts[]): Group {
  const items = ordered(assets)
  const artists = mainArtists(assets)
  return { title: titleOf(assets), artists, kind: kindOf(assets, artists), items }
}

/** The folder without those of single discs, and which disc that one was. */
function placeOf({ relativePath }: AssetFacts): { folder: string; disc: number | null } {
  const parts = (relativePath ?? '').split('/').slice(0, -1)
  const match = discFolder.exec(parts.at(-1) ?? '')
  if (!match) return { folder: parts.join('/'), disc: null }
  const [, name = '1'] = match
  const disc = /\d/.test(name) ? Number(name) : name.toLowerCase().charCodeAt(0) - 96
  return { folder: parts.slice(0, -1).join('/'), disc: Math.max(disc, 1) }
}

function titleOf(assets: AssetFacts[]): string | null {
  const album = assets.find(({ tags }) => tags.album)?.tags.album
  if (album) return album
  const [only] = assets
  if (assets.length === 1 && only) return only.tags.title
  return placeOf(assets[0]!).folder.split('/').at(-1) || null
}

function mainArtists(assets: AssetFacts[]): string[] {
  const [first] = assets
  const ofAlbum = assets.find(({ tags }) => tags.albumArtists.length > 0)?.tags.albumArtists
  if (ofAlbum) return ofAlbum
  if (assets.some(({ tags }) => tags.isCompilation)) return [variousArtists]
  const same = (name: string) =>
    assets.every(({ tags }) => tags.artists.some((other) => keyOf(other) === keyOf(name)))
  const common = (first?.tags.artists ?? []).filter(same)
  if (common.length > 0) return common
  const named = assets.filter(({ tags }) => tags.artists.length > 0)
  if (named.length < 2) return named[0]?.tags.artists ?? []
  const firsts = new Set(named.map(({ tags }) => keyOf(tags.artists[0] ?? '')))
  return firsts.size === 1 ? [named[0]!.tags.artists[0]!] : [variousArtists]
}

function kindOf(assets: AssetFacts[], artists: string[]): ReleaseKind {
  const isVarious = artists.length === 1 && keyOf(artists[0] ?? '') === keyOf(variousArtists)
  if (isVarious || assets.some(({ tags }) => tags.isCompilation)) return 'compilation'
  if (assets.length === 1) return 'single'
  const minutes = assets.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0) / 60_000
  return assets.length <= 6 && minutes <= 30 ? 'ep' : 'album'
}

/** By disc and number, what has none after them by the name of its file; numbers stay where each is another one. */
function ordered(assets: AssetFacts[]): Group['items'] {
  const discOf = (asset: AssetFacts) =>
    Math.min(Math.max(asset.tags.discNumber ?? placeOf(asset).disc ?? 1, 1), 99)
  const nameOf = (asset: AssetFacts) => asset.relativePath ?? asset.fileName
  const sorted = [...assets].sort(
    (a, b) =>
      discOf(a) - discOf(b) ||
      (a.tags.trackNumber ?? 1e6) - (b.tags.trackNumber ?? 1e6) ||
      collator.compare(nameOf(a), nameOf(b)),
  )
  return [...Map.groupBy(sorted, discOf)].flatMap(([discNumber, disc]) => {
    const numbers = disc.map(({ tags }) => tags.trackNumber)
    const areTheirOwn = !numbers.includes(null) && new Set(numbers).size === numbers.length
    return disc.map((asset, at) => ({
      asset,
      discNumber,
      trackNumber: (areTheirOwn ? asset.tags.trackNumber : null) ?? at + 1,
    }))
  })
}
