import { type Db, isoTime, newId } from '#sdk'
import type { ArtistRow } from './artists.ts'

/** Equal for names that differ in capitals and spaces alone; databases know only the capitals of ASCII. */
export const nameKey = (name: string): string =>
  name.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim().slice(0, 80)

/** By name as given; the first of several artists of one name. */
export async function artistsByNames(db: Db, names: readonly string[]): Promise<Map<string, ArtistRow>> {
  const keys = [...new Set(names.map(nameKey))].filter(Boolean)
  const found = new Map<string, ArtistRow>()
  for (let at = 0; at < keys.length; at += 1000) {
    const rows: ArtistRow[] = await db<ArtistRow>('artists_artists')
      .whereIn('name_key', keys.slice(at, at + 1000))
      .orderBy('id', 'desc')
    for (const row of rows) found.set(nameKey(row.name), row)
  }
  return new Map(
    names.flatMap((name) => {
      const row = found.get(nameKey(name))
      return row ? [[name, row] as const] : []
    }),
  )
}

/** The same, adding those that are not there yet. */
export async function ensureArtists(
  db: Db,
  names: readonly string[],
  { isListed }: { isListed: boolean },
): Promise<Map<string, ArtistRow>> {
  const known = await artistsByNames(db, names)
  const missing = missingOf(names, known)
  if (missing.size === 0) return known
  await addArtists(db, missing, { slugs: await freeSlugs(db, [...missing.values()]), isListed })
  const found = await artistsByNames(db, names)
  const beaten = missingOf(names, found)
  if (beaten.size === 0) return found
  // Another name took the same slug since it was looked for: with an ending of its own nobody can.
  const slugs = [...beaten.values()].map((name) => `${slugOf(name).slice(0, 31)}-${newId().slice(-8)}`)
  await addArtists(db, beaten, { slugs, isListed })
  return artistsByNames(db, names)
}

/** By key, the names that no artist has. */
const missingOf = (names: readonly string[], known: ReadonlyMap<string, ArtistRow>): Map<string, string> =>
  new Map(
    names
      .filter((name) => !known.has(name) && nameKey(name) !== '')
      .map((name) => [nameKey(name), name.trim().slice(0, 80)] as const),
  )

/** Leaves out those whose slug was taken meanwhile. */
async function addArtists(
  db: Db,
  names: ReadonlyMap<string, string>,
  { slugs, isListed }: { slugs: readonly string[]; isListed: boolean },
): Promise<void> {
  const now = isoTime()
  const rows = [...names].map(([key, name], at) => ({
    id: newId(),
    slug: slugs[at],
    name,
    nameKey: key,
    isListed,
    createdAt: now,
    updatedAt: now,
  }))
  for (let at = 0; at < rows.length; at += 400)
    await db('artists_artists')
      .insert(rows.slice(at, at + 400))
      .onConflict('slug')
      .ignore()
}

async function freeSlugs(db: Db, names: readonly string[]): Promise<string[]> {
  const taken = new Set<string>()
  const rows: { slug: string }[] = await db('artists_artists').select('slug')
  for (const { slug } of rows) taken.add(slug)
  return names.map((name) => {
    const base = slugOf(name)
    let slug = base
    for (let number = 2; taken.has(slug); number++) slug = `${base.slice(0, 35)}-${number}`
    taken.add(slug)
    return slug
  })
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '')
  return slug.length < 2 ? `artist-${newId().slice(-8)}` : slug
}
