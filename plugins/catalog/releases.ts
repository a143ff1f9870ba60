import { notFound } from '#contract'
import { type Db, problem } from '#sdk'
import type { ReleaseKind, ReleaseStatus, Visibility } from './contract.ts'

/** A credit as it is stored: the page it was linked to at that time. */
export interface StoredCredit {
  name: string
  role: string
  artistId: string | null
}

export interface ReleaseRow {
  id: string
  slug: string
  kind: ReleaseKind
  title: string
  creditsJson: StoredCredit[]
  label: string
  catalogNumber: string
  upc: string | null
  pLine: string
  cLine: string
  genre: string
  genreKey: string
  tagsJson: string[]
  licence: string
  releaseDate: string | null
  sortedOn: string
  description: string
  isDownloadable: boolean
  status: ReleaseStatus
  visibility: Visibility
  audience: number
  publishAt: string | null
  publishedAt: string | null
  unlistedKey: string
  coverKey: string | null
  coverColour: string | null
  loudnessLufs: number | null
  loudnessRangeLu: number | null
  truePeakDbtp: number | null
  trackCount: number
  durationMs: number
  ownerId: string | null
  trashedAt: string | null
  createdAt: string
  updatedAt: string
}

/** Who finds what is public, for members, hidden or in the trash. */
export const audiences = { everybody: 0, members: 1, hidden: 2, trash: 3 } as const

export function audienceOf(row: Pick<ReleaseRow, 'status' | 'visibility' | 'trashedAt'>): number {
  if (row.trashedAt !== null) return audiences.trash
  if (row.status !== 'published') return audiences.hidden
  if (row.visibility === 'public') return audiences.everybody
  return row.visibility === 'members' ? audiences.members : audiences.hidden
}

/** A whole day: of the release date, of publishing, or of the beginning. */
export function sortedOn(row: Pick<ReleaseRow, 'releaseDate' | 'publishedAt' | 'createdAt'>): string {
  if (row.releaseDate) return `${row.releaseDate}-01-01`.slice(0, 10)
  return (row.publishedAt ?? row.createdAt).slice(0, 10)
}

export const isArtistRole = (role: string): boolean => role === 'main' || role === 'featured'

export async function findRelease(db: Db, slug: string): Promise<ReleaseRow | null> {
  return (await db<ReleaseRow>('catalog_releases').where({ slug }).first()) ?? null
}

export async function getReleaseById(db: Db, id: string): Promise<ReleaseRow> {
  const row: ReleaseRow | undefined = await db<ReleaseRow>('catalog_releases').where({ id }).first()
  if (!row) throw problem(notFound)
  return row
}

export async function releasesByIds(db: Db, ids: readonly string[]): Promise<Map<string, ReleaseRow>> {
  if (ids.length === 0) return new Map()
  const rows: ReleaseRow[] = await db<ReleaseRow>('catalog_releases').whereIn('id', [...new Set(ids)])
  return new Map(rows.map((row) => [row.id, row]))
}

/** The row as the database takes it. */
export function releaseColumns(row: Partial<ReleaseRow>): Record<string, unknown> {
  const { creditsJson, tagsJson, ...plain } = row
  return {
    ...plain,
    ...(creditsJson && { creditsJson: JSON.stringify(creditsJson) }),
    ...(tagsJson && { tagsJson: JSON.stringify(tagsJson) }),
  }
}

/** False where another release has the slug. */
export async function insertRelease(db: Db, row: ReleaseRow): Promise<boolean> {
  const added: unknown[] = await db('catalog_releases')
    .insert(releaseColumns(row))
    .onConflict('slug')
    .ignore()
    .returning('id')
  return added.length > 0
}

/** What is left out stays. */
export async function updateRelease(db: Db, id: string, change: Partial<ReleaseRow>): Promise<ReleaseRow> {
  await db('catalog_releases').where({ id }).update(releaseColumns(change))
  return getReleaseById(db, id)
}

/** The first of `base`, `base-2`, `base-3` … that no release has, beside those of `id`. */
export async function freeSlug(
  db: Db,
  base: string,
  taken: ReadonlySet<string> = new Set(),
): Promise<string> {
  const stem = base.slice(0, 35).replace(/-+$/, '')
  const rows: { slug: string }[] = await db('catalog_releases')
    .where({ slug: base })
    .orWhere('slug', 'like', `${stem}-%`)
    .select('slug')
  const known = new Set([...rows.map(({ slug }) => slug), ...taken])
  if (!known.has(base)) return base
  let number = 2
  while (known.has(`${stem}-${number}`)) number++
  return `${stem}-${number}`
}
