import type { AacDescription } from './aac.ts'
import { AudioCutter } from './audio-cutter.ts'
import type { Part } from './part.ts'
import type { TargetDuration } from './target-duration.ts'
import type { Sample } from './types.ts'
import { VideoCutter } from './video-cutter.ts'

export interface SegmenterOptions {
  segmentMs: number
  target: TargetDuration
  /** Where this run starts on the stream's timeline. */
  startMs: number
  /** Publisher's time of the first sample, which is placed at `startMs`. */
  originMs: number
  /** First video sample, null for a run of sound alone. */
  firstVideo: Sample | null
  /** Null for a run of pictures alone. */
  audio: AacDescription | null
  emit: (part: Part) => void
}

/** Cuts one uninterrupted run of samples into parts; pure, in the order the samples come. */
export class Segmenter {
  readonly #video: VideoCutter | null
  readonly #audio: AudioCutter | null

  constructor(options: SegmenterOptions) {
    const { segmentMs, target, startMs, originMs, emit } = options
    const shared = { segmentMs, target, emit, toTimeline: (ms: number) => startMs + ms - originMs }
    const first = options.firstVideo
    const audio = options.audio === null ? null : new AudioCutter(shared, options.audio, first !== null)
    this.#audio = audio
    this.#video = first === null ? null : new VideoCutter(shared, first, (ms) => audio?.cutAt(ms))
  }

  /** Whether the run carries the track; samples of another are ignored. */
  has(track: Sample['track']): boolean {
    return (track === 'video' ? this.#video : this.#audio) !== null
  }

  push(sample: Sample): void {
    if (sample.track === 'video') this.#video?.push(sample)
    else this.#audio?.push(sample)
  }

  /** The run is over: closes what is open. */
  flush(): void {
    this.#video?.flush()
    this.#audio?.flush()
  }
}
