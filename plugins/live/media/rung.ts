import { fragment } from './fmp4.ts'
import { describeInit, makeInit } from './init-info.ts'
import type { Part } from './part.ts'
import type { PartTarget } from './part-target.ts'
import type { SegmentMark, SegmentMarks } from './segment-marks.ts'
import type { TargetDuration } from './target-duration.ts'
import { rounded } from './timing.ts'
import type { FeedMessage, InitInfo, Sample, TrackConfig } from './types.ts'
import { VideoCutter } from './video-cutter.ts'

/**
 * Takes a lower rendition of the publisher's pictures, on the publisher's own clock (the `dtsMs` and `ctsMs` of its
 * samples), with key frames where the publisher's were. It may start at any time and lag by seconds. It belongs to one
 * connection of the publisher: when that is interrupted, give it what is left, close it and open another.
 */
export interface RungSink {
  /** Throws a RangeError when the settings cannot be read. */
  config(config: TrackConfig): void
  sample(sample: Sample): void
  /** No more will come. A segment that lacks its end is not kept. */
  close(): void
}

export interface RungOptions {
  streamId: string
  height: number
  marks: SegmentMarks
  segmentMs: number
  target: TargetDuration
  partTarget: PartTarget
  /** Number of the initialisation segment for these decoder settings, the same for the same settings. */
  initIdOf: (settings: Buffer) => number
  tell: (message: FeedMessage, body?: Buffer) => void
  onClose: () => void
}

/** Encoders shift pictures by less than half a frame of any usual rate. */
const TOLERANCE_MS = 8
/** How much of a run's end may lack before its last segment counts as torn. */
const MAX_LACK_MS = 500
/** Sequence numbers of fragments grow by this from segment to segment. */
const MAX_PARTS = 128

/** Cuts a rendition exactly where the source was cut; lives in memory only. */
export class Rung implements RungSink {
  readonly #options: RungOptions
  #settings: Buffer | null = null
  #init: InitInfo | null = null
  #cutter: VideoCutter | null = null
  #current: SegmentMark | null = null
  #parts = 0
  #sizeBytes = 0
  #isIndependent = false
  #isClosed = false

  constructor(options: RungOptions) {
    this.#options = options
  }

  config({ config }: TrackConfig): void {
    if (this.#isClosed || this.#settings?.equals(config)) return
    makeInit('video', config)
    // Encoders settle before the first picture; afterwards a change means another encoder.
    if (this.#settings !== null) this.#leave()
    this.#settings = Buffer.from(config)
    this.#init = null
  }

  sample(sample: Sample): void {
    if (this.#isClosed || this.#settings === null || sample.track !== 'video') return
    if (this.#current === null) this.#enter(sample)
    else this.#crossRun(sample)
    this.#cutter?.push(sample)
  }

  close(): void {
    if (this.#isClosed) return
    if (this.#isWhole()) this.#cutter?.flush()
    this.#leave()
    this.#isClosed = true
    const { tell, streamId, height, onClose } = this.#options
    tell({ type: 'rung-closed', streamId, rung: height })
    onClose()
  }

  /** Starts with the first key frame that begins a segment of the source. */
  #enter(sample: Sample): void {
    const mark = sample.isKey ? this.#options.marks.at(ptsOf(sample), TOLERANCE_MS) : undefined
    if (mark !== undefined) this.#begin(mark, sample)
  }

  /** A new run has its own place on the timeline, so it gets its own cutter. */
  #crossRun(sample: Sample): void {
    const next = this.#options.marks.after(this.#current!)
    if (next === undefined || next.run === this.#current!.run || !isReached(next, sample)) return
    this.#cutter?.flush()
    this.#begin(next, sample)
  }

  #begin(mark: SegmentMark, first: Sample): void {
    this.#current = mark
    const { segmentMs, target, partTarget, marks } = this.#options
    const { shiftMs } = mark
    this.#cutter = new VideoCutter(
      {
        segmentMs,
        target,
        partTarget,
        toTimeline: (dtsMs) => dtsMs + shiftMs,
        emit: (part) => this.#emit(part),
        endSegment: (_track, durationMs) => this.#endSegment(durationMs),
        isBoundary: (sample) => {
          const next = marks.after(this.#current!)
          return next !== undefined && isReached(next, sample)
        },
        onBegin: (sample) => this.#advance(sample),
      },
      first,
    )
  }

  #advance(sample: Sample): void {
    const { marks } = this.#options
    for (let next = marks.after(this.#current!); next && isReached(next, sample); next = marks.after(next))
      this.#current = next
  }

  #emit(part: Part): void {
    const { tell, streamId, height: rung } = this.#options
    const { seq, at, run, startMs } = this.#current!
    const { initId } = this.#initFor()
    const { isIndependent, baseTicks, samples, endsSegment } = part
    if (this.#parts === 0) this.#isIndependent = isIndependent
    const sequence = seq * MAX_PARTS + this.#parts + 1
    const body = fragment({ track: 'video', sequence, baseTicks }, samples)
    const head = { seq, at, run, startMs, initId }
    const shown = { durationMs: rounded(part.listedMs), isIndependent, isLast: endsSegment }
    const place = { streamId, track: 'video', rung, part: this.#parts++ } as const
    tell({ type: 'part', ...place, ...head, ...shown }, body)
    this.#sizeBytes += body.length
    if (endsSegment) this.#endSegment(part.segmentMs)
  }

  #endSegment(durationMs: number): void {
    const { tell, streamId, height: rung } = this.#options
    const { seq, at, run, startMs, isDiscontinuity } = this.#current!
    const { initId } = this.#initFor()
    const shown = { durationMs: rounded(durationMs), sizeBytes: this.#sizeBytes }
    const flags = { isDiscontinuity, isIndependent: this.#isIndependent }
    const entry = { track: 'video', seq, at, initId, run, startMs, ...shown, ...flags } as const
    tell({ type: 'segment', streamId, rung, entry, isStored: false })
    this.#parts = 0
    this.#sizeBytes = 0
  }

  #initFor(): InitInfo {
    if (this.#init !== null) return this.#init
    const { tell, streamId, height: rung, initIdOf } = this.#options
    const init = { ...describeInit('video', this.#settings!), initId: initIdOf(this.#settings!) }
    this.#init = init
    tell({ type: 'init', streamId, rung, ...init }, makeInit('video', this.#settings!))
    return init
  }

  /** Whether the open segment has all that the source's has; only the last of a connection can tell. */
  #isWhole(): boolean {
    const { marks } = this.#options
    const endMs = marks.endMs
    return (
      this.#cutter !== null &&
      endMs !== null &&
      marks.after(this.#current!) === undefined &&
      endMs - this.#cutter.newestMs <= MAX_LACK_MS
    )
  }

  #leave(): void {
    this.#cutter = null
    this.#current = null
    this.#parts = 0
    this.#sizeBytes = 0
  }
}

function ptsOf(sample: Sample): number {
  return sample.dtsMs + sample.ctsMs
}

function isReached(mark: SegmentMark, sample: Sample): boolean {
  return ptsOf(sample) >= mark.ptsMs - TOLERANCE_MS
}
