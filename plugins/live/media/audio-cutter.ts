import type { AacDescription } from './aac.ts'
import type { CutterOptions, Part } from './part.ts'
import type { Sample } from './types.ts'

/** Publishers' millisecond times jitter; the sample count is the better clock until they part by this much. */
const MAX_DRIFT_MS = 100
/** Video cuts that may wait for sound before the sound is taken for stalled. */
const MAX_WAITING_CUTS = 2

/** Cuts AAC frames where the video was cut, as nearly as frames allow; without video at the wanted length. */
export class AudioCutter {
  readonly #options: CutterOptions
  readonly #audio: AacDescription
  readonly #followsVideo: boolean
  readonly #frameMs: number
  #cuts: number[] = []
  #nextTick: number | null = null
  #open: Part | null = null
  #openTicks = 0

  constructor(options: CutterOptions, audio: AacDescription, followsVideo: boolean) {
    this.#options = options
    this.#audio = audio
    this.#followsVideo = followsVideo
    this.#frameMs = this.#toMs(audio.frameSamples)
  }

  /** The video was cut at this presentation time. */
  cutAt(boundaryMs: number): void {
    this.#cuts.push(boundaryMs)
    if (this.#cuts.length <= MAX_WAITING_CUTS) return
    this.#cuts.shift()
    this.#close()
  }

  push(sample: Sample): void {
    const ms = this.#options.toTimeline(sample.dtsMs)
    const wanted = Math.round((ms * this.#audio.sampleRateHz) / 1000)
    this.#nextTick ??= wanted
    const drift = wanted - this.#nextTick
    if (Math.abs(this.#toMs(drift)) > MAX_DRIFT_MS) this.#correct(drift)
    this.#closeWhereDue(this.#nextTick)
    this.#append(sample, this.#nextTick)
    const openMs = this.#toMs(this.#openTicks)
    if (!this.#followsVideo && openMs >= this.#options.segmentMs - this.#frameMs / 2) this.#close()
  }

  flush(): void {
    this.#close()
  }

  #closeWhereDue(tick: number): void {
    const ms = this.#toMs(tick)
    while (this.#cuts.length > 0 && ms >= this.#cuts[0]! - this.#frameMs / 2) {
      this.#cuts.shift()
      this.#close()
    }
    if (this.#toMs(this.#openTicks) + this.#frameMs > this.#options.target.limitMs) this.#close()
  }

  #append(sample: Sample, tick: number): void {
    this.#open ??= this.#begin(tick)
    const durationTicks = this.#audio.frameSamples
    this.#open.samples.push({ data: sample.data, durationTicks, offsetTicks: 0, isKey: true })
    this.#openTicks += durationTicks
    if (this.#options.target.ms === null) this.#options.target.mustHold(this.#toMs(this.#openTicks))
    this.#nextTick = tick + durationTicks
  }

  /** Moves the clock: stretches or shortens frames not yet sent, or leaves a hole between segments. */
  #correct(drift: number): void {
    const samples = this.#open?.samples ?? []
    if (drift < 0) {
      let left = -drift
      for (let i = samples.length - 1; i >= 0 && left > 0; i--) {
        const cut = Math.min(left, samples[i]!.durationTicks - 1)
        samples[i]!.durationTicks -= cut
        left -= cut
      }
      this.#moveBy(drift + left, drift + left)
    } else if (samples.length > 0 && this.#toMs(this.#openTicks + drift) <= this.#options.target.limitMs) {
      samples[samples.length - 1]!.durationTicks += drift
      this.#moveBy(drift, drift)
    } else {
      this.#close()
      this.#moveBy(drift, 0)
    }
  }

  #moveBy(clock: number, open: number): void {
    this.#nextTick = (this.#nextTick ?? 0) + clock
    this.#openTicks += open
  }

  #begin(tick: number): Part {
    const startMs = this.#toMs(tick)
    return {
      track: 'audio',
      startMs,
      baseTicks: tick,
      durationMs: 0,
      isIndependent: true,
      endsSegment: true,
      samples: [],
    }
  }

  #close(): void {
    const part = this.#open
    if (part === null) return
    part.durationMs = this.#toMs(this.#openTicks)
    this.#open = null
    this.#openTicks = 0
    this.#options.target.decide(part.durationMs, this.#options.segmentMs)
    this.#options.emit(part)
  }

  #toMs(ticks: number): number {
    return (ticks * 1000) / this.#audio.sampleRateHz
  }
}
