import { LeastDistance } from '../ingest/least-distance.ts'
import { steadyNow } from '../ingest/send-clock.ts'
import type { Tap } from '../ingest/tap.ts'
import type { Sample, TrackConfig } from '../media/types.ts'

/** Who is told what a camera sends, as a `Tap` is, with the camera itself. */
export interface Listening {
  config(source: Source, config: TrackConfig): void
  sample(source: Source, sample: Sample): void
  /** Called while its settings and its clock are still known. */
  interrupt(source: Source): void
}

/** One stream of a channel, as far as sending on needs to know it. */
export class Source implements Tap {
  readonly id: string
  /** Decoder settings of the publisher that is connected. */
  readonly configs = new Map<Sample['track'], TrackConfig>()
  /** Null while its channel is not sent on. */
  listening: Listening | null = null
  #arrivals = new LeastDistance()

  constructor(id: string) {
    this.id = id
  }

  /** From the publisher's clock to that of this process; Infinity before the first frame. */
  get distanceMs(): number {
    return this.#arrivals.at(steadyNow())
  }

  config(config: TrackConfig): void {
    this.configs.set(config.track, config)
    this.listening?.config(this, config)
  }

  sample(sample: Sample): void {
    if (this.listening === null) return
    const now = steadyNow()
    this.#arrivals.add(now, now - sample.dtsMs - sample.ctsMs)
    this.listening.sample(this, sample)
  }

  interrupt(): void {
    this.listening?.interrupt(this)
    this.configs.clear()
    this.#arrivals = new LeastDistance()
  }
}
