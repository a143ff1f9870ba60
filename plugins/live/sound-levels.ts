/** Measures the loudest sample of a stream's newest audio in dBFS; null where it cannot be told. */
export type PeakMeter = (streamId: string) => Promise<number | null>

interface Level {
  peakDb: number | null
  measuredAt: number
  askedAt: number
  /** Under way. */
  running: Promise<void> | null
}

/** What was measured longer ago says nothing of now. */
const goodForMs = 30_000
const mostStreams = 1_000

/** How loud streams are, measured only for those who ask and not more often than they say. */
export class SoundLevels {
  readonly #peakOf: PeakMeter
  readonly #failed: (streamId: string, error: unknown) => void
  readonly #now: () => number
  readonly #levels = new Map<string, Level>()

  constructor(
    peakOf: PeakMeter,
    failed: (streamId: string, error: unknown) => void,
    now: () => number = Date.now,
  ) {
    this.#peakOf = peakOf
    this.#failed = failed
    this.#now = now
  }

  /** Null where nobody asked lately. */
  of(streamId: string): number | null {
    const level = this.#levels.get(streamId)
    return level && this.#now() - level.measuredAt < goodForMs ? level.peakDb : null
  }

  /** Measures where the last time is as long ago; resolves, whatever comes of it, when it is done. */
  async measure(streamId: string, everyMs: number): Promise<void> {
    const level = this.#levelOf(streamId)
    if (level.running === null && this.#now() - level.askedAt >= everyMs) {
      level.askedAt = this.#now()
      level.running = this.#measure(streamId, level)
    }
    await level.running
  }

  forget(streamId: string): void {
    this.#levels.delete(streamId)
  }

  async #measure(streamId: string, level: Level): Promise<void> {
    try {
      level.peakDb = await this.#peakOf(streamId)
      level.measuredAt = this.#now()
    } catch (error) {
      this.#failed(streamId, error)
    } finally {
      level.running = null
    }
  }

  #levelOf(streamId: string): Level {
    const known = this.#levels.get(streamId)
    if (known) return known
    // Nobody says here which streams are over.
    for (const oldest of this.#levels.keys()) {
      if (this.#levels.size < mostStreams) break
      this.#levels.delete(oldest)
    }
    const never = Number.NEGATIVE_INFINITY
    const level: Level = { peakDb: null, measuredAt: never, askedAt: never, running: null }
    this.#levels.set(streamId, level)
    return level
  }
}
