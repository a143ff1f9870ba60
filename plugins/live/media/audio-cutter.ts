import type { AacDescription } from './aac.ts'
import type { CutterOptions } from './part.ts'
import { PartGatherer } from './part-gatherer.ts'
import type { Sample } from './types.ts'

/** Publishers' millisecond times jitter; the sample count is the better clock until they part by this much. */
const MAX_DRIFT_MS = 100
/** Video cuts that may wait for sound before the sound is taken for stalled. */
const MAX_WAITING_CUTS = 2

export interface AudioCutterOptions extends CutterOptions {
  segmentMs: number
  audio: AacDescription
  /** Cut where the video is cut, not at the wanted length. */
  followsVideo: boolean
}

/** Cuts AAC frames where the video was cut, as nearly as frames allow; without video at the wanted length. */
export class AudioCutter {
  readonly #options: AudioCutterOptions
  readonly #gatherer: PartGatherer
  readonly #frameMs: number
  #cuts: number[] = []
  #nextTick: number | null = null
  /** More is to be shortened than the frames that were still here could be. */
  #isOwed = false

  constructor(options: AudioCutterOptions) {
    this.#options = options
    this.#gatherer = new PartGatherer(options, 'audio')
    this.#frameMs = this.#toMs(options.audio.frameSamples)
    options.partTarget.expect('audio', this.#frameMs)
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
    const wanted = Math.round((ms * this.#options.audio.sampleRateHz) / 1000)
    this.#nextTick ??= wanted
    const drift = wanted - this.#nextTick
    if (Math.abs(this.#toMs(drift)) > MAX_DRIFT_MS || (this.#isOwed && drift < 0)) this.#correct(drift)
    this.#closeWhereDue()
    this.#append(sample)
    // A part that ends its segment says so: players ask for no further one.
    this.#closeWhereDue()
    this.#gatherer.emitFull(this.#frameMs)
  }

  flush(): void {
    this.#close()
  }

  /** Ends the segment if the next frame belongs to another. */
  #closeWhereDue(): void {
    const { segmentMs, followsVideo, target } = this.#options
    const ms = this.#toMs(this.#nextTick!)
    while (this.#cuts.length > 0 && ms >= this.#cuts[0]! - this.#frameMs / 2) {
      this.#cuts.shift()
      this.#close()
    }
    const openMs = this.#gatherer.segmentMs
    if (openMs + this.#frameMs > target.limitMs) this.#close()
    if (!followsVideo && openMs >= segmentMs - this.#frameMs / 2) this.#close()
  }

  #append(sample: Sample): void {
    const { frameSamples: durationTicks } = this.#options.audio
    const tick = this.#nextTick!
    this.#gatherer.add({
      durationMs: this.#frameMs,
      startMs: this.#toMs(tick),
      baseTicks: tick,
      sample: { data: sample.data, durationTicks, offsetTicks: 0, isKey: true },
    })
    this.#options.target.mustHold(this.#gatherer.segmentMs)
    this.#nextTick = tick + durationTicks
  }

  /** Moves the clock: stretches or shortens frames not yet sent, or leaves a hole behind what was sent. */
  #correct(drift: number): void {
    if (drift < 0) this.#shorten(-drift)
    else this.#widen(drift)
  }

  #shorten(ticks: number): void {
    let left = ticks
    const { pending } = this.#gatherer
    for (let i = pending.length - 1; i >= 0 && left > 0; i--) {
      const cut = Math.min(left, pending[i]!.durationTicks - 1)
      pending[i]!.durationTicks -= cut
      left -= cut
    }
    this.#isOwed = left > 0
    this.#moveBy(left - ticks)
  }

  #widen(ticks: number): void {
    const { pending, isOpen, segmentMs } = this.#gatherer
    if (!isOpen || segmentMs + this.#toMs(ticks) > this.#options.target.limitMs) {
      this.#close()
      this.#nextTick = this.#nextTick! + ticks
      return
    }
    const last = pending.at(-1)
    if (last !== undefined) last.durationTicks += ticks
    this.#moveBy(ticks)
  }

  #moveBy(ticks: number): void {
    this.#nextTick = this.#nextTick! + ticks
    if (ticks !== 0) this.#gatherer.stretch(this.#toMs(ticks))
  }

  #close(): void {
    if (!this.#gatherer.isOpen) return
    this.#options.target.decide(this.#gatherer.segmentMs, this.#options.segmentMs)
    this.#gatherer.close()
  }

  #toMs(ticks: number): number {
    return (ticks * 1000) / this.#options.audio.sampleRateHz
  }
}
