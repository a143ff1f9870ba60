import type { FeedFrame } from './feed-frame.ts'
import type { FeedMessage, IndexEntry } from './types.ts'

/** A client must find this many target durations in a playlist (RFC 8216 6.2.2 asks for three). */
const MIN_TARGETS = 4
/** The last song titles, for listeners who join late. */
const KEPT_TITLES = 20

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
  rendition: string
  durationMs: number
  frames: FeedFrame[]
}

/** Begins the key of everything that belongs to one rendition. */
function renditionOf({ track, rung }: { track: 'video' | 'audio'; rung?: number | undefined }): string {
  return `${track}${rung ?? ''}:`
}

/** What a late joiner of the feed must be told about one open stream. What the disk has is not kept here. */
export class HotWindow {
  #open: { message: Extract<FeedMessage, { type: 'open' }>; frame: FeedFrame } | null = null
  readonly #inits = new Map<string, FeedFrame>()
  #segments: HotSegment[] = []
  readonly #unfinished = new Map<string, FeedFrame[]>()
  #titles: FeedFrame[] = []
  #offers: FeedFrame | null = null

  take(message: FeedMessage, frame: FeedFrame): void {
    if (message.type === 'open') this.#open = { message, frame }
    else if (message.type === 'init') this.#inits.set(`${renditionOf(message)}${message.initId}`, frame)
    else if (message.type === 'part')
      this.#addPart(`${renditionOf(message)}${message.seq}`, message.part, frame)
    else if (message.type === 'segment') this.#addSegment(message, frame)
    else if (message.type === 'rungs') this.#offers = frame
    else if (message.type === 'rung-closed') this.#dropRung(message.rung)
    else if (message.type === 'title') this.#titles = [...this.#titles, frame].slice(-KEPT_TITLES)
  }

  /** The frames of the window in an order that a client can follow. */
  frames(): FeedFrame[] {
    if (this.#open === null) return []
    const finished = this.#segments.flatMap((segment) => segment.frames)
    const offers = this.#offers === null ? [] : [this.#offers]
    const known = [...this.#inits.values(), ...this.#titles, ...offers]
    return [this.#open.frame, ...known, ...finished, ...[...this.#unfinished.values()].flat()]
  }

  #addPart(key: string, part: number, frame: FeedFrame): void {
    const parts = this.#unfinished.get(key)
    if (part === 0 || parts === undefined) this.#unfinished.set(key, [frame])
    else parts.push(frame)
  }

  #addSegment({ entry, rung, isStored }: Extract<FeedMessage, { type: 'segment' }>, frame: FeedFrame): void {
    const rendition = renditionOf({ track: entry.track, rung })
    const key = `${rendition}${entry.seq}`
    const parts = this.#unfinished.get(key) ?? []
    this.#unfinished.delete(key)
    const frames = isStored ? [frame] : [...parts, frame]
    this.#segments.push({ entry, rendition, durationMs: entry.durationMs, frames })
    this.#trim(rendition, rung === undefined)
  }

  /** Lower renditions are only here, so who joins late gets no more of them than it needs to start. */
  #trim(rendition: string, isSource: boolean): void {
    if (this.#open === null) return
    const { windowMs, targetDurationMs } = this.#open.message
    const own = this.#segments.filter((segment) => segment.rendition === rendition)
    const expired = new Set(own.slice(0, countExpired(own, isSource ? windowMs : 0, targetDurationMs)))
    if (expired.size === 0) return
    this.#segments = this.#segments.filter((segment) => !expired.has(segment))
    this.#dropUnusedInits(rendition)
  }

  #dropUnusedInits(rendition: string): void {
    const own = this.#segments.filter((segment) => segment.rendition === rendition)
    const used = new Set(own.map(({ entry }) => `${rendition}${entry.initId}`))
    const keys = [...this.#inits.keys()].filter((key) => key.startsWith(rendition))
    for (const key of keys.slice(0, -1)) if (!used.has(key)) this.#inits.delete(key)
  }

  #dropRung(rung: number): void {
    const rendition = renditionOf({ track: 'video', rung })
    this.#segments = this.#segments.filter((segment) => segment.rendition !== rendition)
    for (const key of this.#inits.keys()) if (key.startsWith(rendition)) this.#inits.delete(key)
    for (const key of this.#unfinished.keys()) if (key.startsWith(rendition)) this.#unfinished.delete(key)
  }
}
