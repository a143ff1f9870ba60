import { connect, type Socket } from 'node:net'
import { encodeFrame, FrameReader } from './feed-frame.ts'
import type { LiveWindows } from './live-windows.ts'

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5_000
const SWEEP_MS = 15_000
const READ_BYTES = 256 * 1024

/** The web side of the feed: keeps the windows filled, and comes back when the ingest process was away. */
export class FeedClient {
  readonly #socketPath: string
  readonly #windows: LiveWindows
  readonly #sweeper: NodeJS.Timeout
  /** Read into again and again: a buffer for each read would be most of the garbage of this process. */
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  #socket: Socket | null = null
  #retry: NodeJS.Timeout | undefined
  #waitMs = FIRST_WAIT_MS
  #isClosed = false

  /** Connects at once and stays connected until closed; a missing ingest process is waited for. */
  constructor(socketPath: string, windows: LiveWindows) {
    this.#socketPath = socketPath
    this.#windows = windows
    this.#sweeper = setInterval(() => windows.sweep(Date.now()), SWEEP_MS).unref()
    this.#connect()
  }

  get isConnected(): boolean {
    return this.#socket?.readyState === 'open'
  }

  /** Tells the ingest process that somebody wants to watch in that height; lost when it is away. */
  want(streamId: string, height: number): void {
    if (this.isConnected) this.#socket?.write(encodeFrame({ type: 'want', streamId, height }).head)
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#sweeper)
    clearTimeout(this.#retry)
    this.#socket?.destroy()
  }

  #connect(): void {
    const reader = new FrameReader((message, body) => this.#windows.apply(message, body))
    const onread = { buffer: this.#buffer, callback: (length: number) => read(length) }
    const socket = connect({ path: this.#socketPath, onread })
    this.#socket = socket
    const read = (length: number) => {
      try {
        reader.push(this.#buffer.subarray(0, length))
      } catch {
        // Bytes that are no frames: a fresh connection brings the window again.
        socket.destroy()
      }
      return true
    }
    socket.on('connect', () => {
      this.#waitMs = FIRST_WAIT_MS
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#reconnect())
  }

  #reconnect(): void {
    if (this.#isClosed) return
    this.#retry = setTimeout(() => this.#connect(), this.#waitMs)
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS)
  }
}
