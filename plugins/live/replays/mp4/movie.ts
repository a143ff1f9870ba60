import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { initName, segmentName } from '../../media/stream-files.ts'
import type { IndexEntry } from '../../media/types.ts'
import { BrokenMedia, type Fragment, findBox, readFragments } from './fragments.ts'
import { type MovieTrack, movieHead, type Shown } from './movie-head.ts'
import { inBand, parameterSets, withSettings } from './settings.ts'
import { SampleTables } from './tables.ts'

/**
 * One MP4 that exists only as a plan: a head made for it, then segment files as they lie on the disk. Their own heads
 * stay where they are, as bytes that the sample tables do not point to.
 */
export interface Movie {
  head: Buffer
  pieces: Piece[]
  sizeBytes: number
}

/** A stretch of a file, or bytes that no file has. */
export type Piece = { sizeBytes: number } & ({ path: string; from: number } | { bytes: Buffer })

type Track = 'video' | 'audio'

/** What is put into a segment's file, before its byte `at`. */
interface Insert {
  at: number
  bytes: Buffer
}

/** Files that are read side by side: others wait for the disk too. */
const readAtOnce = 16

/**
 * Plans the movie of those segments, `shown` of which it plays. Any number of decoder settings per track; pictures of
 * several bring theirs along in each key frame, as Chromium reads only the first of a track's sample entries. Throws
 * BrokenMedia where a file is not what the index says.
 */
export async function planMovie(dir: string, entries: readonly IndexEntry[], shown: Shown): Promise<Movie> {
  const ordered = [...entries].sort((a, b) => a.startMs - b.startMs || (a.track < b.track ? 1 : -1))
  const tracks = new Map<Track, TrackPlan>()
  const pieces: Piece[] = []
  const isMixed = new Set(entries.flatMap(({ track, initId }) => (track === 'video' ? initId : []))).size > 1
  let at = 0
  for (let done = 0; done < ordered.length; done += readAtOnce) {
    const some = ordered.slice(done, done + readAtOnce)
    const read = await Promise.all(some.map((entry) => readFragments(pathOf(dir, entry), entry.sizeBytes)))
    for (const [i, entry] of some.entries()) {
      const plan = tracks.get(entry.track) ?? new TrackPlan(dir, entry.track, shown.untilMs, isMixed)
      tracks.set(entry.track, plan)
      const inserts = await plan.add(entry, read[i]!, at)
      for (const piece of piecesOf(pathOf(dir, entry), entry.sizeBytes, inserts)) {
        pieces.push(piece)
        at += piece.sizeBytes
      }
    }
  }
  const told = (['video', 'audio'] as const).flatMap((track) => tracks.get(track)?.told() ?? [])
  const head = movieHead(told, shown, at)
  return { head, pieces, sizeBytes: head.length + at }
}

const pathOf = (dir: string, { track, seq }: IndexEntry) => join(dir, segmentName(track, seq))

function piecesOf(path: string, sizeBytes: number, inserts: readonly Insert[]): Piece[] {
  let from = 0
  const pieces = inserts.flatMap(({ at, bytes }): Piece[] => {
    const before = { path, from, sizeBytes: at - from }
    from = at
    return [before, { bytes, sizeBytes: bytes.length }]
  })
  return [...pieces, { path, from, sizeBytes: sizeBytes - from }]
}

/** Without the samples behind the last one seen before that time; some players know no end but that of the samples. */
function upTo(fragment: Fragment, untilTicks: number): Fragment {
  const { baseTicks, durations, offsets, sizes } = fragment
  let ticks = baseTicks
  let count = 0
  for (const [i, offset] of offsets.entries()) {
    if (ticks + offset < untilTicks) count = i + 1
    ticks += durations[i]!
  }
  return count === sizes.length ? fragment : { ...fragment, sizes: sizes.slice(0, count) }
}

interface Init {
  /** Number of the sample entry. */
  description: number
  timescale: number
  /** What its key frames begin with; empty where the sample entry says it for all. */
  settings: Buffer
}

class TrackPlan {
  readonly #dir: string
  readonly #kind: Track
  readonly #untilMs: number
  /** By number of the initialisation segment. */
  readonly #inits = new Map<number, Init>()
  readonly #descriptions: Buffer[] = []
  #size = { width: 0, height: 0 }
  #tables: SampleTables | null = null

  readonly #isInBand: boolean

  /** `isMixed`: the pictures are of several settings. */
  constructor(dir: string, kind: Track, untilMs: number, isMixed: boolean) {
    this.#isInBand = isMixed && kind === 'video'
    this.#dir = dir
    this.#kind = kind
    this.#untilMs = untilMs
  }

  /** Adds a segment whose file begins at `at`; returns what is to be put into it. */
  async add(entry: IndexEntry, fragments: readonly Fragment[], at: number): Promise<Insert[]> {
    const init = this.#inits.get(entry.initId) ?? (await this.#readInit(entry.initId))
    const { description, timescale, settings } = init
    const inserts: Insert[] = []
    this.#tables ??= new SampleTables(timescale)
    const untilTicks = (this.#untilMs * timescale) / 1000
    for (const whole of fragments) {
      const cut = upTo(whole, untilTicks)
      if (cut.sizes.length === 0) continue
      const { fragment, places } = withSettings(cut, settings)
      const before = inserts.length * settings.length
      this.#tables.add(fragment, { at: at + before + fragment.dataAt, timescale, description })
      for (const place of places) inserts.push({ at: place, bytes: settings })
    }
    return inserts
  }

  told(): MovieTrack[] {
    const tables = this.#tables
    if (tables === null) return []
    return [{ kind: this.#kind, tables, descriptions: this.#descriptions, ...this.#size }]
  }

  async #readInit(initId: number): Promise<Init> {
    const data = await readFile(join(this.#dir, initName(this.#kind, initId)))
    const track = findBox(data, ['moov', 'trak'])
    const mediaHeader = findBox(track, ['mdia', 'mdhd'])
    const stsd = findBox(track, ['mdia', 'minf', 'stbl', 'stsd'])
    if (stsd.readUInt32BE(4) !== 1) throw new BrokenMedia('an initialisation segment of several settings')
    if (this.#descriptions.length === 0) {
      const tkhd = findBox(track, ['tkhd'])
      const [width, height] = [tkhd.readUInt16BE(tkhd.length - 8), tkhd.readUInt16BE(tkhd.length - 4)]
      this.#size = { width, height }
    }
    const entry = stsd.subarray(8)
    this.#descriptions.push(this.#isInBand ? inBand(entry) : entry)
    const settings = this.#isInBand ? parameterSets(entry) : Buffer.alloc(0)
    const init = { description: this.#descriptions.length, timescale: mediaHeader.readUInt32BE(12), settings }
    this.#inits.set(initId, init)
    return init
  }
}
