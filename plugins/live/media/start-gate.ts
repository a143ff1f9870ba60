import type { Sample } from './types.ts'

type Track = Sample['track']
/** How long a publisher of one track may still bring the other. */
const OTHER_TRACK_MS = 2_000
/** How long announced pictures may lack a key frame before sound starts alone. */
const KEY_FRAME_MS = 10_000
/** Half an AAC frame: sound this much before the picture is nearer to it than the next frame would be. */
const HALF_FRAME_MS = 12

/** Holds a run's first samples until it is known which tracks it has and where they start together. */
export class StartGate {
  readonly #announced = new Set<Track>()
  #held: Sample[] = []
  #firstMs: number | null = null

  /** Whether sound came, even if all of it so far lies before the picture. */
  get hasAudio(): boolean {
    return this.#has('audio')
  }

  /** The track's decoder settings came, so its samples are to be expected. */
  announce(track: Track): void {
    this.#announced.add(track)
  }

  /** Returns the samples to begin with once the run can begin; pictures without a key frame before are dropped. */
  push(sample: Sample): Sample[] | null {
    if (!this.#announced.has(sample.track)) return null
    this.#firstMs ??= sample.dtsMs
    if (sample.track === 'audio' || sample.isKey || this.#has('video')) this.#held.push(sample)
    if (this.#has('video') && this.#has('audio')) return this.take()
    const waitedMs = sample.dtsMs - this.#firstMs
    const lacksKey = this.#announced.has('video') && !this.#has('video')
    return this.#held.length > 0 && waitedMs >= (lacksKey ? KEY_FRAME_MS : OTHER_TRACK_MS)
      ? this.take()
      : null
  }

  /** What is held, now: for a publisher that leaves early. Sound that comes before the picture is dropped. */
  take(): Sample[] {
    const first = this.#held.find((sample) => sample.track === 'video')
    if (first === undefined) return this.#held
    const fromMs = first.dtsMs + first.ctsMs - HALF_FRAME_MS
    return this.#held.filter((sample) => sample.track === 'video' || sample.dtsMs >= fromMs)
  }

  #has(track: Track): boolean {
    return this.#held.some((sample) => sample.track === track)
  }
}
