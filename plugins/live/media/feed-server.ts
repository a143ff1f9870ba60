import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { encodeFrame, type FeedFrame, FrameReader } from './feed-frame.ts'
import { HotWindow } from './hot-window.ts'
import type { FeedMessage, ToFeed } from './types.ts'

/**
 * A subscriber that is this many bytes further behind than one that joins now is dropped; it reconnects and gets the
 * window.
 */
const MAX_LAG = 64 * 1024 * 1024

/** The ingest side of the feed: tells every subscribed web process what happens to every stream. */
export class FeedServer {
  /** Called when somebody wants to watch a stream in that height; again every few seconds while that is so. */
  onWant: (streamId: string, height: number) => void = () => {}
  readonly #server: Server
  readonly #subscribers = new Set<Socket>()
  readonly #windows = new Map<string, HotWindow>()

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => this.#join(socket))
  }

  /** Listens on a Unix socket (a left-over of a crashed process is replaced) or a Windows pipe. */
  static async listen(socketPath: string): Promise<FeedServer> {
    const isPipe = socketPath.startsWith('\\\\.\\pipe\\')
    if (!isPipe) await rm(socketPath, { force: true })
    const server = createServer()
    const feed = new FeedServer(server)
    server.listen(socketPath)
    await once(server, 'listening')
    if (!isPipe) await chmod(socketPath, 0o600)
    return feed
  }

  get subscriberCount(): number {
    return this.#subscribers.size
  }

  /** A subscriber's socket has not taken all that was published. */
  get hasUnsent(): boolean {
    return [...this.#subscribers].some((socket) => socket.writableLength > 0 && !socket.destroyed)
  }

  publish(message: FeedMessage, body?: Buffer): void {
    const frame = encodeFrame(message, body)
    if (message.type === 'end') this.#windows.delete(message.streamId)
    else this.#windowOf(message.streamId).take(message, frame)
    for (const socket of this.#subscribers) {
      if (socket.destroyed) continue
      send(socket, frame)
      const lag = socket.writableLength
      if (lag > MAX_LAG && lag > MAX_LAG + this.#windowBytes()) socket.destroy()
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#subscribers) socket.destroy()
    await closed
  }

  #windowOf(streamId: string): HotWindow {
    const known = this.#windows.get(streamId)
    if (known !== undefined) return known
    const created = new HotWindow()
    this.#windows.set(streamId, created)
    return created
  }

  #join(socket: Socket): void {
    this.#subscribers.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#subscribers.delete(socket))
    this.#listen(socket)
    for (const window of this.#windows.values()) for (const frame of window.frames()) send(socket, frame)
  }

  /** What a subscriber that joins now is sent. */
  #windowBytes(): number {
    const frames = [...this.#windows.values()].flatMap((window) => window.frames())
    return frames.reduce((sum, { head, body }) => sum + head.length + (body?.length ?? 0), 0)
  }

  #listen(socket: Socket): void {
    const reader = new FrameReader<ToFeed>((message) => {
      if (message.type === 'want') this.onWant(message.streamId, message.height)
    }, 0)
    socket.on('data', (chunk) => {
      try {
        reader.push(chunk)
      } catch {
        socket.destroy()
      }
    })
  }
}

/** What is sent in the same turn of the event loop leaves in one go. */
function send(socket: Socket, frame: FeedFrame): void {
  if (socket.writableCorked === 0) {
    socket.cork()
    process.nextTick(() => socket.uncork())
  }
  socket.write(frame.head)
  if (frame.body !== null) socket.write(frame.body)
}
