import { type Change, LiveWindow } from './live-window.ts'
import type { FeedMessage } from './types.ts'

/** An ended stream stays in memory this long, so that players fetch what they still lack. */
const KEEP_ENDED_MS = 60_000
/** A stream that hears nothing (its ingest is gone) is left to the disk after this. */
const KEEP_SILENT_MS = 300_000

/** All streams' hot windows: a cache of what is on disk, filled by the feed. */
export class LiveWindows {
  readonly #windows = new Map<string, LiveWindow>()
  readonly #listeners = new Set<(streamId: string) => void>()
  readonly #partListeners = new Set<(streamId: string) => void>()
  readonly #taps = new Set<(message: FeedMessage, body: Buffer) => void>()

  find(streamId: string): LiveWindow | undefined {
    return this.#windows.get(streamId)
  }

  get streamIds(): string[] {
    return [...this.#windows.keys()]
  }

  /** Calls back after each new segment and each end; returns the way to stop that. */
  onChange(listener: (streamId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back after each new part as well. */
  onPart(listener: (streamId: string) => void): () => void {
    this.#partListeners.add(listener)
    return () => this.#partListeners.delete(listener)
  }

  /** Shows every message of the feed, after it was taken in; returns the way to stop that. */
  onMessage(listener: (message: FeedMessage, body: Buffer) => void): () => void {
    this.#taps.add(listener)
    return () => this.#taps.delete(listener)
  }

  /** Takes a message of the feed. */
  apply(message: FeedMessage, body: Buffer): void {
    this.#take(message, body)
    for (const tap of this.#taps) tap(message, body)
  }

  /** The stream is over, as is known from elsewhere. */
  end(streamId: string): void {
    if (this.#windows.get(streamId)?.isEnded === false) this.apply({ type: 'end', streamId }, Buffer.alloc(0))
  }

  #take(message: FeedMessage, body: Buffer): void {
    const known = this.#windows.get(message.streamId)
    if (message.type === 'end') {
      if (known === undefined) return
      known.isEnded = true
      this.#changed(known, 'segment')
      return
    }
    const window = known ?? new LiveWindow(message.streamId)
    this.#windows.set(message.streamId, window)
    this.#changed(window, window.apply(message, body))
  }

  /** Leaves a stream to the disk. */
  remove(streamId: string): void {
    this.#windows.delete(streamId)
  }

  /** Leaves streams to the disk that ended or fell silent; called from time to time. */
  sweep(nowMs: number): void {
    for (const window of this.#windows.values()) {
      const keepMs = window.isEnded ? KEEP_ENDED_MS : KEEP_SILENT_MS
      if (nowMs - window.changedAtMs > keepMs) this.remove(window.streamId)
    }
  }

  #changed(window: LiveWindow, change: Change): void {
    if (change === null) return
    window.changedAtMs = Date.now()
    if (change === 'segment') {
      window.version++
      for (const listener of this.#listeners) listener(window.streamId)
    }
    for (const listener of this.#partListeners) listener(window.streamId)
  }
}
