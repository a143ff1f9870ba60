import type { Feed, FeedFailed, Item, Place } from './feed.ts'
import type { TrackSource } from './source.ts'
import type { Playable, Sounding } from './types.ts'

const hlsMime = 'application/vnd.apple.mpegurl'

/** Fall-backs: the browser loads one address by itself, be it a playlist or a plain file. */
export class FileFeed implements Feed {
  readonly way: 'hls' | 'progressive'
  readonly #element: HTMLAudioElement
  readonly #source: TrackSource
  readonly #failed: FeedFailed
  #item: Item | null = null
  #sounding: Sounding | null = null
  #wanted = 0
  /** Where it was mended last: a second error at the same place is one of the file. */
  #mendedAt = -1
  readonly #listening = new AbortController()

  constructor(
    way: 'hls' | 'progressive',
    element: HTMLAudioElement,
    source: TrackSource,
    failed: FeedFailed,
  ) {
    this.way = way
    this.#element = element
    this.#source = source
    this.#failed = failed
    const options = { signal: this.#listening.signal }
    element.addEventListener('error', () => void this.#mend(), options)
    element.addEventListener('loadedmetadata', () => this.#arrive(), options)
  }

  start(item: Item, seconds: number): void {
    this.#item = item
    this.#mendedAt = -1
    this.#load(item.track, seconds)
  }

  follow(): void {}

  seek(seconds: number): void {
    this.#wanted = seconds
    if (this.#element.readyState > 0) this.#arrive()
  }

  place(): Place | null {
    const { currentTime, duration, buffered, readyState } = this.#element
    if (!this.#item) return null
    return {
      item: this.#item,
      seconds: readyState > 0 ? currentTime : this.#wanted,
      duration: Number.isFinite(duration) ? duration : this.#item.track.durationMs / 1000,
      bufferedTo: buffered.length > 0 ? buffered.end(buffered.length - 1) : 0,
      sounding: this.#sounding,
      isFollowed: false,
    }
  }

  refresh(): void {}

  dispose(): void {
    this.#listening.abort()
    this.#element.removeAttribute('src')
    this.#element.load()
  }

  #load(track: Playable, seconds: number): void {
    const address = this.#choose(track)
    if (!address) {
      this.#failed(this.#item!, new Error('no playable file'))
      return
    }
    this.#wanted = seconds
    this.#sounding = {
      way: this.way,
      profile: null,
      codec: address.codec,
      bitrateKbps: null,
      sampleRate: null,
    }
    const isPlaying = !this.#element.paused
    this.#element.src = address.url
    if (isPlaying) this.#element.play().catch(() => {})
  }

  #choose(track: Playable): { codec: string; url: string } | undefined {
    const canPlay = (mime: string) => this.#element.canPlayType(mime) !== ''
    if (this.way === 'hls') return canPlay(hlsMime) ? { codec: 'mp4a.40.2', url: track.hlsUrl } : undefined
    return track.progressive.find(({ mime }) => canPlay(mime))
  }

  #arrive(): void {
    if (Math.abs(this.#element.currentTime - this.#wanted) > 0.005) this.#element.currentTime = this.#wanted
  }

  /** The element does not tell why: the address may have expired, so a fresh one gets a try. */
  async #mend(): Promise<void> {
    const item = this.#item
    if (!item) return
    const at = this.#element.currentTime || this.#wanted
    try {
      const isSamePlace = this.#mendedAt >= 0 && Math.abs(at - this.#mendedAt) < 1
      if (isSamePlace) throw new Error(this.#element.error?.message ?? 'media error')
      this.#mendedAt = at
      const track = await this.#source.renew(item.track.id, this.#listening.signal)
      if (item === this.#item) this.#load(track, at)
    } catch (error) {
      if (item === this.#item && !this.#listening.signal.aborted) this.#failed(item, error)
    }
  }
}
