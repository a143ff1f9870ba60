import type { Db } from '#sdk'
import type { trackSorts } from './contract.ts'
import type { Who } from './policy.ts'
import { keyOf, prefixRange, wordsOf } from './text.ts'
import { type TrackRow, tracksById } from './tracks.ts'

/** 0: what everybody finds; 1: members, too; 2: what is hidden, too. */
export type Level = 0 | 1 | 2
type Bindings = (string | number | boolean | Buffer | null)[]
export interface Condition {
  sql: string
  bindings: Bindings
}

/** Said as the partial indexes say it, or neither database would take them. */
export const fits = (level: Level): string => (level === 0 ? 'audience = 0' : `audience <= ${level}`)

/** A credited name, and the page that goes by it. */
export interface Named {
  name: string
  artistId: string | null
}

export interface TrackWish {
  level: Level
  q?: string | undefined
  genre?: string | undefined
  artist?: Named | undefined
  tag?: string | undefined
  key?: string | undefined
  bpmFrom?: number | undefined
  bpmTo?: number | undefined
  favourites?: { of: string; are: boolean } | undefined
  /** Only of releases they may edit. */
  editor?: Who | undefined
  sort: (typeof trackSorts)[number]
  after?: string | undefined
  limit: number
}

const orders = {
  newest: { column: 'id', isDown: true },
  oldest: { column: 'id', isDown: false },
  title: { column: 'title_key', isDown: false },
  plays: { column: 'plays', isDown: true },
  duration: { column: 'duration_ms', isDown: false },
  bpm: { column: 'bpm_order', isDown: false },
} as const

export async function listTracks(
  db: Db,
  wish: TrackWish,
): Promise<{ items: TrackRow[]; next: string | null }> {
  if (wish.q?.trim() && wordsOf(wish.q).length === 0) return { items: [], next: null }
  const { column, isDown } = orders[wish.sort]
  const conditions = [
    { sql: `t.${fits(wish.level)}`, bindings: [] },
    ...(await cheapest(db, filtersOf(wish))),
    ...remaining(wish),
  ]
  if (wish.after) {
    const last = await sortValue(db, wish.after, column)
    if (last === null) return { items: [], next: null }
    const sign = isDown ? '<' : '>'
    conditions.push(
      column === 'id'
        ? { sql: `t.id ${sign} ?`, bindings: [wish.after] }
        : { sql: `(t.${column}, t.id) ${sign} (?, ?)`, bindings: [last, wish.after] },
    )
  }
  const way = isDown ? 'desc' : 'asc'
  const order = column === 'id' ? `t.id ${way}` : `t.${column} ${way}, t.id ${way}`
  const where = conditions.map(({ sql }) => sql).join(' and ')
  // Ids first: what has to be sorted stays narrow.
  const rows = await db.raw<{ id: string }[]>(
    `select t.id from catalog_tracks t where ${where} order by ${order} limit ${wish.limit + 1}`,
    conditions.flatMap(({ bindings }) => bindings) as never,
  )
  const ids = rows.slice(0, wish.limit).map(({ id }) => id)
  const found = await tracksById(db, ids)
  return {
    items: ids.flatMap((id) => found.get(id) ?? []),
    next: rows.length > wish.limit ? (ids.at(-1) ?? null) : null,
  }
}

async function sortValue(db: Db, id: string, column: string): Promise<string | number | Buffer | null> {
  const rows = await db.raw<{ value: string | number | Buffer }[]>(
    `select ${column} as value from catalog_tracks where id = ?`,
    [id],
  )
  return rows[0]?.value ?? null
}

/** What stays as it is said: nothing is gained by looking it up first. */
function remaining({ bpmFrom, favourites, editor }: TrackWish): Condition[] {
  const all: (Condition | false)[] = [
    bpmFrom !== undefined && { sql: 't.bpm is not null', bindings: [] },
    favourites?.are === false && {
      sql: `not exists (select 1 from catalog_marks m
        where m.account_id = ? and m.track_id = t.id and m.is_favourite)`,
      bindings: [favourites.of],
    },
    editor !== undefined && editable(editor),
  ]
  return all.filter((one) => one !== false)
}

/** One condition, said in two ways. */
interface Filter {
  /** Selects a row for each hit. */
  hits: Condition
  /** Looks the hits up; they are sorted afterwards. */
  narrow: Condition
  /** Asked of one track after the other, in the order of the list; such that no index of it is taken. */
  wide: Condition
}

/** So many hits are looked up before a condition counts as frequent. */
const rare = 3000

/**
 * The condition with the fewest hits is looked up, where it has few; the others are asked of what it finds. Where each
 * has many, the list is walked in its order instead, and soon has a page together.
 */
async function cheapest(db: Db, filters: readonly Filter[]): Promise<Condition[]> {
  const counts = await countHits(
    db,
    filters.map(({ hits }) => hits),
  )
  const least = counts.indexOf(Math.min(...counts))
  const order = filters.map((filter, at) => ({ filter, at, count: counts[at] ?? 0 }))
  order.sort((a, b) => a.count - b.count)
  return order.map(({ filter, at, count }) => (at === least && count <= rare ? filter.narrow : filter.wide))
}

