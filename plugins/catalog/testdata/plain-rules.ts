import { type Db, isoTime, newId } from '#sdk'
import { type Rule, TrackRules, textFields } from '../contract.ts'
import { releaseRow } from '../draft-rows.ts'
import { derive, indexRelease, indexTracks } from '../finders.ts'
import { saveMark } from '../marks.ts'
import { insertRelease } from '../releases.ts'
import { keyOf } from '../text.ts'
import { insertTracks, type TrackRow } from '../tracks.ts'
import { compare, now, orderOf } from './plain-orders.ts'

const dayMs = 86_400_000
/** The same numbers each time: 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A track as plain JavaScript sees it, with what the account made of it. */
export interface Plain {
  row: TrackRow
  artists: string[]
  release: string
  label: string
  year: number | null
  releasedOn: string | null
  stars: number
  plays: number
  playedAt: string | null
  isFavourite: boolean
}
const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
const names = ['Ann', 'Ann Lee', 'Élan', 'DJ 100%', 'Bo_b', 'Cy']
const tags = ['deep', 'deep night', 'sun', 'a!b']
const genres = ['', 'Dub', 'Dub Techno', 'Pop']
const titles = ['Rain', 'Rain Song', 'The Rain', '50% Off', 'Élan', 'x_y', "It's"]

/** Three hundred tracks, the same each time. */
export async function seed({
  database: { db },
  account,
  random,
}: {
  database: { db: Db }
  account: { id: string }
  random(): number
}): Promise<Plain[]> {
  const all: Plain[] = []
  for (let at = 0; at < 30; at++) {
    const share = random()
    const release = releaseRow({
      slug: `r-${at}`,
      title: pick(random, titles),
      ownerId: null,
      label: pick(random, names),
      creditsJson: [{ name: pick(random, names), role: 'main', artistId: null }],
      releaseDate: random() < 0.7 ? `20${10 + Math.floor(random() * 17)}` : null,
      status: share < 0.9 ? 'published' : 'draft',
      visibility: share < 0.7 ? 'public' : 'members',
      publishedAt: share < 0.9 && random() < 0.9 ? isoTime() : null,
    })
    await insertRelease(db, release)
    await indexRelease(db, release)
    const rows = Array.from({ length: 10 }, () => trackOf(random, release))
    await insertTracks(db, rows)
    await indexTracks(db, rows, release)
    for (const row of rows) {
      const plain: Plain = {
        row,
        artists: row.creditsJson.map(({ name }) => keyOf(name)),
        release: keyOf(release.title),
        label: keyOf(release.label),
        releasedOn: release.releaseDate || release.publishedAt ? release.sortedOn : null,
        year: release.releaseDate || release.publishedAt ? Number(release.sortedOn.slice(0, 4)) : null,
        stars: 0,
        plays: 0,
        playedAt: null,
        isFavourite: false,
      }
      if (random() < 0.4) {
        plain.isFavourite = random() < 0.5
        plain.plays = Math.floor(random() * 5)
        plain.playedAt =
          plain.plays > 0 ? isoTime(new Date(now.getTime() - Math.floor(random() * 60) * dayMs - 5000)) : null
        const mark = { accountId: account.id, trackId: row.id }
        await saveMark(db, mark, { isFavourite: plain.isFavourite })
        plain.stars = random() < 0.5 ? Math.ceil(random() * 5) : 0
        if (plain.stars > 0) await saveMark(db, mark, { stars: plain.stars })
        await db('catalog_marks').where(mark).update({ plays: plain.plays, playedAt: plain.playedAt })
      }
      all.push(plain)
    }
  }
  return all
}

function trackOf(random: () => number, release: ReturnType<typeof releaseRow>): TrackRow {
  const createdAt = isoTime(new Date(now.getTime() - Math.floor(random() * 60) * dayMs - 5000))
  const row = {
    id: newId(),
    releaseId: release.id,
    assetId: newId(),
    discNumber: 1,
    trackNumber: 1,
    title: pick(random, titles),
    creditsJson: [...new Set([pick(random, names), pick(random, names)])].map((name, at) => ({
      name,
      role: at === 0 ? 'main' : 'featured',
      artistId: null,
    })),
    tagsJson: [...new Set([pick(random, tags), pick(random, tags)])].slice(0, Math.floor(random() * 3)),
    genre: pick(random, genres),
    bpm: random() < 0.8 ? 100 + Math.floor(random() * 80) / 2 : null,
    musicalKey: pick(random, [null, 'Am', 'F#m', 'C']),
    isrc: null,
    isExplicit: random() < 0.5,
    isLossless: random() < 0.5,
    isReady: true,
    language: '',
    licence: '',
    durationMs: 60_000 + Math.floor(random() * 600) * 500,
    loudnessLufs: random() < 0.8 ? -20 + Math.floor(random() * 40) / 4 : null,
    loudnessRangeLu: null,
    truePeakDbtp: null,
    plays: Math.floor(random() * 20),
    chance: Math.floor(random() * (2 ** 31 - 1)),
    fileKey: '',
    trashedAt: null,
    createdAt,
    updatedAt: createdAt,
  }
  return derive(row as unknown as TrackRow, release)
}

