import type { Tap } from '../ingest/tap.ts'
import type { Sample, SentOn, TrackConfig } from '../media/types.ts'
import type { Listening, Source } from './source.ts'
import { Timeline } from './timeline.ts'

type Wanted = Pick<SentOn, 'picture' | 'sound' | 'soundOffsetMs'>
/** What sound is moved by more than this is moved at once. */
const mostSlowlyMs = 100
const tracks = ['video', 'audio'] as const

/**
 * What is sent on of a channel with several cameras: one publish that follows the director. The picture changes at a key
 * frame of the new camera, and the sound with it unless it has a camera of its own; until then the old one goes on.
 */
export class Program implements Listening {
  readonly #out: Tap
  readonly #timeline = new Timeline()
  #wanted: Wanted = { picture: null, sound: null, soundOffsetMs: 0 }
  #picture: Source | null = null
  #sound: Source | null = null
  /** Decoder settings that the destinations know. */
  readonly #told = new Map<Sample['track'], TrackConfig>()

  constructor(out: Tap) {
    this.#out = out
  }

  follow({ picture, sound, soundOffsetMs }: Wanted): void {
    const movedMs = Math.abs(soundOffsetMs - this.#wanted.soundOffsetMs)
    this.#wanted = { picture, sound, soundOffsetMs }
    const heard = this.#sound
    if (movedMs > mostSlowlyMs && heard !== null && heard !== this.#picture && heard.id === sound)
      this.#timeline.hear(heard, soundOffsetMs)
  }

  config(source: Source, { track }: TrackConfig): void {
    if (source === (track === 'video' ? this.#picture : this.#sound)) this.#tellConfigs()
  }

  sample(source: Source, sample: Sample): void {
    if (this.#isPictureDue(source, sample)) this.#show(source, sample)
    else if (this.#isSoundDue(source, sample)) this.#hear(source)
    if (sample.track === 'video') {
      if (source === this.#picture) this.#out.sample({ ...sample, dtsMs: this.#timeline.ofPicture(sample) })
    } else if (source === this.#sound) {
      const dtsMs = this.#timeline.ofSound(sample, this.#wanted.soundOffsetMs)
      if (dtsMs !== null) this.#out.sample({ ...sample, dtsMs })
    }
  }

  interrupt(source: Source): void {
    if (source !== this.#picture && source !== this.#sound) return
    this.#timeline.leave(source)
    if (source === this.#picture) this.#picture = null
    if (source === this.#sound) this.#sound = null
    if (this.#picture === null && this.#sound === null) this.#forgetConfigs()
  }

  #isPictureDue(source: Source, { track, isKey }: Sample): boolean {
    if (source.id !== this.#wanted.picture || source === this.#picture) return false
    return source.configs.has('video') ? track === 'video' && isKey : track === 'audio'
  }

  #isSoundDue(source: Source, { track }: Sample): boolean {
    const { picture, sound } = this.#wanted
    if (track !== 'audio' || source.id !== sound || source === this.#sound) return false
    return sound !== picture || source === this.#picture
  }

  #show(source: Source, sample: Sample): void {
    const { picture, sound } = this.#wanted
    const takesSound = sound === null || sound === picture
    this.#picture = source
    this.#timeline.showFrom(source, sample, takesSound)
    if (takesSound) this.#sound = source
    this.#tellConfigs()
  }

  #hear(source: Source): void {
    this.#sound = source
    this.#timeline.hear(source, this.#wanted.soundOffsetMs)
    this.#tellConfigs()
  }

  /** What differs from what was told; all of it anew where a track is no more. */
  #tellConfigs(): void {
    const known = { video: this.#picture?.configs.get('video'), audio: this.#sound?.configs.get('audio') }
    if (tracks.some((track) => this.#isGone(track))) this.#forgetConfigs()
    for (const track of tracks) {
      const config = known[track]
      if (config === undefined || this.#told.get(track)?.config.equals(config.config)) continue
      this.#told.set(track, config)
      this.#out.config(config)
    }
  }

  /** The one that it comes from now has none of it; one that is away may be back. */
  #isGone(track: Sample['track']): boolean {
    const source = track === 'video' ? this.#picture : this.#sound
    return source !== null && this.#told.has(track) && !source.configs.has(track)
  }

  #forgetConfigs(): void {
    this.#told.clear()
    this.#out.interrupt()
  }
}
