import { type Db, isoTime } from '#sdk'
import { audiences, isArtistRole, type ReleaseRow, type StoredCredit } from './releases.ts'
import { cut, keyOf, matchKey, wordsOf } from './text.ts'
import { allTracksOf, saveTracks, type TrackRow } from './tracks.ts'

/** Those who are shown as a track's artists: its own, or else the release's. */
export function shownArtists(track: Pick<TrackRow, 'creditsJson'>, release: ReleaseRow): StoredCredit[] {
  const own = artistsOf(track.creditsJson)
  return own.length > 0 ? own : artistsOf(release.creditsJson)
}

/** Main ones first, each group in its order. */
export function artistsOf(credits: readonly StoredCredit[]): StoredCredit[] {
  const of = (wanted: string) => credits.filter(({ role }) => role === wanted)
  return [...of('main'), ...of('featured')]
}

const inLines = (keys: readonly string[]) => (keys.length === 0 ? '' : `\n${keys.join('\n')}\n`)

const derived = [
  'titleKey',
  'titlePlain',
  'genreKey',
  'bpmOrder',
  'artistKeys',
  'tagKeys',
  'releaseKey',
  'labelKey',
  'releasedOn',
  'releasedYear',
  'matchKey',
  'audience',
] as const satisfies (keyof TrackRow)[]

/** The columns that follow from others, of the track and its release. */
export function derive(track: TrackRow, release: ReleaseRow): TrackRow {
  const artists = shownArtists(track, release)
  const releasedOn = release.releaseDate || release.publishedAt ? release.sortedOn : null
  return {
    ...track,
    titleKey: Buffer.from(keyOf(track.title)),
    titlePlain: keyOf(track.title),
    genreKey: cut(keyOf(track.genre), 60),
    bpmOrder: track.bpm ?? 1000,
    artistKeys: inLines(artists.map(({ name }) => keyOf(name))),
    tagKeys: inLines(track.tagsJson.map(keyOf)),
    releaseKey: cut(keyOf(release.title), 200),
    labelKey: cut(keyOf(release.label), 120),
    releasedOn,
    releasedYear: releasedOn === null ? null : Number(releasedOn.slice(0, 4)),
    matchKey: matchKey(artists[0]?.name ?? '', track.title),
    audience: track.trashedAt === null ? release.audience : audiences.trash,
  }
}

/** Saves changed tracks of one release, with all that follows from the change and finds them. */
export async function saveChanged(
  db: Db,
  release: ReleaseRow,
  tracks: readonly TrackRow[],
  columns: readonly (keyof TrackRow)[] = [],
): Promise<TrackRow[]> {
  const updatedAt = isoTime()
  const rows = tracks.map((track) => ({ ...derive(track, release), updatedAt }))
  await saveTracks(db, rows, [...new Set([...derived, ...columns, 'updatedAt' as const])])
  await indexTracks(db, rows, release)
  return rows
}

/** After a change of the release: its own finders and those of its tracks. */
export async function reindexRelease(db: Db, release: ReleaseRow): Promise<void> {
  await indexRelease(db, release)
  await saveChanged(db, release, await allTracksOf(db, release.id))
}

const atOnce = 400
async function insertMany(db: Db, table: string, rows: readonly object[]): Promise<void> {
  for (let at = 0; at < rows.length; at += atOnce) await db(table).insert(rows.slice(at, at + atOnce))
}
async function removeOf(db: Db, table: string, column: string, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += 5000)
    await db(table)
      .whereIn(column, ids.slice(at, at + 5000))
      .delete()
}

const creditRows = (
  subject: { id: string; audience: number; genreKey: string },
  isTrack: boolean,
  credits: readonly StoredCredit[],
) =>
  credits.map(({ name, role, artistId }, position) => ({
    subjectId: subject.id,
    position,
    isTrack,
    name,
    nameKey: cut(keyOf(name), 120),
    role,
    isArtist: isArtistRole(role),
    artistId,
    audience: subject.audience,
    genreKey: subject.genreKey,
  }))

export async function indexRelease(db: Db, release: ReleaseRow): Promise<void> {
  await removeOf(db, 'catalog_credits', 'subject_id', [release.id])
  await removeOf(db, 'catalog_release_words', 'release_id', [release.id])
  await insertMany(db, 'catalog_credits', creditRows(release, false, release.creditsJson))
  const names = artistsOf(release.creditsJson).map(({ name }) => name)
  const words = wordsOf(release.title, ...names, release.catalogNumber)
  await insertMany(
    db,
    'catalog_release_words',
    words.map((word) => ({ word: Buffer.from(word), releaseId: release.id })),
  )
}

/** Of derived rows. */
export async function indexTracks(db: Db, tracks: readonly TrackRow[], release: ReleaseRow): Promise<void> {
  const ids = tracks.map(({ id }) => id)
  await removeOf(db, 'catalog_credits', 'subject_id', ids)
  await removeOf(db, 'catalog_track_tags', 'track_id', ids)
  await removeOf(db, 'catalog_words', 'track_id', ids)
  const credits = tracks.flatMap((track) => {
    const others = track.creditsJson.filter(({ role }) => !isArtistRole(role))
    return creditRows(track, true, [...shownArtists(track, release), ...others])
  })
  await insertMany(db, 'catalog_credits', credits)
  const tags = tracks.flatMap(({ id, tagsJson }) =>
    [...new Set(tagsJson.map((tag) => cut(keyOf(tag), 40)))].map((tag) => ({ tag, trackId: id })),
  )
  await insertMany(db, 'catalog_track_tags', tags)
  const words = tracks.flatMap((track) => {
    const names = shownArtists(track, release).map(({ name }) => name)
    return wordsOf(track.title, ...names, release.title).map((word) => ({
      word: Buffer.from(word),
      trackId: track.id,
    }))
  })
  await insertMany(db, 'catalog_words', words)
}

/** How many tracks a release has, and how long they are. */
export async function recount(db: Db, releaseId: string): Promise<void> {
  const of = 'from catalog_tracks where release_id = catalog_releases.id and trashed_at is null'
  await db.raw(
    `update catalog_releases set track_count = (select count(*) ${of}),
       duration_ms = (select coalesce(sum(duration_ms), 0) ${of}), updated_at = ? where id = ?`,
    [isoTime(), releaseId],
  )
}

/** Takes tracks or releases out of all that finds them, before they go for good. */
export async function unindex(db: Db, ids: readonly string[]): Promise<void> {
  await removeOf(db, 'catalog_credits', 'subject_id', ids)
}
