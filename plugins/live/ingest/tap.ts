import type { Sample, TrackConfig } from '../media/types.ts'

/** Hears what a stream's publisher sends, beside the receiver. It must not throw and not wait. */
export interface Tap {
  config(config: TrackConfig): void
  sample(sample: Sample): void
  /** The publisher is gone; another one may follow, whose clock begins anew. */
  interrupt(): void
}