export function randomRules(random: () => number, all: readonly Plain[]): TrackRules {
  const one = () => pick(random, all)
  const texts = [...names, ...tags, ...genres, ...titles, 'F#m', 'RAIN', 'e', 'a'].filter(Boolean)
  const number = () => {
    const field = pick(random, [
      'bpm',
      'durationS',
      'year',
      'plays',
      'playsMine',
      'stars',
      'loudnessLufs',
    ] as const)
    const { row, year, plays, stars } = one()
    const values = {
      bpm: row.bpm,
      durationS: row.durationMs / 1000,
      year,
      plays: row.plays,
      playsMine: plays,
      stars,
      loudnessLufs: row.loudnessLufs,
    }
    return { field, value: values[field] ?? 0 }
  }
  const rule = (): Rule => {
    const { field, value } = number()
    const kinds: (() => Rule)[] = [
      () => ({
        field: pick(random, textFields),
        is: pick(random, ['is', 'is-not', 'contains', 'begins'] as const),
        value: pick(random, texts),
      }),
      () => ({ field, is: pick(random, ['is', 'at-least', 'at-most'] as const), value }),
      () => ({ field, is: 'between', from: value - 1.5, to: value + 3 }),
      () => ({
        field: pick(random, ['addedAt', 'releasedAt', 'playedAtMine'] as const),
        is: pick(random, ['within-days', 'not-within-days'] as const),
        value: random() < 0.5 ? 1 + Math.floor(random() * 60) : 1 + Math.floor(random() * 6000),
      }),
      () => ({
        field: pick(random, ['isFavourite', 'isExplicit', 'isLossless'] as const),
        is: 'is',
        value: random() < 0.5,
      }),
    ]
    return pick(random, kinds)()
  }
  return TrackRules.parse({
    match: pick(random, ['all', 'any']),
    rules: Array.from({ length: Math.floor(random() * 4) }, rule),
    sort: pick(random, [
      'random',
      'newest',
      'oldest',
      'title',
      'artist',
      'most-played',
      'least-played',
      'last-played',
      'best-rated',
      'bpm',
      'duration',
    ]),
    limit: { by: 'tracks', count: pick(random, [5, 50, 1000]) },
  })
}

/** The same, without a database. */
export function evaluate(rules: TrackRules, all: readonly Plain[], account: { id: string } | null): string[] {
  const mine = account
    ? all
    : all.map((plain) => ({ ...plain, stars: 0, plays: 0, playedAt: null, isFavourite: false }))
  const found = mine.filter((plain) => {
    if (plain.row.audience > (account ? 1 : 0)) return false
    const results = rules.rules.map((rule) => holds(rule, plain))
    return results.length === 0 || (rules.match === 'all' ? results.every(Boolean) : results.some(Boolean))
  })
  return found
    .sort((a, b) => compare(orderOf(rules.sort, a, account), orderOf(rules.sort, b, account)))
    .slice(0, rules.limit.count)
    .map(({ row }) => row.id)
}

function holds(rule: Rule, { row, ...plain }: Plain): boolean {
  const texts = {
    title: [keyOf(row.title)],
    artist: plain.artists,
    release: [plain.release],
    genre: [keyOf(row.genre)],
    tag: row.tagsJson.map(keyOf),
    label: [plain.label],
    key: [(row.musicalKey ?? '').toLowerCase()],
  }
  const numbers = {
    bpm: row.bpm,
    durationS: row.durationMs / 1000,
    year: plain.year,
    plays: row.plays,
    playsMine: plain.plays,
    stars: plain.stars,
    loudnessLufs: row.loudnessLufs,
  }
  const dates = { addedAt: row.createdAt, releasedAt: plain.releasedOn, playedAtMine: plain.playedAt }
  const flags = { isFavourite: plain.isFavourite, isExplicit: row.isExplicit, isLossless: row.isLossless }
  if (rule.field in texts) {
    const { is, value } = rule as { is: string; value: string }
    const key = keyOf(value)
    const those = texts[rule.field as 'title']
    if (is === 'is') return those.includes(key)
    if (is === 'is-not') return !those.includes(key)
    return those.some((text) => (is === 'begins' ? text.startsWith(key) : text.includes(key)))
  }
  if (rule.field in flags) return flags[rule.field as 'isExplicit'] === (rule as { value: boolean }).value
  if (rule.field in dates) {
    const { is, value } = rule as { is: string; value: number }
    const date = dates[rule.field as 'addedAt']
    const since = isoTime(new Date(now.getTime() - value * dayMs))
    const isWithin = date !== null && date >= (rule.field === 'releasedAt' ? since.slice(0, 10) : since)
    return is === 'within-days' ? isWithin : !isWithin
  }
  const number = numbers[rule.field as 'bpm']
  if (number === null) return false
  const { is, value, from, to } = rule as unknown as { is: string; value: number; from: number; to: number }
  if (is === 'between') return number >= from && number <= to
  if (is === 'is') return number >= value - 0.5 && number < value + 0.5
  return is === 'at-least' ? number >= value : number <= value
}
