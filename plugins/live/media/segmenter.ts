import type { AacDescription } from './aac.ts'
import { AudioCutter } from './audio-cutter.ts'
import type { CutterOptions } from './part.ts'
import type { Sample } from './types.ts'
import { VideoCutter } from './video-cutter.ts'

/** Encoders jitter ("2 s" gives 1.83): a key frame this near to the wanted length is good enough. */
const CLOSE_ENOUGH = 0.8

export interface SegmenterOptions extends Omit<CutterOptions, 'toTimeline'> {
  segmentMs: number
  /** Where this run starts on the stream's timeline. */
  startMs: number
  /** Publisher's time of the first sample, which is placed at `startMs`. */
  originMs: number
  /** First video sample, null for a run of sound alone. */
  firstVideo: Sample | null
  /** Null for a run of pictures alone. */
  audio: AacDescription | null
  /** A segment of pictures begins with this sample, which is seen then on the stream's timeline. */
  onBegin?: (sample: Sample, startMs: number) => void
}

/** Cuts one uninterrupted run of samples into parts; pure, in the order the samples come. */
export class Segmenter {
  readonly #video: VideoCutter | null
  readonly #audio: AudioCutter | null

  constructor(options: SegmenterOptions) {
    const { segmentMs, target, partTarget, startMs, originMs, firstVideo, emit, endSegment } = options
    const toTimeline = (ms: number) => startMs + ms - originMs
    const shared = { segmentMs, target, partTarget, emit, endSegment, toTimeline }
    const followsVideo = firstVideo !== null
    const audio =
      options.audio === null ? null : new AudioCutter({ ...shared, audio: options.audio, followsVideo })
    this.#audio = audio
    let isFirst = true
    const onBegin = (sample: Sample, seenMs: number) => {
      if (!isFirst) audio?.cutAt(seenMs)
      isFirst = false
      options.onBegin?.(sample, seenMs)
    }
    /** Key frames, or where the target duration would be exceeded. */
    const isBoundary = (sample: Sample, openMs: number, stepMs: number) =>
      (stepMs === 0 && sample.isKey && openMs >= segmentMs * CLOSE_ENOUGH) || openMs + stepMs > target.limitMs
    this.#video = firstVideo && new VideoCutter({ ...shared, isBoundary, onBegin }, firstVideo)
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
