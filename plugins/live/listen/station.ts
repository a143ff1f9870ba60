import type { LiveWindow } from '../media/live-window.ts'
import type { FeedMessage } from '../media/types.ts'
import { type Format, formats } from './formats.ts'
import { CopyOutlet, EncodedOutlet, type Outlet, type StartEncoder, type Taker } from './outlet.ts'
import { SoundFeed } from './sound-feed.ts'

export interface StationOptions {
  /** The stream's window; another one after the stream was away for long. */
  window(): LiveWindow | undefined
  start: StartEncoder
  onTrouble(words: string): void
}

/** The sound of one stream for any number of listeners, in the formats that somebody listens to. */
export class Station {
  readonly #options: StationOptions
  readonly #feed: SoundFeed
  readonly #outlets = new Map<Format, Outlet>()

  constructor(options: StationOptions) {
    this.#options = options
    this.#feed = new SoundFeed(options.window)
  }

  join(format: Format, taker: Taker): () => void {
    return this.#outletOf(format).join(taker)
  }

  /** What is played at a place of the timeline; empty where nobody said. */
  titleAt(ms: number): string {
    return this.#options.window()?.titles.findLast(({ atMs }) => atMs <= ms)?.title ?? ''
  }

  /** A message of the feed about this stream. */
  hear(message: FeedMessage, body: Buffer): void {
    if (message.type === 'part' && message.track === 'audio') {
      const piece = this.#feed.next(body, message.initId)
      if (piece) for (const outlet of this.#outlets.values()) outlet.push(piece)
    } else if (message.type === 'end') {
      for (const outlet of this.#outlets.values()) outlet.finish()
    }
  }

  close(): void {
    for (const outlet of this.#outlets.values()) outlet.close()
  }

  #outletOf(format: Format): Outlet {
    const known = this.#outlets.get(format)
    if (known) return known
    const { start, onTrouble } = this.#options
    const recent = () => this.#feed.recent()
    const left = () => {
      if (this.#outlets.get(format) === made) this.#outlets.delete(format)
    }
    const made: Outlet = formats[format].encode
      ? new EncodedOutlet({ format, start, recent, left, onTrouble })
      : new CopyOutlet(recent())
    this.#outlets.set(format, made)
    return made
  }
}
