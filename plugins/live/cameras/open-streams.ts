import type { EndReason } from '../media/types.ts'
import type { Stream } from '../streams.ts'

/** A stream that is not ended. */
export interface Open {
  stream: Stream
  slug: string
  isConnected: boolean
  /** Set once the ingest was told to end it; `ended` is awaited. */
  ending: EndReason | null
  timer: NodeJS.Timeout | undefined
}

/** The streams that one director looks after. */
export class OpenStreams {
  readonly #open = new Map<string, Open>()

  get size(): number {
    return this.#open.size
  }

  get(streamId: string): Open | undefined {
    return this.#open.get(streamId)
  }

  all(): Open[] {
    return [...this.#open.values()]
  }

  /** What is open at a channel and goes on: one for each camera. */
  camerasOf(channelId: string): Open[] {
    return this.all().filter(
      ({ stream, ending }) => stream.channelId === channelId && !ending && !stream.stopReason,
    )
  }

  add(stream: Stream, slug: string): Open {
    const open: Open = { stream, slug, isConnected: false, ending: null, timer: undefined }
    this.#open.set(stream.id, open)
    return open
  }

  remove(streamId: string): void {
    this.#open.delete(streamId)
  }

  clear(): void {
    this.#open.clear()
  }
}
