import type { FeedFrame } from './feed-frame.ts'
import type { FeedMessage, IndexEntry } from './types.ts'

/** A client must find this many target durations in a playlist (RFC 8216 6.2.2 asks for three). */
const MIN_TARGETS = 4

/** How many of a track's segments, oldest first, have left the window. */
export function countExpired(
  entries: readonly { durationMs: number }[],
  windowMs: number,
  targetDurationMs: number,
): number {
  const keepMs = Math.max(windowMs, MIN_TARGETS * targetDurationMs)
  let total = 0
  let i = entries.length
  while (i > 0 && total < keepMs) total += entries[--i]!.durationMs
  return i
}

interface HotSegment {
  entry: IndexEntry
  durationMs: number
  frames: FeedFrame[]
}

/** What a late joiner of the feed must be told about one open stream. What the disk has is not kept here. */
export class HotWindow {
  #open: { message: Extract<FeedMessage, { type: 'open' }>; frame: FeedFrame } | null = null
  readonly #inits = new Map<string, FeedFrame>()
  #segments: HotSegment[] = []
  readonly #unfinished = new Map<string, FeedFrame[]>()

  take(message: FeedMessage, frame: FeedFrame): void {
    if (message.type === 'open') this.#open = { message, frame }
    else if (message.type === 'init') this.#inits.set(`${message.track}${message.initId}`, frame)
    else if (message.type === 'part') this.#addPart(`${message.track}${message.seq}`, frame)
    else if (message.type === 'segment') this.#addSegment(message, frame)
  }

  /** The frames of the window in an order that a client can follow. */
  frames(): FeedFrame[] {
    if (this.#open === null) return []
    const finished = this.#segments.flatMap((segment) => segment.frames)
    return [this.#open.frame, ...this.#inits.values(), ...finished, ...[...this.#unfinished.values()].flat()]
  }

  #addPart(key: string, frame: FeedFrame): void {
    const parts = this.#unfinished.get(key)
    if (parts === undefined) this.#unfinished.set(key, [frame])
    else parts.push(frame)
  }

  #addSegment({ entry, isStored }: Extract<FeedMessage, { type: 'segment' }>, frame: FeedFrame): void {
    const key = `${entry.track}${entry.seq}`
    const parts = this.#unfinished.get(key) ?? []
    this.#unfinished.delete(key)
    const frames = isStored ? [frame] : [...parts, frame]
    this.#segments.push({ entry, durationMs: entry.durationMs, frames })
    this.#trim(entry.track)
  }

  #trim(track: IndexEntry['track']): void {
    if (this.#open === null) return
    const { windowMs, targetDurationMs } = this.#open.message
    const own = this.#segments.filter((segment) => segment.entry.track === track)
    const expired = new Set(own.slice(0, countExpired(own, windowMs, targetDurationMs)))
    if (expired.size === 0) return
    this.#segments = this.#segments.filter((segment) => !expired.has(segment))
    const used = new Set(this.#segments.map(({ entry }) => `${entry.track}${entry.initId}`))
    for (const key of this.#inits.keys()) {
      const isNewest = [...this.#inits.keys()].filter((other) => other[0] === key[0]).at(-1) === key
      if (!used.has(key) && !isNewest) this.#inits.delete(key)
    }
  }
}
