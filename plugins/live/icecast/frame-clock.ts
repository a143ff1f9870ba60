const frameSamples = 1_024

/** Tells the time by counting samples: sources send no other clock. */
export class FrameClock {
  readonly #rateHz: number
  readonly #baseMs: number
  readonly #startedAt: number
  #frames = 0

  constructor(rateHz: number, baseMs = 0, startedAt = performance.now()) {
    this.#rateHz = rateHz
    this.#baseMs = baseMs
    this.#startedAt = startedAt
  }

  get #exactMs(): number {
    return this.#baseMs + (this.#frames * frameSamples * 1000) / this.#rateHz
  }

  /** Of the next frame, in whole milliseconds that wrap at 2^32 as RTMP's. */
  get ms(): number {
    return Math.round(this.#exactMs) % 2 ** 32
  }

  /** By how much more sound came than time went by. */
  get aheadMs(): number {
    return this.#exactMs - (performance.now() - this.#startedAt)
  }

  next(): void {
    this.#frames++
  }

  /** Goes on at another sample rate. */
  at(rateHz: number): FrameClock {
    return new FrameClock(rateHz, this.#exactMs, this.#startedAt)
  }
}
