import type { Sample } from '../media/types.ts'
import type { Source as Camera } from './source.ts'

/** What a timeline needs of a camera: how far its clock is from ours. */
type Source = Pick<Camera, 'distanceMs'>

/** A longer time without anything is left out: the next frame comes a frame behind the last. */
const longestGapMs = 1_000
const seamMs = 40
/** Sound that overlaps what was sent by more than this is left out; less than half a frame of AAC. */
const overlapMs = 10
/** Two encoders' clocks drift apart; sound follows the picture's by so much of the time that passes. */
const followShare = 0.005

/**
 * The one clock of what is sent on, over all cameras. A camera's times are shifted by one amount as long as it is on, so
 * that its frames keep their distances; a change of camera shifts so that what was sent at the same moment, by the
 * arrival of frames, has the same time. No track ever goes back.
 */
export class Timeline {
  /** What is sent at a moment, minus that moment; of the last picture. */
  #baseMs = 0
  #picture: { source: Source; shiftMs: number } | null = null
  #sound: { source: Source; shiftMs: number; isJoining: boolean } | null = null
  #lastDtsMs = Number.NEGATIVE_INFINITY
  #lastSeenMs = Number.NEGATIVE_INFINITY
  #lastHeardMs = Number.NEGATIVE_INFINITY

  /** From this sample on the pictures are the source's; its sound too, where `takesSound`. */
  showFrom(source: Source, { dtsMs, ctsMs, track }: Sample, takesSound: boolean): void {
    this.#remember()
    let shiftMs = this.#shiftFor(source, dtsMs + ctsMs)
    if (track === 'video') {
      shiftMs = Math.max(shiftMs, this.#lastDtsMs + 1 - dtsMs, this.#lastSeenMs + 1 - dtsMs - ctsMs)
    }
    // Whole milliseconds stay whole.
    this.#picture = { source, shiftMs: Math.ceil(shiftMs) }
    if (takesSound) this.hear(source)
  }

  /** From now on the sound is the source's; `offsetMs` more than its clock says. */
  hear(source: Source, offsetMs = 0): void {
    this.#remember()
    const own = this.#picture?.source === source ? this.#picture.shiftMs : null
    const shiftMs = own ?? source.distanceMs + this.#baseMs + offsetMs
    this.#sound = { source, shiftMs, isJoining: true }
  }

  /** The publisher is gone; another one of the same stream has another clock. */
  leave(source: Source): void {
    this.#remember()
    if (this.#picture?.source === source) this.#picture = null
    if (this.#sound?.source === source) this.#sound = null
  }

  /** The time of a picture of the source that is shown. */
  ofPicture({ dtsMs, ctsMs }: Sample): number {
    const timeMs = Math.max(dtsMs + (this.#picture?.shiftMs ?? 0), this.#lastDtsMs)
    this.#lastDtsMs = timeMs
    this.#lastSeenMs = Math.max(this.#lastSeenMs, timeMs + ctsMs)
    return timeMs
  }

  /** The time of a frame of the source that is heard; null for one that was heard already from another. */
  ofSound({ dtsMs }: Sample, offsetMs: number): number | null {
    const sound = this.#sound
    if (sound === null) return null
    if (sound.source !== this.#picture?.source) this.#follow(sound, dtsMs, offsetMs)
    const timeMs = dtsMs + sound.shiftMs
    if (sound.isJoining && timeMs < this.#lastHeardMs + overlapMs) return null
    sound.isJoining = false
    this.#lastHeardMs = Math.max(timeMs, this.#lastHeardMs)
    return this.#lastHeardMs
  }

  #follow(sound: { source: Source; shiftMs: number }, dtsMs: number, offsetMs: number): void {
    this.#remember()
    const wantedMs = sound.source.distanceMs + this.#baseMs + offsetMs
    const mostMs = followShare * Math.max(0, dtsMs + sound.shiftMs - this.#lastHeardMs)
    if (Number.isFinite(mostMs))
      sound.shiftMs += Math.max(-mostMs, Math.min(mostMs, wantedMs - sound.shiftMs))
  }

  #remember(): void {
    if (this.#picture !== null) this.#baseMs = this.#picture.shiftMs - this.#picture.source.distanceMs
  }

  #shiftFor(source: Source, ptsMs: number): number {
    const shiftMs = source.distanceMs + this.#baseMs
    const lastMs = Math.max(this.#lastSeenMs, this.#lastHeardMs)
    const gapMs = ptsMs + shiftMs - lastMs
    return Number.isFinite(lastMs) && gapMs > longestGapMs ? shiftMs - gapMs + seamMs : shiftMs
  }
}
