import { VIDEO_TIMESCALE } from './fmp4.ts'
import type { CutterOptions, Part } from './part.ts'
import type { Sample } from './types.ts'

const TICKS_PER_MS = VIDEO_TIMESCALE / 1000
/** Encoders jitter ("2 s" gives 1.83): a key frame this near to the wanted length is good enough. */
const CLOSE_ENOUGH = 0.8
/** Stands in for the last frame's duration when no other frame tells one. */
const FALLBACK_FRAME_MS = 33

/**
 * Cuts H.264 samples at key frames, or between them where the target duration would be exceeded. Holds one
 * frame back, because its duration is the next frame's time.
 */
export class VideoCutter {
  readonly #options: CutterOptions
  readonly #onCut: (boundaryMs: number) => void
  /**
   * Presentation delay of the first frame. It moves into the decoding times, so that a run starts with its first
   * picture and offsets are signed: players line discontinuities up by decoding time and would show a hole.
   */
  readonly #delayMs: number
  #held: Sample | null = null
  #frameMs = FALLBACK_FRAME_MS
  #open: Part | null = null

  constructor(options: CutterOptions, first: Sample, onCut: (boundaryMs: number) => void) {
    this.#options = options
    this.#onCut = onCut
    this.#delayMs = first.ctsMs
  }

  push(sample: Sample): void {
    const held = this.#held
    if (held !== null) {
      const step = Math.max(0, sample.dtsMs - held.dtsMs)
      this.#place(held, step)
      if (step > 0) this.#frameMs = step
    }
    this.#held = held !== null && sample.dtsMs < held.dtsMs ? { ...sample, dtsMs: held.dtsMs } : sample
    const openMs = this.#open?.durationMs ?? 0
    if (sample.isKey && openMs >= this.#options.segmentMs * CLOSE_ENOUGH) this.#close(this.#held)
  }

  flush(): void {
    if (this.#held !== null) this.#place(this.#held, Math.min(this.#frameMs, 1000))
    this.#held = null
    this.#close(null)
  }

  #place(sample: Sample, stepMs: number): void {
    const { limitMs } = this.#options.target
    const durationMs = Math.min(stepMs, limitMs)
    if (this.#open !== null && this.#open.durationMs + durationMs > limitMs) this.#close(sample)
    this.#open ??= this.#begin(sample)
    this.#open.durationMs += durationMs
    this.#open.samples.push({
      data: sample.data,
      durationTicks: Math.round(durationMs * TICKS_PER_MS),
      offsetTicks: Math.round((sample.ctsMs - this.#delayMs) * TICKS_PER_MS),
      isKey: sample.isKey,
    })
  }

  #begin(sample: Sample): Part {
    const startMs = this.#toTimeline(sample)
    const baseTicks = Math.round(startMs * TICKS_PER_MS)
    const isIndependent = sample.isKey
    return {
      track: 'video',
      startMs,
      baseTicks,
      durationMs: 0,
      isIndependent,
      endsSegment: true,
      samples: [],
    }
  }

  #close(next: Sample | null): void {
    const part = this.#open
    if (part === null) return
    this.#open = null
    this.#options.target.decide(part.durationMs, this.#options.segmentMs)
    this.#options.emit(part)
    if (next !== null) this.#onCut(this.#toTimeline(next))
  }

  #toTimeline(sample: Sample): number {
    return this.#options.toTimeline(sample.dtsMs) + this.#delayMs
  }
}
