import { pictureOf } from '../cameras/angles.ts'
import type { Choice } from '../cameras/cameras.ts'
import type { Stream } from '../streams.ts'

/** Every machine looks at least this often what is to be sent on. */
export const lookEveryMs = 2_000
export const handOverMs = lookEveryMs + 500

/** What a channel has on air, at all machines. */
export interface Stage {
  onAir: readonly Stream[]
  choice?: Choice | undefined
}

/**
 * Which machine sends a channel on: the one that takes the picture the director chose, and no other, as a destination
 * has room for one publisher. Who takes over waits until the one before has looked.
 */
export class Handover {
  readonly #handOverMs: number
  #oursSince: number | null = null

  constructor(waitsMs = handOverMs) {
    this.#handOverMs = waitsMs
  }

  /** How long to wait before sending, in ms; null while that is another machine's work. */
  waitMs({ onAir, choice }: Stage, nodeId: string, now: number): number | null {
    const isElsewhere = ({ originId }: Stream) => originId !== null && originId !== nodeId
    const picture = pictureOf(onAir, choice)
    if (picture && isElsewhere(picture)) {
      this.#oursSince = null
      return null
    }
    this.#oursSince ??= onAir.some(isElsewhere) ? now : Number.NEGATIVE_INFINITY
    return Math.max(0, this.#oursSince + this.#handOverMs - now)
  }
}
