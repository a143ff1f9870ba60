import type { AmfObject } from './amf.ts'

/** Zones differ by quarters of an hour, and an encoder does not say in which one it is. */
const quarterMs = 15 * 60_000
/** A time code further off than any clock that somebody set counts from where the recording began, or from nowhere. */
const furthestMs = 10_000
const kept = 9

/**
 * The time of day in `onFI` messages in milliseconds; null without a readable one. `st` is the encoder's clock,
 * hh:mm:ss.ms, `tc` the capture device's code, hh:mm:ss:ff (Adobe, Flash Media Live Encoder help, "Using ActionScript
 * to get timecode information"). Above 30 frames a second codes count pairs of frames (SMPTE ST 12-1).
 */
export function timeOfDay({ st, tc }: AmfObject, framesPerSecond: number): number | null {
  const clock = typeof st === 'string' ? /^(\d{1,2}):(\d\d):(\d\d)(?:[.,:](\d{1,3}))?$/.exec(st.trim()) : null
  if (clock) return sinceMidnight(clock) + Number((clock[4] ?? '').padEnd(3, '0'))
  const code = typeof tc === 'string' ? /^(\d\d):(\d\d):(\d\d)[:;.](\d\d)$/.exec(tc.trim()) : null
  const rate = Math.round(framesPerSecond > 30.5 ? framesPerSecond / 2 : framesPerSecond)
  if (!code || rate < 1) return null
  return sinceMidnight(code) + Math.round((Math.min(Number(code[4]), rate) * 1000) / rate)
}

function sinceMidnight([, hours, minutes, seconds]: RegExpExecArray): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
}

/** Where the encoder's time code stands against the times of its media. */
export class TimeCodeClock {
  private readonly distances: number[] = []
  private waiting: { dayMs: number; dtsMs: number } | undefined

  /** A time code at this decoding time. */
  heard(dayMs: number, dtsMs: number): void {
    this.waiting = { dayMs, dtsMs }
  }

  /** The next frame: the code was of a frame that is shown as much later as this one. */
  frame(dtsMs: number, ctsMs: number): void {
    if (!this.waiting) return
    const { dayMs, dtsMs: codedMs } = this.waiting
    this.waiting = undefined
    const [first] = this.distances
    const distance = dayMs - codedMs - ctsMs
    this.distances.push(first === undefined ? distance : first + remainder(distance - first))
    if (this.distances.length > kept) this.distances.shift()
    // A frame long after its code is not the one that was meant.
    if (dtsMs - codedMs > 1000) this.distances.pop()
  }

  /** What to add to dates (`zeroMs`: the date at time 0) by time code; null where there is none to go by. */
  offset(zeroMs: number, byArrivalMs: number): number | null {
    const sorted = [...this.distances].sort((a, b) => a - b)
    const middle = sorted[Math.floor(sorted.length / 2)]
    if (middle === undefined) return null
    const offsetMs = remainder(middle - zeroMs)
    return Math.abs(offsetMs - byArrivalMs) > furthestMs ? null : offsetMs
  }
}

/** Without whole quarters of an hour: between half of one before and after. */
function remainder(ms: number): number {
  return ms - Math.round(ms / quarterMs) * quarterMs
}
