import type { Sample, StreamHealth } from '../media/types.ts'
import type { AmfObject } from './amf.ts'
import { LeastDistance } from './least-distance.ts'
import { TimeCodeClock, timeOfDay } from './time-code.ts'

/** One clock for all publishers of the process; it does not jump when somebody sets the machine's. */
export const steadyNow = (): number => performance.timeOrigin + performance.now()

/**
 * When one publisher's media was sent, on our clock. A stream's dates count from the arrival of its first sample, which
 * may have waited on its way; what waited least tells better. Presentation times are what counts: an encoder with
 * B-frames sends a frame before those that are shown earlier.
 */
export class SendClock {
  private arrivals = new LeastDistance()
  private timeCodes = new TimeCodeClock()

  sample({ track, dtsMs, ctsMs }: Pick<Sample, 'track' | 'dtsMs' | 'ctsMs'>, nowMs: number): void {
    this.arrivals.add(nowMs, nowMs - dtsMs - ctsMs)
    if (track === 'video') this.timeCodes.frame(dtsMs, ctsMs)
  }

  /** An `onFI` message at this decoding time. */
  timeCode(values: AmfObject, dtsMs: number, framesPerSecond: number): void {
    const dayMs = timeOfDay(values, framesPerSecond)
    if (dayMs !== null) this.timeCodes.heard(dayMs, dtsMs)
  }

  /** The publisher's clock jumped: what was learnt of it is void. */
  jumped(): void {
    this.arrivals = new LeastDistance()
    this.timeCodes = new TimeCodeClock()
  }

  /** What to add to the stream's dates; `zeroMs` is the date that it gives to the publisher's time 0. */
  offsets(zeroMs: number | null, nowMs: number): Pick<StreamHealth, 'clockOffsetMs' | 'timeCodeOffsetMs'> {
    const least = this.arrivals.at(nowMs)
    if (zeroMs === null || !Number.isFinite(least)) return {}
    const byArrival = least - zeroMs
    const byTimeCode = this.timeCodes.offset(zeroMs, byArrival)
    const clockOffsetMs = Math.round(byArrival)
    return byTimeCode === null
      ? { clockOffsetMs }
      : { clockOffsetMs, timeCodeOffsetMs: Math.round(byTimeCode) }
  }
}
