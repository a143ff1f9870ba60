import type { Way } from './types.ts'

/** Where appended media goes: its own time 0 lies at `offset`, and only what is heard between `from` and `to` stays. */
export interface Window {
  mime: string
  offset: number
  from: number
  to: number
}

type ManagedSource = MediaSource & { streaming: boolean }
const { ManagedMediaSource } = globalThis as {
  ManagedMediaSource?: { new (): ManagedSource } & typeof MediaSource
}

/** iPhones have only the managed kind. */
const Source = globalThis.MediaSource ?? ManagedMediaSource

/** What may work here, the best first. */
export const allWays = (): Way[] => (Source ? ['mse', 'hls', 'progressive'] : ['hls', 'progressive'])
export const canDecode = (mime: string): boolean => Source?.isTypeSupported(mime) ?? false

/** Seconds: with nothing loaded, only a duration that is finite can be sought in (Media Source Extensions, `seekable`). */
const farAway = 1e6

/** One SourceBuffer of one element; what is asked of it happens one after the other. */
export class MediaBuffer {
  readonly #media: MediaSource
  readonly #address: string
  readonly #element: HTMLAudioElement
  #buffer: SourceBuffer | null = null
  #mime = ''
  #last: Promise<unknown>

  constructor(element: HTMLAudioElement, onStreaming: () => void) {
    this.#element = element
    this.#media = new Source()
    this.#last = happened(this.#media, 'sourceopen')
    this.#media.addEventListener('startstreaming', onStreaming)
    this.#address = URL.createObjectURL(this.#media)
    // Without it a managed source never opens: it could not follow to another device.
    element.disableRemotePlayback = true
    element.src = this.#address
  }

  /** A managed source says when it wants no more for now. */
  get isStreaming(): boolean {
    return (this.#media as ManagedSource).streaming ?? true
  }

  /** Throws QuotaExceededError when the browser keeps no more, and what it says of broken media. */
  append(bytes: ArrayBuffer, window: Window): Promise<void> {
    return this.#next(async () => {
      const buffer = this.#bufferFor(window.mime)
      buffer.timestampOffset = window.offset
      buffer.appendWindowStart = 0
      buffer.appendWindowEnd = window.to
      buffer.appendWindowStart = window.from
      await finished(buffer, () => buffer.appendBuffer(bytes))
    })
  }

  /** Forgets media between two moments. */
  remove(from: number, to: number): Promise<void> {
    return this.#next(async () => {
      const buffer = this.#buffer
      if (buffer && buffer.buffered.length > 0 && from < to)
        await finished(buffer, () => buffer.remove(from, to))
    })
  }

  /** Forgets all and goes to a moment, however far. */
  jump(to: number): Promise<void> {
    return this.#next(async () => {
      const buffer = this.#buffer
      if (buffer) {
        if (this.#media.readyState === 'open') buffer.abort()
        // This opens a source that was at its end, so that the duration may grow again.
        buffer.timestampOffset = to
        this.#media.duration = to + farAway
        if (buffer.buffered.length > 0)
          await finished(buffer, () => buffer.remove(0, Number.POSITIVE_INFINITY))
      }
      this.#element.currentTime = to
    })
  }

  /** Nothing follows: the element ends after the last sample. */
  end(): Promise<void> {
    return this.#next(async () => {
      if (this.#buffer && this.#media.readyState === 'open') this.#media.endOfStream()
    })
  }

  dispose(): void {
    URL.revokeObjectURL(this.#address)
  }

  #bufferFor(mime: string): SourceBuffer {
    if (!this.#buffer) this.#buffer = this.#media.addSourceBuffer(mime)
    else if (mime !== this.#mime) this.#buffer.changeType(mime)
    this.#mime = mime
    return this.#buffer
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }
}

const happened = (target: EventTarget, event: string) =>
  new Promise((resolve) => target.addEventListener(event, resolve, { once: true }))

function finished(buffer: SourceBuffer, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const listening = new AbortController()
    const done = (settle: () => void) => () => {
      listening.abort()
      settle()
    }
    const { signal } = listening
    buffer.addEventListener('updateend', done(resolve), { signal })
    buffer.addEventListener(
      'error',
      done(() => reject(new Error('broken media'))),
      { signal },
    )
    try {
      begin()
    } catch (error) {
      done(() => reject(error))()
    }
  })
}
