import type { IncomingMessage } from 'node:http'
import type { Log } from '#sdk'
import { FrameReader } from '../media/feed-frame.ts'
import type { LiveWindows } from '../media/live-windows.ts'
import { settledWithin } from '../media/timing.ts'

const firstWaitMs = 250
const longestWaitMs = 5_000
const firstWindowWithinMs = 4_000
/** Nobody asked for so long: the viewers are gone. */
const unwatchedMs = 60_000
/** Without a single frame for so long the line is dead: segments are never longer than 12 s. */
const silentMs = 30_000

/** What a remote feed needs. */
export interface RemoteFeedParts {
  open(signal: AbortSignal): Promise<IncomingMessage>
  windows: Pick<LiveWindows, 'apply' | 'remove'>
  log: Log
  /** It left: nobody watches any more, or the stream is over. */
  left(): void
}

/** One stream that comes in at another machine, followed as long as somebody here watches it. */
export class RemoteFeed {
  readonly #streamId: string
  readonly #parts: RemoteFeedParts
  readonly #stop = new AbortController()
  readonly #hasWindow: Promise<void>
  #tellWindow: () => void = () => undefined
  #watchedAt = Date.now()
  #heardAt = Date.now()
  #waitMs = firstWaitMs
  #isOver = false
  readonly #timer: NodeJS.Timeout

  constructor(streamId: string, parts: RemoteFeedParts) {
    this.#streamId = streamId
    this.#parts = parts
    this.#hasWindow = new Promise((resolve) => {
      this.#tellWindow = resolve
    })
    this.#timer = setInterval(() => this.#look(), 5_000).unref()
    void this.#run()
  }

  /** Somebody asked for the stream. */
  touch(): void {
    this.#watchedAt = Date.now()
  }

  /** Resolves when there is something to play, or after a few seconds without. */
  async ready(): Promise<void> {
    await settledWithin(this.#hasWindow, firstWindowWithinMs)
  }

  close(): void {
    if (this.#stop.signal.aborted) return
    clearInterval(this.#timer)
    this.#stop.abort()
    this.#tellWindow()
    this.#parts.left()
  }

  #look(): void {
    if (Date.now() - this.#watchedAt < unwatchedMs) return
    this.close()
    // An ended one leaves by itself, a little later; a running one would grow old here.
    if (!this.#isOver) this.#parts.windows.remove(this.#streamId)
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted && !this.#isOver) {
      try {
        await this.#follow()
      } catch (error) {
        if (this.#stop.signal.aborted) return
        this.#parts.log.debug({ err: error, streamId: this.#streamId }, 'the machine of a stream is away')
      }
      if (this.#stop.signal.aborted || this.#isOver) return
      await pause(this.#waitMs, this.#stop.signal)
      this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs)
    }
  }

  /** One connection: the window first, then what comes, until it breaks. */
  async #follow(): Promise<void> {
    const line = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, line.signal])
    const answer = await this.#parts.open(signal)
    if (answer.statusCode !== 200) {
      answer.resume()
      throw new Error(`The machine answered ${answer.statusCode}.`)
    }
    this.#heardAt = Date.now()
    const watchdog = setInterval(() => {
      if (Date.now() - this.#heardAt > silentMs) line.abort()
    }, 5_000)
    const reader = this.#reader()
    try {
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        this.#heardAt = Date.now()
        reader.push(chunk)
      }
    } finally {
      clearInterval(watchdog)
      answer.destroy()
    }
  }

  #reader(): FrameReader {
    return new FrameReader((message, body) => {
      // Whatever the other side says, it is said of this stream.
      if (message.streamId !== this.#streamId) throw new RangeError('a frame of another stream')
      this.#waitMs = firstWaitMs
      this.#parts.windows.apply(message, body)
      if (message.type === 'segment' || message.type === 'part') this.#tellWindow()
      if (message.type === 'end') this.#isOver = true
    })
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
