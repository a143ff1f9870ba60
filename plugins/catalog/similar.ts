import type { Db } from '#sdk'
import { shownArtists } from './finders.ts'
import type { ReleaseRow } from './releases.ts'
import { keyOf } from './text.ts'
import { fits, type Level } from './track-list.ts'
import type { TrackRow } from './tracks.ts'

interface Wish {
  track: TrackRow
  release: ReleaseRow
  without: readonly string[]
  limit: number
  level: Level
}
interface Candidate {
  id: string
  releaseId: string
  artistKeys: string
  tagKeys: string
  genreKey: string
  bpm: number | null
  musicalKey: string | null
}

/** Of each kind of likeness, as many are compared, beside those that are not wanted. */
const perKind = 150
const columns = 't.id, t.release_id, t.artist_keys, t.tag_keys, t.genre_key, t.bpm, t.musical_key'

/** Most alike first: shared artists, tags and genre, near in tempo and in a key that mixes; the same each time. */
export async function similarTracks(db: Db, wish: Wish): Promise<string[]> {
  const unwanted = new Set([wish.track.id, ...wish.without])
  const found = new Map<string, Candidate>()
  for (const { sql, bindings } of searches(wish, perKind + unwanted.size))
    for (const row of await db.raw<Candidate[]>(sql, bindings)) found.set(row.id, row)
  const scored = [...found.values()]
    .filter(({ id }) => !unwanted.has(id))
    .map((candidate) => ({ id: candidate.id, score: likeness(wish.track, candidate) }))
  scored.sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1))
  return scored.slice(0, wish.limit).map(({ id }) => id)
}

function searches({ track, release, level }: Wish, limit: number) {
  const from = `select ${columns} from catalog_tracks t where t.${fits(level)}`
  const end = `order by t.id desc limit ${limit}`
  const names = shownArtists(track, release).map(({ name }) => keyOf(name))
  const tags = track.tagsJson.map(keyOf)
  const marks = (some: readonly unknown[]) => some.map(() => '?').join(', ')
  const all: { sql: string; bindings: (string | number)[] }[] = []
  if (names.length > 0)
    all.push({
      sql: `${from} and t.id in (select subject_id from catalog_credits
        where is_track and is_artist and ${fits(level)} and name_key in (${marks(names)})) ${end}`,
      bindings: names,
    })
  if (tags.length > 0)
    all.push({
      sql: `${from} and t.id in (select track_id from catalog_track_tags where tag in (${marks(tags)})) ${end}`,
      bindings: tags,
    })
  if (track.genreKey !== '')
    all.push({ sql: `${from} and t.genre_key = ? ${end}`, bindings: [track.genreKey] })
  if (track.bpm !== null) {
    // Each key that mixes by itself: the index gives them in the order of the tempo.
    const keys = mixingKeys(track.musicalKey)
    const near = 't.bpm_order between ? and ?'
    const range = [track.bpm * 0.97, track.bpm * 1.03]
    const byTempo = `order by t.bpm_order, t.id limit ${limit}`
    if (keys.length > 0)
      for (const key of keys)
        all.push({
          sql: `${from} and t.musical_key = ? and ${near} ${byTempo}`,
          bindings: [key, ...range],
        })
    else all.push({ sql: `${from} and ${near} ${byTempo}`, bindings: range })
  }
  if (all.length === 0) all.push({ sql: `${from} ${end}`, bindings: [] })
  return all
}

function likeness(track: TrackRow, other: Candidate): number {
  const shared = (mine: string, theirs: string) => {
    const those = new Set(theirs.split('\n').filter(Boolean))
    return mine.split('\n').filter((key) => key !== '' && those.has(key)).length
  }
  const artists = Math.min(shared(track.artistKeys, other.artistKeys), 2) * 3
  const tags = Math.min(shared(track.tagKeys, other.tagKeys), 4) * 1.5
  const genre = track.genreKey !== '' && track.genreKey === other.genreKey ? 2 : 0
  const key = mixingKeys(track.musicalKey).includes(other.musicalKey ?? '') ? 1 : 0
  // Others first: who hears a release has the rest of it at hand.
  const same = track.releaseId === other.releaseId ? -2.5 : 0
  return artists + tags + genre + key + tempoLikeness(track.bpm, other.bpm) + same
}

/** 0 to 2; half and double tempo mix, too. */
function tempoLikeness(one: number | null, other: number | null): number {
  if (one === null || other === null) return 0
  const away = Math.min(...[0.5, 1, 2].map((times) => Math.abs(Math.log2((other * times) / one))))
  return Math.max(0, 2 * (1 - away / 0.12))
}

const pitches = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B']
const flats: Record<string, string> = {
  Cb: 'B',
  Db: 'C#',
  Eb: 'D#',
  Fb: 'E',
  Gb: 'F#',
  Ab: 'G#',
  Bb: 'A#',
  'E#': 'F',
  'B#': 'C',
}
const spellings = new Map<number, string[]>()
for (const [at, name] of pitches.entries()) spellings.set(at, [name])
for (const [flat, sharp] of Object.entries(flats)) spellings.get(pitches.indexOf(sharp))?.push(flat)

/** The key, its relative, and those a fifth up and down: neighbours on the Camelot wheel; in all their spellings. */
export function mixingKeys(key: string | null): string[] {
  const match = /^([A-G][#b]?)(m?)$/.exec(key ?? '')
  if (!match) return []
  const [, name = '', minor = ''] = match
  const pitch = pitches.indexOf(flats[name] ?? name)
  const relative = minor ? { by: 3, mode: '' } : { by: 9, mode: 'm' }
  const steps = [0, 7, 5].map((by) => ({ by, mode: minor }))
  return [...steps, relative].flatMap(({ by, mode }) =>
    (spellings.get((pitch + by) % 12) ?? []).map((spelling) => spelling + mode),
  )
}
