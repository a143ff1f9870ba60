import type { Db } from '#sdk'

/** What an account made of a track. */
export interface Mark {
  accountId: string
  trackId: string
  isFavourite: boolean
  stars: number | null
  plays: number
  playedAt: string | null
}

export async function marksOf(
  db: Db,
  accountId: string,
  trackIds: readonly string[],
): Promise<Map<string, Mark>> {
  const rows: Mark[] = await db<Mark>('catalog_marks')
    .where({ accountId })
    .whereIn('track_id', [...trackIds])
  return new Map(rows.map((row) => [row.trackId, row]))
}

/** Oldest track first; `after` is the last one's id. */
export async function listMarks(db: Db, accountId: string): Promise<Mark[]> {
  return db<Mark>('catalog_marks').where({ accountId }).orderBy('track_id').limit(100_000)
}

export async function saveMark(
  db: Db,
  { accountId, trackId }: { accountId: string; trackId: string },
  change: { isFavourite: boolean } | { stars: number | null },
): Promise<void> {
  await db('catalog_marks')
    .insert({ accountId, trackId, isFavourite: false, stars: null, plays: 0, playedAt: null, ...change })
    .onConflict(['account_id', 'track_id'])
    .merge(Object.keys(change))
}

export async function removeMarksOf(db: Db, accountId: string): Promise<void> {
  await db('catalog_marks').where({ accountId }).delete()
}

interface Play {
  trackId: string
  accountId: string | null
  at: string
}

/** Adds plays; of tracks that are gone, none. */
export async function addPlays(db: Db, plays: readonly Play[]): Promise<void> {
  const known = new Set<string>()
  const ids = [...new Set(plays.map(({ trackId }) => trackId))]
  for (let at = 0; at < ids.length; at += 1000) {
    const rows: { id: string }[] = await db('catalog_tracks')
      .whereIn('id', ids.slice(at, at + 1000))
      .select('id')
    for (const { id } of rows) known.add(id)
  }
  const counted = plays.filter(({ trackId }) => known.has(trackId))
  await addToTracks(db, counted)
  await addToMarks(
    db,
    counted.flatMap(({ accountId, ...play }) => (accountId === null ? [] : [{ ...play, accountId }])),
  )
}

async function addToTracks(db: Db, plays: readonly Play[]): Promise<void> {
  const counts = [...Map.groupBy(plays, ({ trackId }) => trackId)].map(([id, of]) => [id, of.length] as const)
  // In one order everywhere, so that no two of these wait for each other.
  counts.sort(([a], [b]) => (a < b ? -1 : 1))
  for (let at = 0; at < counts.length; at += 500) {
    const some = counts.slice(at, at + 500)
    const cases = some.map(() => 'when ? then cast(? as integer)').join(' ')
    const marks = some.map(() => '?').join(', ')
    await db.raw(`update catalog_tracks set plays = plays + case id ${cases} end where id in (${marks})`, [
      ...some.flat(),
      ...some.map(([id]) => id),
    ])
  }
}

async function addToMarks(db: Db, plays: readonly (Play & { accountId: string })[]): Promise<void> {
  const rows = [...Map.groupBy(plays, (play) => `${play.accountId} ${play.trackId}`)].map(([, of]) => ({
    accountId: of[0]!.accountId,
    trackId: of[0]!.trackId,
    isFavourite: false,
    stars: null,
    plays: of.length,
    playedAt: of.reduce((last, { at }) => (at > last ? at : last), ''),
  }))
  rows.sort((a, b) => (`${a.accountId}${a.trackId}` < `${b.accountId}${b.trackId}` ? -1 : 1))
  for (let at = 0; at < rows.length; at += 400) {
    const some = rows.slice(at, at + 400)
    const marks = some.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')
    await db.raw(
      `insert into catalog_marks (account_id, track_id, is_favourite, stars, plays, played_at) values ${marks}
       on conflict (account_id, track_id) do update set plays = catalog_marks.plays + excluded.plays,
         played_at = case when catalog_marks.played_at > excluded.played_at then catalog_marks.played_at
           else excluded.played_at end`,
      some.flatMap((row) => [row.accountId, row.trackId, false, null, row.plays, row.playedAt]),
    )
  }
}
