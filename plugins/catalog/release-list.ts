import type { Db } from '#sdk'
import type { ReleaseKind } from './contract.ts'
import type { Who } from './policy.ts'
import { type ReleaseRow, releasesByIds } from './releases.ts'
import { keyOf, prefixRange, wordsOf } from './text.ts'
import { type Condition, countHits, editableReleases, fits, type Level, type Named } from './track-list.ts'

export interface ReleaseWish {
  level: Level
  q?: string | undefined
  genre?: string | undefined
  artist?: Named | undefined
  kind?: ReleaseKind | undefined
  editor?: Who | undefined
  after?: string | undefined
  limit: number
}

/** Newest release date first. */
export async function listReleases(
  db: Db,
  wish: ReleaseWish,
): Promise<{ items: ReleaseRow[]; next: string | null }> {
  const conditions = [...simple(wish), ...(await searching(db, wish.q))]
  if (wish.after) {
    const last: { sortedOn: string } | undefined = await db('catalog_releases')
      .where({ id: wish.after })
      .first('sorted_on')
    if (!last) return { items: [], next: null }
    conditions.push({ sql: '(r.sorted_on, r.id) < (?, ?)', bindings: [last.sortedOn, wish.after] })
  }
  const where = conditions.map(({ sql }) => sql).join(' and ')
  const rows = await db.raw<{ id: string }[]>(
    `select r.id from catalog_releases r where ${where} order by r.sorted_on desc, r.id desc limit ${wish.limit + 1}`,
    conditions.flatMap(({ bindings }) => bindings) as never,
  )
  const ids = rows.slice(0, wish.limit).map(({ id }) => id)
  const found = await releasesByIds(db, ids)
  return {
    items: ids.flatMap((id) => found.get(id) ?? []),
    next: rows.length > wish.limit ? (ids.at(-1) ?? null) : null,
  }
}

function simple({ level, genre, artist, kind, editor }: ReleaseWish): Condition[] {
  const of = 'select subject_id from catalog_credits where not is_track and is_artist'
  const all: (Condition | false)[] = [
    { sql: `r.${fits(level)}`, bindings: [] },
    genre !== undefined && { sql: 'r.genre_key = ?', bindings: [keyOf(genre)] },
    kind !== undefined && { sql: 'r.kind = ?', bindings: [kind] },
    artist !== undefined &&
      (artist.artistId === null
        ? { sql: `r.id in (${of} and name_key = ?)`, bindings: [keyOf(artist.name)] }
        : {
            sql: `r.id in (${of} and name_key = ? union ${of} and artist_id = ?)`,
            bindings: [keyOf(artist.name), artist.artistId],
          }),
    editor !== undefined && !editor.managesAll && within(editableReleases(editor)),
  ]
  return all.filter((one) => one !== false)
}

const within = ({ sql, bindings }: Condition): Condition => ({ sql: `r.id in (${sql})`, bindings })

/** As the tracks are searched: the rarest word is looked up, where it is rare. */
async function searching(db: Db, q: string | undefined): Promise<Condition[]> {
  const words = wordsOf(q ?? '').slice(0, 6)
  if (words.length === 0) return q?.trim() ? [{ sql: 'false', bindings: [] }] : []
  const range = 'word >= ? and word < ?'
  const hits = words.map((word) => ({
    sql: `select 1 from catalog_release_words where ${range}`,
    bindings: prefixRange(word),
  }))
  const counts = await countHits(db, hits)
  const least = counts.indexOf(Math.min(...counts))
  return hits.map(({ bindings }, at) =>
    at === least && (counts[at] ?? 0) <= 1000
      ? { sql: `r.id in (select release_id from catalog_release_words where ${range})`, bindings }
      : {
          sql: `exists (select 1 from catalog_release_words where release_id = r.id and ${range})`,
          bindings,
        },
  )
}