/** Of each, up to one more than are rare. */
export async function countHits(db: Db, hits: readonly Condition[]): Promise<number[]> {
  if (hits.length === 0) return []
  const parts = hits.map(
    ({ sql }, at) => `(select count(*) from (${sql} limit ${rare + 1}) as hits) as n${at}`,
  )
  const [row] = await db.raw<Record<string, number>[]>(
    `select ${parts.join(', ')}`,
    hits.flatMap(({ bindings }) => bindings) as never,
  )
  return hits.map((_one, at) => Number(row?.[`n${at}`] ?? 0))
}

function filtersOf(wish: TrackWish): Filter[] {
  const { level, q, genre, tag, key, bpmFrom, bpmTo, artist, favourites } = wish
  const column = (name: string, value: string): Filter => ({
    hits: { sql: `select 1 from catalog_tracks where ${fits(level)} and ${name} = ?`, bindings: [value] },
    narrow: { sql: `t.${name} = ?`, bindings: [value] },
    wide: { sql: `t.${name} || '' = ?`, bindings: [value] },
  })
  return [
    ...wordsOf(q ?? '')
      .slice(0, 6)
      .map((word) => {
        const range = { sql: 'word >= ? and word < ?', bindings: prefixRange(word) }
        return listed('catalog_words', 'track_id', range)
      }),
    ...(genre === undefined ? [] : [column('genre_key', keyOf(genre))]),
    ...(key === undefined ? [] : [column('musical_key', key)]),
    ...(tag === undefined
      ? []
      : [listed('catalog_track_tags', 'track_id', { sql: 'tag = ?', bindings: [keyOf(tag)] })]),
    ...(bpmFrom === undefined && bpmTo === undefined ? [] : [tempo(wish)]),
    ...(artist === undefined ? [] : [credited(artist, level)]),
    ...(favourites?.are
      ? [
          listed('catalog_marks', 'track_id', {
            sql: 'account_id = ? and is_favourite',
            bindings: [favourites.of],
          }),
        ]
      : []),
  ]
}

/** In a table of its own, by the id of the track. */
function listed(table: string, id: string, { sql, bindings }: Condition): Filter {
  return {
    hits: { sql: `select 1 from ${table} where ${sql}`, bindings },
    narrow: { sql: `t.id in (select ${id} from ${table} where ${sql})`, bindings },
    wide: { sql: `exists (select 1 from ${table} where ${id} = t.id and ${sql})`, bindings },
  }
}

/** Where tracks are listed by tempo, the range is a part of the order. */
function tempo({ level, bpmFrom = 0, bpmTo = 400, sort }: TrackWish): Filter {
  const bindings = [bpmFrom, bpmTo]
  const narrow = { sql: 't.bpm_order between ? and ?', bindings }
  return {
    hits: {
      sql: `select 1 from catalog_tracks where ${fits(level)} and bpm_order between ? and ?`,
      bindings,
    },
    narrow,
    wide: sort === 'bpm' ? narrow : { sql: 't.bpm_order + 0 between ? and ?', bindings },
  }
}

function credited({ name, artistId }: Named, level: Level): Filter {
  const where = `is_track and is_artist and ${fits(level)}`
  const by = artistId === null ? [keyOf(name)] : [keyOf(name), artistId]
  const select = (what: string) => {
    const byName = `select ${what} from catalog_credits where ${where} and name_key = ?`
    if (artistId === null) return byName
    return `${byName} union all select ${what} from catalog_credits where ${where} and artist_id = ?`
  }
  const either = artistId === null ? 'name_key = ?' : '(name_key = ? or artist_id = ?)'
  return {
    hits: { sql: `select 1 from (${select('1')}) as credited`, bindings: by },
    narrow: { sql: `t.id in (${select('subject_id')})`, bindings: by },
    wide: {
      sql: `exists (select 1 from catalog_credits where subject_id = t.id and is_artist and ${either})`,
      bindings: by,
    },
  }
}

/** Of releases that somebody may edit. */
function editable(who: Who): Condition {
  if (who.managesAll) return { sql: 'true', bindings: [] }
  const { sql, bindings } = editableReleases(who)
  return { sql: `t.release_id in (${sql})`, bindings }
}

/** Selects the ids of the releases that somebody may edit who does not manage all. */
export function editableReleases({ accountId, artistIds }: Who): Condition {
  const own = 'select id from catalog_releases where owner_id = ?'
  if (artistIds.size === 0) return { sql: own, bindings: [accountId] }
  const marks = [...artistIds].map(() => '?').join(', ')
  return {
    sql: `${own} union select subject_id from catalog_credits where not is_track and role = 'main' and artist_id in (${marks})`,
    bindings: [accountId, ...artistIds],
  }
}
