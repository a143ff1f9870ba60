import type { SleepTimer } from './types.ts'

interface SleepOptions {
  /** The level falls to nothing within so many seconds. */
  fade: (seconds: number) => void
  /** The level is back at once. */
  restore: () => void
  /** The end: pause. */
  done: () => void
  changed: (timer: SleepTimer | null) => void
}

/** How long the evening takes to fade; shorter where the timer is. */
export const sleepFadeSeconds = 10

/** Ends the music at a time, or at the end of the track that plays. */
export class Sleep {
  readonly #options: SleepOptions
  #timer: SleepTimer | null = null
  #isFading = false
  #alarm: ReturnType<typeof setTimeout> | undefined

  constructor(options: SleepOptions) {
    this.#options = options
  }

  get isEndOfTrack(): boolean {
    return this.#timer?.kind === 'end-of-track'
  }

  set(after: number | 'end-of-track' | null): void {
    clearTimeout(this.#alarm)
    if (this.#isFading) this.#options.restore()
    this.#isFading = false
    this.#timer =
      typeof after === 'number' ? { kind: 'at', atMs: Date.now() + after } : after && { kind: 'end-of-track' }
    this.#options.changed(this.#timer)
    this.look(null)
  }

  /** `left`: seconds until this track ends, where that matters. A machine that slept is late, never early. */
  look(left: number | null): void {
    if (!this.#timer) return
    clearTimeout(this.#alarm)
    const due = this.#timer.kind === 'at' ? (this.#timer.atMs - Date.now()) / 1000 : left
    if (due === null) return
    if (due <= 0 && this.#timer.kind === 'at') this.end()
    else this.#approach(due)
  }

  #approach(due: number): void {
    if (due <= sleepFadeSeconds && !this.#isFading) {
      this.#isFading = true
      this.#options.fade(due)
    }
    const again = due > sleepFadeSeconds ? due - sleepFadeSeconds : due
    if (this.#timer?.kind === 'at')
      this.#alarm = setTimeout(() => this.look(null), Math.min(again * 1000, 60_000))
  }

  /** It is time, or the track has ended. */
  end(): void {
    clearTimeout(this.#alarm)
    this.#timer = null
    this.#isFading = false
    this.#options.done()
    this.#options.changed(null)
    this.#options.restore()
  }

  dispose(): void {
    clearTimeout(this.#alarm)
  }
}
