import type { From, LinkNews, MediaLink, Program, Rung } from './source.ts'

/** Nobody to tell: a deck that is not there yet, or not any more. */
const deaf: LinkNews = {
  trouble: () => {},
  well: () => {},
  serverTime: () => {},
  stalled: () => {},
  changed: () => {},
}

/** One media element with what it plays. It is silent and unseen until it is told otherwise. */
export class Deck {
  readonly program: Program
  readonly media: HTMLVideoElement
  /** Who hears of it; the deck that is in front talks to the player. */
  news: LinkNews = deaf
  /** Aborts when it is closed. */
  readonly stop = new AbortController()
  #link: MediaLink | null = null
  #opening: Promise<void> | null = null

  constructor(program: Program, screen: HTMLElement, role: 'front' | 'next' | 'picture') {
    this.program = program
    this.media = document.createElement('video')
    this.media.playsInline = true
    this.media.preload = role === 'front' ? 'none' : 'auto'
    this.media.muted = true
    this.media.className = role === 'front' ? '' : `is-${role}`
    // The player has names and buttons of its own.
    this.media.disableRemotePlayback = role === 'picture'
    screen.append(this.media)
  }

  get link(): MediaLink | null {
    return this.#link
  }

  /** Loads; a second call waits for the first. Fails where the player's own code could not be loaded. */
  open(from: From): Promise<void> {
    this.#opening ??= this.#load(from).catch((error: unknown) => {
      this.#opening = null
      throw error
    })
    return this.#opening
  }

  async #load(from: From): Promise<void> {
    const { openLink } = await import('./link.ts')
    if (this.stop.signal.aborted) return
    this.#link = openLink(this.media, this.program, from, {
      trouble: (trouble) => this.news.trouble(trouble),
      well: () => this.news.well(),
      serverTime: (at) => this.news.serverTime(at),
      stalled: () => this.news.stalled(),
      changed: () => this.news.changed(),
    })
  }

  momentMs(): number | null {
    // Before the first picture the position says nothing.
    return this.media.readyState >= HTMLMediaElement.HAVE_METADATA ? (this.#link?.momentMs() ?? null) : null
  }

  /** Until where it could play without loading. */
  bufferedToS(): number {
    const { buffered, currentTime } = this.media
    for (let at = 0; at < buffered.length; at += 1)
      if (buffered.start(at) <= currentTime + 0.1 && buffered.end(at) >= currentTime) return buffered.end(at)
    return currentTime
  }

  rungs(): Rung[] {
    return this.#link?.rungs() ?? []
  }

  /** Waits until it could play on from where it is; false when it is closed before. */
  ready(withinMs: number): Promise<boolean> {
    return this.#until(
      () => this.media.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !this.media.seeking,
      {
        events: ['canplay', 'seeked', 'loadeddata', 'progress'],
        withinMs,
      },
    )
  }

  #until(
    isSo: () => boolean,
    { events, withinMs }: { events: string[]; withinMs: number },
  ): Promise<boolean> {
    const { signal } = this.stop
    if (signal.aborted) return Promise.resolve(false)
    if (isSo()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const listening = new AbortController()
      const end = (answer: boolean) => {
        clearTimeout(timer)
        listening.abort()
        resolve(answer)
      }
      const timer = setTimeout(() => end(false), withinMs)
      const look = () => isSo() && end(true)
      for (const name of events) this.media.addEventListener(name, look, { signal: listening.signal })
      signal.addEventListener('abort', () => end(false), { signal: listening.signal })
    })
  }

  close(): void {
    this.stop.abort()
    this.news = deaf
    this.#link?.close()
    this.#link = null
    this.media.remove()
  }
}
