import { signal } from '@preact/signals'
import { keepVolume, readVolume } from './volume.ts'

/** How loud it is: the viewer's choice, applied to whichever element speaks. */
export class Voice {
  readonly volume = signal(1)
  readonly isMuted = signal(false)
  /** What the browser's autoplay rule asks the viewer to press for. */
  readonly blocked = signal<'sound' | 'play' | null>(null)
  readonly #isQuiet: boolean
  #media: HTMLVideoElement | null = null

  /** A quiet one is silent, and keeps nothing of what it is told. */
  constructor(isQuiet: boolean) {
    this.#isQuiet = isQuiet
    const kept = readVolume()
    this.volume.value = kept.volume
    this.isMuted.value = isQuiet || kept.isMuted
  }

  get isAudible(): boolean {
    return !this.isMuted.peek() && this.blocked.peek() !== 'sound'
  }

  speakBy(media: HTMLVideoElement): void {
    this.#media = media
    media.volume = this.volume.peek()
    media.muted = !this.isAudible
  }

  /** The browser refused to play with sound; false when it refuses silence, too. */
  async playSilent(media: HTMLVideoElement): Promise<boolean> {
    const wasMuted = media.muted
    media.muted = true
    try {
      await media.play()
    } catch {
      media.muted = wasMuted
      this.blocked.value = 'play'
      return false
    }
    if (!wasMuted) this.blocked.value = 'sound'
    return true
  }

  /** It plays: nothing stands in the way of that. */
  allowed(): void {
    if (this.blocked.peek() === 'play') this.blocked.value = null
  }

  setVolume(volume: number): void {
    const louder = Math.min(1, Math.max(0, volume))
    if (louder > 0) {
      this.volume.value = louder
      this.blocked.value = null
    }
    this.isMuted.value = louder === 0
    this.#apply()
  }

  /** The viewer asked for sound: their volume, at least a little of it. */
  unmute(): void {
    this.setVolume(Math.max(this.volume.peek(), 0.1))
  }

  mute(): void {
    this.isMuted.value = true
    this.#apply()
  }

  #apply(): void {
    if (this.#media) this.speakBy(this.#media)
    if (!this.#isQuiet) keepVolume({ volume: this.volume.peek(), isMuted: this.isMuted.peek() })
  }
}
