import type { StreamReceiver } from '../media/types.ts'
import type { Tap } from './tap.ts'

type Sink = Pick<StreamReceiver, 'config' | 'sample' | 'pendingBytes'>

/** What a publisher's media goes to, with others that hear the same. */
export function tapped(receiver: Sink, taps: readonly Tap[]): Sink {
  return {
    get pendingBytes() {
      return receiver.pendingBytes
    },
    config: (config) => {
      receiver.config(config)
      for (const tap of taps) tap.config(config)
    },
    sample: (sample) => {
      receiver.sample(sample)
      for (const tap of taps) tap.sample(sample)
    },
  }
}
