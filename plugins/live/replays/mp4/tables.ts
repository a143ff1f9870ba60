import { box, fullBox, u32 } from '../../media/boxes.ts'
import { Column, Runs } from './columns.ts'
import type { Fragment } from './fragments.ts'

/** What a fragment's samples share. */
export interface FragmentPlace {
  /** Where its samples' bytes lie, counted from the beginning of all media. */
  at: number
  timescale: number
  /** Which of the track's decoder settings, from 1. */
  description: number
}

/** The sample tables of one track (ISO/IEC 14496-12 8.6 and 8.7), grown fragment by fragment in order of time. */
export class SampleTables {
  readonly timescale: number
  /** Decoding time of the first sample. */
  firstTicks = 0
  count = 0
  readonly #durations = new Runs()
  readonly #offsets = new Runs()
  readonly #sizes = new Column()
  readonly #syncs = new Column()
  readonly #chunks: { at: number; samples: number; description: number }[] = []
  #lastTicks = 0
  #lastDuration = 0

  /** Times of every fragment are told in this scale. */
  constructor(timescale: number) {
    this.timescale = timescale
  }

  /** From the first sample's decoding time to the end of the last. */
  get durationTicks(): number {
    return this.count === 0 ? 0 : this.#lastTicks + this.#lastDuration - this.firstTicks
  }

  add(fragment: Fragment, place: FragmentPlace): void {
    const scale = this.timescale / place.timescale
    let ticks = fragment.baseTicks
    for (const [i, sizeBytes] of fragment.sizes.entries()) {
      const duration = fragment.durations[i]!
      this.#addTime(Math.round(ticks * scale), Math.round(fragment.offsets[i]! * scale))
      this.#lastDuration = Math.round(duration * scale)
      this.#sizes.push(sizeBytes)
      this.count += 1
      if (fragment.isSync[i]) this.#syncs.push(this.count)
      ticks += duration
    }
    this.#chunks.push({ at: place.at, samples: fragment.sizes.length, description: place.description })
  }

  /** A sample table box; `mediaAt` is where all media begins in the file. */
  toBox(descriptions: readonly Buffer[], mediaAt: number): Buffer {
    const durations = new Runs()
    durations.push(this.#lastDuration)
    // The last sample's duration is only known to be its own now: it is told as a run of its own.
    const times = Buffer.concat([this.#durations.toBuffer(), durations.toBuffer()])
    const isAllSync = this.#syncs.length === this.count
    return box(
      'stbl',
      fullBox('stsd', 0, 0, u32(descriptions.length), ...descriptions),
      fullBox('stts', 0, 0, u32(times.length / 8), times),
      fullBox('ctts', 1, 0, u32(this.#offsets.length), this.#offsets.toBuffer()),
      ...(isAllSync ? [] : [fullBox('stss', 0, 0, u32(this.#syncs.length), this.#syncs.toBuffer())]),
      this.#chunkRuns(),
      fullBox('stsz', 0, 0, u32(0, this.count), this.#sizes.toBuffer()),
      this.#chunkOffsets(mediaAt),
    )
  }

  /** A new run may begin a little before the last one's final sample ends: decoding times never go back. */
  #addTime(wantedTicks: number, offset: number): void {
    const ticks = this.count === 0 ? wantedTicks : Math.max(wantedTicks, this.#lastTicks)
    if (this.count === 0) this.firstTicks = ticks
    else this.#durations.push(ticks - this.#lastTicks)
    this.#offsets.push(offset + wantedTicks - ticks)
    this.#lastTicks = ticks
  }

  #chunkRuns(): Buffer {
    const rows = new Column()
    let count = 0
    let last: { samples: number; description: number } | null = null
    for (const [i, chunk] of this.#chunks.entries()) {
      if (last?.samples === chunk.samples && last.description === chunk.description) continue
      last = chunk
      count += 1
      for (const value of [i + 1, chunk.samples, chunk.description]) rows.push(value)
    }
    return fullBox('stsc', 0, 0, u32(count), rows.toBuffer())
  }

  #chunkOffsets(mediaAt: number): Buffer {
    const offsets = Buffer.allocUnsafe(this.#chunks.length * 8)
    for (const [i, chunk] of this.#chunks.entries())
      offsets.writeBigUInt64BE(BigInt(mediaAt + chunk.at), i * 8)
    return fullBox('co64', 0, 0, u32(this.#chunks.length), offsets)
  }
}
