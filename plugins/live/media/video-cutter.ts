import { VIDEO_TIMESCALE } from './fmp4.ts'
import type { CutterOptions } from './part.ts'
import { PartGatherer } from './part-gatherer.ts'
import type { Sample } from './types.ts'

const TICKS_PER_MS = VIDEO_TIMESCALE / 1000
/** Stands in for the last frame's duration when no other frame tells one. */
const FALLBACK_FRAME_MS = 33

export interface VideoCutterOptions extends CutterOptions {
  /** Wanted length, for a stream that has no target duration yet. */
  segmentMs: number
  /** Whether a segment begins with this sample, when the open one lasts that long and this sample `stepMs` or 0. */
  isBoundary: (sample: Sample, openMs: number, stepMs: number) => boolean
  /** A segment begins with this sample, which is seen then on the stream's timeline. */
  onBegin: (sample: Sample, startMs: number) => void
}

/** Cuts H.264 samples into segments and parts. Holds one frame back, because its duration is the next frame's time. */
export class VideoCutter {
  readonly #options: VideoCutterOptions
  readonly #gatherer: PartGatherer
  /**
   * Presentation delay of the first frame. It moves into the decoding times, so that a run starts with its first
   * picture and offsets are signed: players line discontinuities up by decoding time and would show a hole.
   */
  readonly #delayMs: number
  #held: Sample | null = null
  #frameMs = FALLBACK_FRAME_MS

  constructor(options: VideoCutterOptions, first: Sample) {
    this.#options = options
    this.#gatherer = new PartGatherer(options, 'video')
    this.#delayMs = first.ctsMs
    options.onBegin(first, this.#toTimeline(first))
  }

  /** Publisher's decoding time of the newest frame. */
  get newestMs(): number {
    return this.#held?.dtsMs ?? Number.NEGATIVE_INFINITY
  }

  push(sample: Sample): void {
    const held = this.#held
    if (held !== null) {
      const step = Math.max(0, sample.dtsMs - held.dtsMs)
      this.#place(held, step)
      if (step > 0) this.#frameMs = step
    }
    this.#held = held !== null && sample.dtsMs < held.dtsMs ? { ...sample, dtsMs: held.dtsMs } : sample
    if (!this.#gatherer.isOpen) return
    if (this.#options.isBoundary(this.#held, this.#gatherer.segmentMs, 0)) this.#close(this.#held)
    else this.#gatherer.emitFull(this.#frameMs)
  }

  flush(): void {
    if (this.#held !== null) this.#place(this.#held, Math.min(this.#frameMs, 1000))
    this.#held = null
    this.#close(null)
  }

  #place(sample: Sample, stepMs: number): void {
    const durationMs = Math.min(stepMs, this.#options.target.limitMs)
    const { segmentMs, isOpen } = this.#gatherer
    if (isOpen && this.#options.isBoundary(sample, segmentMs, durationMs)) this.#close(sample)
    const startMs = this.#toTimeline(sample)
    this.#gatherer.add({
      durationMs,
      startMs,
      baseTicks: Math.round(startMs * TICKS_PER_MS),
      sample: {
        data: sample.data,
        durationTicks: Math.round(durationMs * TICKS_PER_MS),
        offsetTicks: Math.round((sample.ctsMs - this.#delayMs) * TICKS_PER_MS),
        isKey: sample.isKey,
      },
    })
  }

  #close(next: Sample | null): void {
    if (!this.#gatherer.isOpen) return
    this.#options.target.decide(this.#gatherer.segmentMs, this.#options.segmentMs)
    this.#gatherer.close()
    if (next !== null) this.#options.onBegin(next, this.#toTimeline(next))
  }

  #toTimeline(sample: Sample): number {
    return this.#options.toTimeline(sample.dtsMs) + this.#delayMs
  }
}
