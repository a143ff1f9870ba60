import { releaseRow } from '../../../plugins/catalog/draft-rows.ts'
import { derive, indexRelease, indexTracks } from '../../../plugins/catalog/finders.ts'
import { insertRelease } from '../../../plugins/catalog/releases.ts'
import { insertTracks, type TrackRow } from '../../../plugins/catalog/tracks.ts'
import { insertAsset } from '../../../plugins/media/assets.ts'
import { noTags } from '../../../plugins/media/present.ts'
import { type Db, isoTime, newId } from '../../../server/sdk/index.ts'

/** The same numbers each time: 0 to 1 (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const syllables = 'ka lo mi ra sen tor vu el an dri fo ga hel in jo kur lan mo ne os pa qui ro sta'.split(' ')
const keys = ['C', 'G', 'D', 'A', 'E', 'B', 'F', 'Bb', 'Am', 'Em', 'Bm', 'F#m', 'Dm', 'Gm', 'Cm', 'Fm']

/** Fills a library: ten tracks a release, names and genres as unevenly spread as in real ones. */
export async function seedLibrary(
  db: Db,
  { tracks, owner }: { tracks: number; owner: string },
): Promise<void> {
  const random = createRandom(7)
  // Squared twice: few of many, many of few.
  const skewed = (count: number) => Math.floor(random() ** 3 * count)
  const word = (at: number) =>
    [at % 24, Math.floor(at / 24) % 24, Math.floor(at / 576) % 24].map((i) => syllables[i]).join('')
  const words = (count: number) => Array.from({ length: count }, () => word(skewed(5000))).join(' ')
  const trackOf = (at: number, release: ReturnType<typeof releaseRow>): TrackRow => {
    const now = isoTime()
    const artist = release.creditsJson[0]?.name ?? ''
    const row = {
      id: newId(),
      releaseId: release.id,
      assetId: newId(),
      discNumber: 1,
      trackNumber: (at % 10) + 1,
      title: words(1 + Math.floor(random() * 3)),
      creditsJson: [
        { name: artist, role: 'main', artistId: null },
        ...(random() < 0.2
          ? [{ name: `artist ${word(skewed(3000))}`, role: 'featured', artistId: null }]
          : []),
        { name: words(2), role: 'composer', artistId: null },
      ],
      tagsJson: random() < 0.5 ? [`tag-${skewed(200)}`] : [],
      genre: `genre ${skewed(40)}`,
      bpm: random() < 0.8 ? 60 + Math.floor(random() * 1200) / 10 : null,
      musicalKey: random() < 0.7 ? (keys[Math.floor(random() * keys.length)] ?? null) : null,
      isrc: `FRZ03${String(at).padStart(7, '0')}`,
      isExplicit: random() < 0.1,
      isLossless: random() < 0.6,
      isReady: true,
      language: 'en',
      licence: '',
      durationMs: 60_000 + Math.floor(random() * 400_000),
      loudnessLufs: -20 + random() * 14,
      loudnessRangeLu: 5,
      truePeakDbtp: -1,
      plays: Math.floor(random() ** 4 * 10_000),
      chance: Math.floor(random() * (2 ** 31 - 1)),
      fileKey: `file${at}`,
      trashedAt: null,
      createdAt: now,
      updatedAt: now,
    }
    return derive(row as unknown as TrackRow, release)
  }
  for (let from = 0; from < tracks; from += 200)
    await db.tx(async (tx) => {
      const all: TrackRow[] = []
      for (let at = from; at < from + 200; at += 10) {
        const share = random()
        const release = releaseRow({
          slug: `release-${at}`,
          title: words(2),
          ownerId: owner,
          kind: random() < 0.5 ? 'album' : 'single',
          genre: `genre ${skewed(40)}`,
          label: `label ${skewed(20)}`,
          creditsJson: [{ name: `artist ${word(skewed(3000))}`, role: 'main', artistId: null }],
          releaseDate: `${1990 + Math.floor(random() * 37)}-0${1 + Math.floor(random() * 9)}-11`,
          status: share < 0.93 ? 'published' : 'draft',
          visibility: share < 0.85 ? 'public' : 'members',
          publishedAt: isoTime(),
          trackCount: 10,
          durationMs: 2_000_000,
          coverKey: 'catalog/cover/none',
        })
        await insertRelease(tx, release)
        await indexRelease(tx, release)
        const rows = Array.from({ length: 10 }, (_, i) => trackOf(at + i, release))
        await insertTracks(tx, rows)
        await indexTracks(tx, rows, release)
        all.push(...rows)
      }
      for (const row of all) await insertSound(tx, row, owner)
    })
}

const histogram: [number, number][] = Array.from({ length: 120 }, (_, at) => [-200 + at, at])

async function insertSound(db: Db, { assetId, title, durationMs }: TrackRow, ownerId: string): Promise<void> {
  await insertAsset(db, {
    id: assetId,
    ownerId,
    fileName: `${title}.flac`,
    sizeBytes: 30_000_000,
    state: 'ready',
    durationMs,
    isLossless: true,
    momentaryJson: histogram,
    shortTermJson: histogram,
    playableJson: {
      hasLossless: true,
      progressive: [{ codec: 'opus', mime: 'audio/ogg', file: 'opus-160.opus' }],
      waveforms: ['waveform-1.dat', 'waveform-8.dat', 'waveform-64.dat'],
    },
    tagsJson: noTags,
  })
}

/** What an account made of some tracks. */
export async function seedMarks(db: Db, accountId: string, count: number): Promise<void> {
  const random = createRandom(11)
  const ids: { id: string }[] = await db('catalog_tracks')
    .where('audience', 0)
    .limit(count * 3)
    .select('id')
  const rows = ids
    .filter((_row, at) => at % 3 === 0)
    .map(({ id }) => ({
      accountId,
      trackId: id,
      isFavourite: random() < 0.3,
      stars: random() < 0.3 ? 1 + Math.floor(random() * 5) : null,
      plays: Math.floor(random() * 30),
      playedAt: isoTime(new Date(Date.now() - random() * 100 * 86_400_000)),
    }))
  for (let at = 0; at < rows.length; at += 400) await db('catalog_marks').insert(rows.slice(at, at + 400))
}
