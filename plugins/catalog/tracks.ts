import { notFound } from '#contract'
import { type Db, problem } from '#sdk'
import type { StoredCredit } from './releases.ts'

export interface TrackRow {
  id: string
  releaseId: string
  assetId: string
  audience: number
  discNumber: number
  trackNumber: number
  title: string
  titleKey: Buffer
  creditsJson: StoredCredit[]
  tagsJson: string[]
  genre: string
  genreKey: string
  bpm: number | null
  bpmOrder: number
  musicalKey: string | null
  isrc: string | null
  isExplicit: boolean
  isLossless: boolean
  isReady: boolean
  language: string
  licence: string
  durationMs: number
  loudnessLufs: number | null
  loudnessRangeLu: number | null
  truePeakDbtp: number | null
  plays: number
  titlePlain: string
  artistKeys: string
  tagKeys: string
  releaseKey: string
  labelKey: string
  releasedOn: string | null
  releasedYear: number | null
  chance: number
  matchKey: string
  fileKey: string
  trashedAt: string | null
  createdAt: string
  updatedAt: string
}

/** Rows of one statement: databases take only so many values at once. */
const atOnce = 400

export async function getTrackRow(db: Db, id: string): Promise<TrackRow> {
  const row: TrackRow | undefined = await db<TrackRow>('catalog_tracks').where({ id }).first()
  if (!row) throw problem(notFound)
  return row
}

export async function tracksById(db: Db, ids: readonly string[]): Promise<Map<string, TrackRow>> {
  const found = new Map<string, TrackRow>()
  const wanted = [...new Set(ids)]
  for (let at = 0; at < wanted.length; at += 5000) {
    const rows: TrackRow[] = await db<TrackRow>('catalog_tracks').whereIn('id', wanted.slice(at, at + 5000))
    for (const row of rows) found.set(row.id, row)
  }
  return found
}

/** In their order, without those in the trash. */
export async function tracksOf(db: Db, releaseId: string): Promise<TrackRow[]> {
  return db<TrackRow>('catalog_tracks')
    .where({ releaseId, trashedAt: null })
    .orderBy('disc_number')
    .orderBy('track_number')
    .orderBy('id')
}

/** Those in the trash, too. */
export async function allTracksOf(db: Db, releaseId: string): Promise<TrackRow[]> {
  return db<TrackRow>('catalog_tracks').where({ releaseId }).orderBy('disc_number').orderBy('track_number')
}

const columnsOf = ({ creditsJson, tagsJson, ...row }: TrackRow): Record<string, unknown> => ({
  ...row,
  creditsJson: JSON.stringify(creditsJson),
  tagsJson: JSON.stringify(tagsJson),
})

export async function insertTracks(db: Db, rows: readonly TrackRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += atOnce)
    await db('catalog_tracks').insert(rows.slice(at, at + atOnce).map(columnsOf))
}

/** Writes some columns of many rows, each row its own; the others (plays above all) stay as they are by now. */
export async function saveTracks(
  db: Db,
  rows: readonly TrackRow[],
  columns: readonly (keyof TrackRow)[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += atOnce)
    await db('catalog_tracks')
      .insert(rows.slice(at, at + atOnce).map(columnsOf))
      .onConflict('id')
      .merge([...columns])
}

export interface Lyrics {
  lyrics: string
  syncedLyrics: string
}
export async function findLyrics(db: Db, trackId: string): Promise<Lyrics> {
  const row: Lyrics | undefined = await db('catalog_lyrics').where({ trackId }).first()
  return { lyrics: row?.lyrics ?? '', syncedLyrics: row?.syncedLyrics ?? '' }
}

/** Words of many tracks; what all of them leave out stays. */
export async function saveLyrics(
  db: Db,
  rows: readonly { trackId: string; lyrics?: string | undefined; syncedLyrics?: string | undefined }[],
): Promise<void> {
  const given = (['lyrics', 'syncedLyrics'] as const).filter((name) =>
    rows.some((row) => row[name] !== undefined),
  )
  if (given.length === 0) return
  const whole = rows.map(({ trackId, lyrics = '', syncedLyrics = '' }) => ({ trackId, lyrics, syncedLyrics }))
  for (let at = 0; at < whole.length; at += atOnce)
    await db('catalog_lyrics')
      .insert(whole.slice(at, at + atOnce))
      .onConflict('track_id')
      .merge([...given])
}
