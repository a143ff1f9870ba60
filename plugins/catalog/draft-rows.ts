import { randomBytes, randomInt } from 'node:crypto'
import type { AssetFacts } from '#plugins/media'
import { isoTime, newId } from '#sdk'
import { isUpc } from './contract.ts'
import { derive } from './finders.ts'
import { variousArtists } from './group-drafts.ts'
import { audienceOf, type ReleaseRow, type StoredCredit, sortedOn } from './releases.ts'
import { cut, fileKey, keyOf } from './text.ts'
import type { TrackRow } from './tracks.ts'

/** Pages by credited name. */
export type PagesByName = ReadonlyMap<string, { id: string }>

export const newKey = (): string => randomBytes(18).toString('base64url')

export const linked = (
  credits: readonly { name: string; role: string }[],
  pages: PagesByName,
): StoredCredit[] => credits.map(({ name, role }) => ({ name, role, artistId: pages.get(name)?.id ?? null }))

/** A draft with nothing but what is given. */
export function releaseRow(
  given: Partial<ReleaseRow> & Pick<ReleaseRow, 'slug' | 'title' | 'ownerId'>,
): ReleaseRow {
  const now = isoTime()
  const row: ReleaseRow = {
    id: newId(),
    kind: 'album',
    creditsJson: [],
    label: '',
    catalogNumber: '',
    upc: null,
    pLine: '',
    cLine: '',
    genre: '',
    genreKey: '',
    tagsJson: [],
    licence: '',
    releaseDate: null,
    sortedOn: '',
    description: '',
    isDownloadable: false,
    status: 'draft',
    visibility: 'public',
    audience: 2,
    publishAt: null,
    publishedAt: null,
    unlistedKey: newKey(),
    coverKey: null,
    coverColour: null,
    loudnessLufs: null,
    loudnessRangeLu: null,
    truePeakDbtp: null,
    trackCount: 0,
    durationMs: 0,
    trashedAt: null,
    createdAt: now,
    updatedAt: now,
    ...given,
  }
  return settled(row)
}

/** With the columns that follow from others. */
export const settled = (row: ReleaseRow): ReleaseRow => ({
  ...row,
  genreKey: cut(keyOf(row.genre), 60),
  audience: audienceOf(row),
  sortedOn: sortedOn(row),
})

/** What the files of a release say of it, one after the other asked. */
export function saidOfRelease(assets: readonly AssetFacts[], label: string): Partial<ReleaseRow> {
  const first = <T>(ask: (tags: AssetFacts['tags']) => T | null): T | null => {
    for (const { tags } of assets) {
      const said = ask(tags)
      if (said !== null) return said
    }
    return null
  }
  const releaseDate = first(({ releaseDate }) => releaseDate)
  const year = releaseDate?.slice(0, 4) ?? String(new Date().getUTCFullYear())
  const own = first((tags) => tags.label) || label
  return {
    label: cut(own, 120),
    catalogNumber: cut(first((tags) => tags.catalogNumber) ?? '', 40),
    upc: first(({ upc }) => (upc !== null && isUpc(upc) ? upc : null)),
    pLine: cut(first((tags) => tags.pLine) || `${year} ${own}`, 200),
    cLine: cut(first((tags) => tags.cLine) || `${year} ${own}`, 200),
    genre: cut(first((tags) => tags.genres[0] ?? null) ?? '', 60),
    licence: cut(first((tags) => tags.licence) ?? '', 80),
    releaseDate,
  }
}

const roleFits = /^[\p{L}][\p{L} -]{0,39}$/u

/** Artists first, then the others; nobody twice in one role. */
export function creditsSaid({ artists, credits }: AssetFacts['tags']): { name: string; role: string }[] {
  const others = credits.map(({ name, role }) => ({
    name: cut(name.trim(), 120),
    role: role.trim().toLowerCase(),
  }))
  const featured = new Set(others.filter(({ role }) => role === 'featured').map(({ name }) => keyOf(name)))
  const main = artists
    .filter((name) => !featured.has(keyOf(name)))
    .map((name) => ({ name: cut(name.trim(), 120), role: 'main' }))
  const all = [...main, ...others].filter(({ name, role }) => name !== '' && roleFits.test(role))
  const unique = new Map(all.map((credit) => [`${credit.role}\n${keyOf(credit.name)}`, credit]))
  return [...unique.values()].slice(0, 60)
}

/** All names that a release of these files credits. */
export const namesSaid = (assets: readonly AssetFacts[]): string[] => [
  ...new Set(
    assets.flatMap(({ tags }) => [...tags.albumArtists, ...creditsSaid(tags).map(({ name }) => name)]),
  ),
]

export interface Place {
  release: ReleaseRow
  pages: PagesByName
  discNumber: number
  trackNumber: number
}

export function trackRow(asset: AssetFacts, { release, pages, discNumber, trackNumber }: Place): TrackRow {
  const { tags } = asset
  const now = isoTime()
  const row = {
    ...measured(asset),
    id: newId(),
    releaseId: release.id,
    assetId: asset.id,
    discNumber,
    trackNumber,
    title: cut(tags.title?.trim() || stemOf(asset.fileName), 200),
    creditsJson: linked(creditsSaid(tags), pages),
    tagsJson: [...new Set(tags.tags.map((tag) => cut(tag.trim().toLowerCase(), 40)))]
      .filter(Boolean)
      .slice(0, 20),
    genre: cut(tags.genres[0] ?? release.genre, 60),
    bpm: tags.bpm !== null && tags.bpm >= 20 && tags.bpm <= 400 ? tags.bpm : null,
    musicalKey: tags.key !== null && /^[A-G][#b]?m?$/.test(tags.key) ? tags.key : null,
    isrc: tags.isrc !== null && /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(tags.isrc) ? tags.isrc : null,
    isExplicit: tags.isExplicit ?? false,
    language: '',
    licence: cut(tags.licence ?? '', 80),
    plays: 0,
    chance: randomInt(0, 2 ** 31 - 1),
    trashedAt: null,
    createdAt: now,
    updatedAt: now,
  }
  return derive(row as TrackRow, release)
}

const stemOf = (fileName: string): string => fileName.replace(/\.[a-z0-9]{2,5}$/i, '').trim() || fileName

/** What is known of a file, as columns of its track. */
export function measured(asset: AssetFacts) {
  return {
    fileKey: fileKey(asset.fileName),
    isLossless: asset.isLossless,
    isReady: asset.state === 'ready',
    durationMs: asset.durationMs ?? 0,
    loudnessLufs: asset.loudnessLufs,
    loudnessRangeLu: asset.loudnessRangeLu,
    truePeakDbtp: asset.truePeakDbtp,
  }
}

export const isVarious = (name: string): boolean => keyOf(name) === keyOf(variousArtists)
