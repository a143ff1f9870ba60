import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { initName, segmentName } from '../../media/stream-files.ts'
import type { IndexEntry } from '../../media/types.ts'
import { BrokenMedia, type Fragment, findBox, readFragments } from './fragments.ts'
import { type MovieTrack, movieHead, type Shown } from './movie-head.ts'
import { SampleTables } from './tables.ts'

/**
 * One MP4 that exists only as a plan: a head made for it, then segment files as they lie on the disk. Their own heads
 * stay where they are, as bytes that the sample tables do not point to.
 */
export interface Movie {
  head: Buffer
  pieces: { path: string; sizeBytes: number }[]
  sizeBytes: number
}

type Track = 'video' | 'audio'

/** Files that are read side by side: others wait for the disk too. */
const readAtOnce = 16

/**
 * Plans the movie of those segments, `shown` of which it plays. Any number of decoder settings per track. Throws
 * BrokenMedia where a file is not what the index says.
 */
export async function planMovie(dir: string, entries: readonly IndexEntry[], shown: Shown): Promise<Movie> {
  const ordered = [...entries].sort((a, b) => a.startMs - b.startMs || (a.track < b.track ? 1 : -1))
  const tracks = new Map<Track, TrackPlan>()
  const pieces: Movie['pieces'] = []
  let at = 0
  for (let done = 0; done < ordered.length; done += readAtOnce) {
    const some = ordered.slice(done, done + readAtOnce)
    const read = await Promise.all(some.map((entry) => readFragments(pathOf(dir, entry), entry.sizeBytes)))
    for (const [i, entry] of some.entries()) {
      const plan = tracks.get(entry.track) ?? new TrackPlan(dir, entry.track, shown.untilMs)
      tracks.set(entry.track, plan)
      await plan.add(entry, read[i]!, at)
      pieces.push({ path: pathOf(dir, entry), sizeBytes: entry.sizeBytes })
      at += entry.sizeBytes
    }
  }
  const told = (['video', 'audio'] as const).flatMap((track) => tracks.get(track)?.told() ?? [])
  const head = movieHead(told, shown, at)
  return { head, pieces, sizeBytes: head.length + at }
}

const pathOf = (dir: string, { track, seq }: IndexEntry) => join(dir, segmentName(track, seq))

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

class TrackPlan {
  readonly #dir: string
  readonly #kind: Track
  readonly #untilMs: number
  /** By number of the initialisation segment. */
  readonly #inits = new Map<number, { description: number; timescale: number }>()
  readonly #descriptions: Buffer[] = []
  #size = { width: 0, height: 0 }
  #tables: SampleTables | null = null

  constructor(dir: string, kind: Track, untilMs: number) {
    this.#dir = dir
    this.#kind = kind
    this.#untilMs = untilMs
  }

  async add(entry: IndexEntry, fragments: readonly Fragment[], at: number): Promise<void> {
    const { description, timescale } = this.#inits.get(entry.initId) ?? (await this.#readInit(entry.initId))
    this.#tables ??= new SampleTables(timescale)
    const untilTicks = (this.#untilMs * timescale) / 1000
    for (const whole of fragments) {
      const fragment = upTo(whole, untilTicks)
      if (fragment.sizes.length > 0)
        this.#tables.add(fragment, { at: at + fragment.dataAt, timescale, description })
    }
  }

  told(): MovieTrack[] {
    const tables = this.#tables
    if (tables === null) return []
    return [{ kind: this.#kind, tables, descriptions: this.#descriptions, ...this.#size }]
  }

  async #readInit(initId: number): Promise<{ description: number; timescale: number }> {
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
    this.#descriptions.push(stsd.subarray(8))
    const init = { description: this.#descriptions.length, timescale: mediaHeader.readUInt32BE(12) }
    this.#inits.set(initId, init)
    return init
  }
}
