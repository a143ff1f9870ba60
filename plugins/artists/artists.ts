import { conflict } from '#contract'
import { type Db, isoTime, likePattern, newId, problem } from '#sdk'
import { slugTaken } from './contract.ts'
import { nameKey } from './names.ts'

export interface ArtistRow {
  id: string
  slug: string
  name: string
  bio: string
  place: string
  genresJson: string[]
  linksJson: { label: string; url: string }[]
  pictureKey: string | null
  bannerKey: string | null
  isListed: boolean
  createdAt: string
  updatedAt: string
}

export async function findArtist(db: Db, slug: string): Promise<ArtistRow | null> {
  return (await db<ArtistRow>('artists_artists').where({ slug }).first()) ?? null
}

export async function artistsByIds(db: Db, ids: string[]): Promise<ArtistRow[]> {
  if (ids.length === 0) return []
  return db<ArtistRow>('artists_artists').whereIn('id', [...new Set(ids)])
}

/** By name; `after` is the slug of the last one seen. */
export async function listArtists(
  db: Db,
  page: { q?: string | undefined; after?: string | undefined; limit: number; withUnlisted: boolean },
): Promise<{ items: ArtistRow[]; next: string | null }> {
  const query = db<ArtistRow>('artists_artists')
    .orderBy('name')
    .orderBy('id')
    .limit(page.limit + 1)
  if (!page.withUnlisted) query.where({ isListed: true })
  if (page.q) query.whereRaw(`name_key like ? escape '!'`, [likePattern(nameKey(page.q))])
  const last = page.after ? await findArtist(db, page.after) : null
  if (last)
    query.where((either) =>
      either.where('name', '>', last.name).orWhere({ name: last.name }).where('id', '>', last.id),
    )
  const rows: ArtistRow[] = await query
  const items = rows.slice(0, page.limit)
  return { items, next: rows.length > page.limit ? (items.at(-1)?.slug ?? null) : null }
}

/** Throws artists.slug-taken. */
export async function insertArtist(
  db: Db,
  artist: { name: string; slug: string; isListed: boolean },
): Promise<ArtistRow> {
  const now = isoTime()
  await refuseTaken(db, artist.slug, null)
  const row = { id: newId(), ...artist, nameKey: nameKey(artist.name), createdAt: now, updatedAt: now }
  const added = await db('artists_artists').insert(row).onConflict('slug').ignore().returning('id')
  if ((added as unknown[]).length === 0) throw problem(slugTaken)
  return (await findArtist(db, artist.slug)) as ArtistRow
}

export interface ArtistChange {
  name?: string | undefined
  slug?: string | undefined
  bio?: string | undefined
  place?: string | undefined
  genres?: string[] | undefined
  links?: { label: string; url: string }[] | undefined
  isListed?: boolean | undefined
  pictureKey?: string | null | undefined
  bannerKey?: string | null | undefined
}

/** What is left out stays; throws artists.slug-taken. */
export async function updateArtist(db: Db, id: string, change: ArtistChange): Promise<ArtistRow> {
  if (change.slug !== undefined) await refuseTaken(db, change.slug, id)
  const { genres, links, ...columns } = change
  const given = {
    ...columns,
    genresJson: genres && JSON.stringify(genres),
    linksJson: links && JSON.stringify(links),
    nameKey: columns.name === undefined ? undefined : nameKey(columns.name),
    updatedAt: isoTime(),
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  await db.unlessTaken(db('artists_artists').where({ id }).update(set), () => problem(slugTaken))
  const row: ArtistRow | undefined = await db<ArtistRow>('artists_artists').where({ id }).first()
  if (!row) throw problem(conflict)
  return row
}

export async function removeArtist(db: Db, id: string): Promise<void> {
  await db('artists_artists').where({ id }).delete()
}

async function refuseTaken(db: Db, slug: string, id: string | null): Promise<void> {
  const other = await findArtist(db, slug)
  if (other && other.id !== id) throw problem(slugTaken)
}
