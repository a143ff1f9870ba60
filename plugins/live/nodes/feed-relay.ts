import { connect, type Socket } from 'node:net'
import { encodeFrame, type FeedFrame, FrameReader } from '../media/feed-frame.ts'
import { HotWindow } from '../media/hot-window.ts'

/** Somebody who wants one stream's frames. */
export interface FeedSink {
  write(frame: FeedFrame): void
  /** The ingest went away. */
  close(): void
}

/**
 * Takes the ingest's feed once more, only while other machines want streams of it, and gives each of them the frames of
 * one stream: the window first, then what comes.
 */
export class FeedRelay {
  readonly #socketPath: string
  readonly #windows = new Map<string, HotWindow>()
  readonly #sinks = new Map<string, Set<FeedSink>>()
  #socket: Socket | null = null

  constructor(socketPath: string) {
    this.#socketPath = socketPath
  }

  /** Returns the way to leave. */
  join(streamId: string, sink: FeedSink): () => void {
    const sinks = this.#sinks.get(streamId) ?? new Set()
    this.#sinks.set(streamId, sinks.add(sink))
    if (this.#socket) for (const frame of this.#windows.get(streamId)?.frames() ?? []) sink.write(frame)
    else this.#connect()
    return () => this.#leave(streamId, sink)
  }

  /** Somebody at another machine watches the stream in that height; lost where nobody follows it. */
  want(streamId: string, height: number): void {
    if (this.#socket?.readyState === 'open')
      this.#socket.write(encodeFrame({ type: 'want', streamId, height }).head)
  }

  async close(): Promise<void> {
    this.#socket?.destroy()
  }

  #leave(streamId: string, sink: FeedSink): void {
    const sinks = this.#sinks.get(streamId)
    sinks?.delete(sink)
    if (sinks?.size === 0) this.#sinks.delete(streamId)
    if (this.#sinks.size === 0) this.#socket?.destroy()
  }

  #connect(): void {
    const reader = new FrameReader((message, body) => {
      const { streamId } = message
      const frame = encodeFrame(message, body.length > 0 ? body : undefined)
      const window = this.#windows.get(streamId) ?? new HotWindow()
      this.#windows.set(streamId, window)
      window.take(message, frame)
      for (const sink of this.#sinks.get(streamId) ?? []) sink.write(frame)
      if (message.type === 'end') this.#windows.delete(streamId)
    })
    const socket = connect(this.#socketPath)
    this.#socket = socket
    socket.on('data', (chunk) => {
      try {
        reader.push(chunk)
      } catch {
        socket.destroy()
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#closed(socket))
  }

  #closed(socket: Socket): void {
    if (this.#socket !== socket) return
    this.#socket = null
    this.#windows.clear()
    const sinks = [...this.#sinks.values()].flatMap((each) => [...each])
    this.#sinks.clear()
    for (const sink of sinks) sink.close()
  }
}
