import type { Announcer } from './announcer.ts'
import type { Playable } from './types.ts'

/** A longer step between two looks is a jump or a sleeping machine, not listening. */
const longestStepMs = 3000

/** What was really heard of one start of a track: steps of the music that took the time they should. */
export class Listening {
  readonly trackId: string
  readonly durationMs: number
  #positionMs: number
  #heardMs = 0
  #musicMs = 0
  #isCounted = false

  constructor(trackId: string, durationMs: number, positionMs: number) {
    this.trackId = trackId
    this.durationMs = durationMs
    this.#positionMs = positionMs
  }

  get heardMs(): number {
    return Math.round(this.#heardMs)
  }

  get positionMs(): number {
    return Math.round(this.#positionMs)
  }

  /** After a seek the next step begins there. */
  jump(positionMs: number): void {
    this.#positionMs = positionMs
  }

  /** Looks at the needle; true the one time that this makes it a play: 30 s of listening, or half of the track. */
  look(positionMs: number, speed: number): boolean {
    const step = positionMs - this.#positionMs
    this.#positionMs = positionMs
    if (step <= 0 || step > longestStepMs * speed) return false
    this.#musicMs += step
    this.#heardMs += step / speed
    if (this.#isCounted) return false
    this.#isCounted = this.#heardMs >= 30_000 || this.#musicMs >= this.durationMs / 2
    return this.#isCounted
  }
}

/** Tells of each start of a track when it counts, and when it ends. */
export class ListeningLog {
  readonly #emit: Announcer['emit']
  #listening: Listening | null = null

  constructor(emit: Announcer['emit']) {
    this.#emit = emit
  }

  enter({ id, durationMs }: Playable, positionMs: number): void {
    this.#listening = new Listening(id, durationMs, positionMs)
  }

  jump(positionMs: number): void {
    this.#listening?.jump(positionMs)
  }

  look(positionMs: number, speed: number): void {
    const listening = this.#listening
    if (!listening?.look(positionMs, speed)) return
    this.#emit('counted', { trackId: listening.trackId, heardMs: listening.heardMs })
  }

  leave(): void {
    if (!this.#listening) return
    const { trackId, heardMs, positionMs, durationMs } = this.#listening
    this.#listening = null
    this.#emit('left', { trackId, heardMs, positionMs, durationMs })
  }
}
