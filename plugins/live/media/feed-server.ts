import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { encodeFrame, type FeedFrame, FrameReader } from './feed-frame.ts'
import { HotWindow } from './hot-window.ts'
import type { FeedMessage, ToFeed } from './types.ts'

/** Unsent bytes of live media after which a subscriber is dropped; it reconnects and gets the window. */
const MAX_LAG = 32 * 1024 * 1024

interface Subscriber {
  socket: Socket
  /** `MAX_LAG`, and until it was first drained also the window it was sent when it joined. */
  allowedBytes: number
}

/** The ingest side of the feed: tells every subscribed web process what happens to every stream. */
export class FeedServer {
  /** Called when somebody wants to watch a stream in that height; again every few seconds while that is so. */
  onWant: (streamId: string, height: number) => void = () => {}
  readonly #server: Server
  readonly #subscribers = new Set<Subscriber>()
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

  publish(message: FeedMessage, body?: Buffer): void {
    const frame = encodeFrame(message, body)
    if (message.type === 'end') this.#windows.delete(message.streamId)
    else this.#windowOf(message.streamId).take(message, frame)
    for (const subscriber of this.#subscribers) {
      send(subscriber.socket, frame)
      if (subscriber.socket.writableLength > subscriber.allowedBytes) subscriber.socket.destroy()
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const { socket } of this.#subscribers) socket.destroy()
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
    const subscriber: Subscriber = { socket, allowedBytes: MAX_LAG }
    this.#subscribers.add(subscriber)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#subscribers.delete(subscriber))
    socket.on('drain', () => {
      subscriber.allowedBytes = MAX_LAG
    })
    this.#listen(socket)
    for (const window of this.#windows.values()) for (const frame of window.frames()) send(socket, frame)
    subscriber.allowedBytes = MAX_LAG + socket.writableLength
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
