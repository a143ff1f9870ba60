import type { CodedSample } from './fmp4.ts'
import type { CutterOptions, Part } from './part.ts'
import { LEAST_SHARE } from './part-target.ts'

/** A part this short is never whole, and its frames do not yet tell the frame rate. */
const SHORTEST_PART_MS = 250
/** Sums of milliseconds are not exact. */
const EPSILON_MS = 0.001

/** A sample with its place. */
export interface Placed {
  sample: CodedSample
  durationMs: number
  /** When it is seen or heard, on the stream's timeline. */
  startMs: number
  baseTicks: number
}

/**
 * The open segment of one track: gathers samples into parts and hands each over as soon as another sample would not
 * fit it. Where frames are missing, no cut between samples keeps to the rules for parts: what a part lasts longer than
 * the target then counts for the parts that follow in its segment, so that playlists keep to them.
 */
export class PartGatherer {
  readonly #options: CutterOptions
  readonly #track: 'video' | 'audio'
  #part: Part | null = null
  #isOpen = false
  #segmentMs = 0
  /** Media of earlier parts that their listed durations did not cover. */
  #aheadMs = 0

  constructor(options: CutterOptions, track: 'video' | 'audio') {
    this.#options = options
    this.#track = track
  }

  /** What the open segment lasts so far, 0 without one. */
  get segmentMs(): number {
    return this.#segmentMs
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The samples that were not handed over yet. */
  get pending(): readonly CodedSample[] {
    return this.#part?.samples ?? []
  }

  /** Puts a sample into the open part; call `emitFull` once what follows is known. */
  add({ sample, durationMs, startMs, baseTicks }: Placed): void {
    if (this.#part !== null && this.#mustEndBefore(durationMs)) this.#emit(false)
    this.#part ??= {
      track: this.#track,
      startMs,
      baseTicks,
      durationMs: 0,
      listedMs: 0,
      segmentMs: 0,
      isIndependent: sample.isKey,
      endsSegment: false,
      samples: [],
    }
    this.#part.samples.push(sample)
    this.#isOpen = true
    this.stretch(durationMs)
  }

  /** The last sample lasts that much longer, or a hole follows it. */
  stretch(ms: number): void {
    this.#segmentMs += ms
    if (this.#part === null) this.#aheadMs += ms
    else this.#part.durationMs += ms
  }

  /** Hands the part over when the next sample, expected to be that long, would not fit. */
  emitFull(nextMs: number): void {
    if (this.#part !== null && this.#mustEndBefore(nextMs)) this.#emit(false)
  }

  /** The segment is whole. */
  close(): void {
    if (!this.#isOpen) return
    if (this.#part === null) this.#options.endSegment(this.#track, this.#segmentMs)
    else this.#emit(true)
    this.#isOpen = false
    this.#segmentMs = 0
    this.#aheadMs = 0
  }

  #mustEndBefore(nextMs: number): boolean {
    const { partTarget } = this.#options
    const { durationMs, samples } = this.#part!
    const toListMs = this.#aheadMs + durationMs
    if (toListMs < SHORTEST_PART_MS) return false
    partTarget.expect(this.#track, durationMs / samples.length)
    const targetMs = partTarget.cutMs
    if (toListMs < targetMs * LEAST_SHARE) return false
    return toListMs + nextMs > targetMs + EPSILON_MS
  }

  #emit(endsSegment: boolean): void {
    const part = this.#part!
    this.#part = null
    const toListMs = this.#aheadMs + part.durationMs
    part.listedMs = Math.min(toListMs, this.#options.partTarget.ms ?? toListMs)
    part.segmentMs = this.#segmentMs
    part.endsSegment = endsSegment
    this.#aheadMs = toListMs - part.listedMs
    this.#options.emit(part)
  }
}
