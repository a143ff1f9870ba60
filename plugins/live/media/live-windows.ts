import { countExpired } from './hot-window.ts'
import type { FeedMessage, IndexEntry, InitInfo } from './types.ts'

type Track = 'video' | 'audio'

/** An initialisation segment in memory. */
export interface LiveInit extends InitInfo {
  body: Buffer
}

/** A whole segment, as the parts it came in; null when it was made before we listened and is on disk. */
export interface LiveSegment {
  entry: IndexEntry
  parts: readonly Buffer[] | null
}

/** The hot window of one track: segments whose numbers follow each other without gaps. */
export class TrackWindow {
  readonly inits = new Map<number, LiveInit>()
  segments: LiveSegment[] = []
  readonly #unfinished = new Map<number, Buffer[]>()

  /** One look-up by position; undefined when the segment left or never was. */
  segment(seq: number): LiveSegment | undefined {
    const first = this.segments[0]
    return first === undefined ? undefined : this.segments[seq - first.entry.seq]
  }

  addPart(seq: number, part: number, body: Buffer): void {
    const parts = this.#unfinished.get(seq) ?? []
    parts[part] = body
    this.#unfinished.set(seq, parts)
  }

  /** Returns whether something changed; what a reconnect sends again changes nothing. */
  finish(entry: IndexEntry, isStored: boolean): boolean {
    const parts = this.#unfinished.get(entry.seq) ?? null
    this.#unfinished.delete(entry.seq)
    if ((parts === null && !isStored) || this.segment(entry.seq)?.entry.at === entry.at) return false
    // Numbers below belong to a window that was lost with the ingest process; a gap starts a new window.
    const kept = this.segments.filter((segment) => segment.entry.seq < entry.seq)
    const isNext = kept.at(-1)?.entry.seq === entry.seq - 1
    this.segments = [...(isNext ? kept : []), { entry, parts }]
    return true
  }

  trim(windowMs: number, targetDurationMs: number): void {
    const entries = this.segments.map((segment) => segment.entry)
    const expired = countExpired(entries, windowMs, targetDurationMs)
    if (expired > 0) this.segments = this.segments.slice(expired)
    if (this.inits.size > 1) this.#dropUnusedInits()
  }

  #dropUnusedInits(): void {
    const used = new Set(this.segments.map((segment) => segment.entry.initId))
    const newest = Math.max(...this.inits.keys())
    for (const id of this.inits.keys()) if (id !== newest && !used.has(id)) this.inits.delete(id)
  }
}

/** The hot window of one stream as the web side holds it. */
export class LiveWindow {
  readonly streamId: string
  targetDurationMs = 0
  windowMs = 0
  isEnded = false
  /** Grows with every change that a playlist shows. */
  version = 0
  changedAtMs = Date.now()
  readonly video = new TrackWindow()
  readonly audio = new TrackWindow()

  constructor(streamId: string) {
    this.streamId = streamId
  }

  get hasSegments(): boolean {
    return this.video.segments.length + this.audio.segments.length > 0
  }

  /** Returns whether a playlist must be rendered again. */
  apply(message: Exclude<FeedMessage, { type: 'end' }>, body: Buffer): boolean {
    if (message.type === 'open') {
      this.targetDurationMs = message.targetDurationMs
      this.windowMs = message.windowMs
      this.isEnded = false
    } else if (message.type === 'init') {
      const { type: _type, streamId: _streamId, ...info } = message
      this[message.track].inits.set(info.initId, { ...info, body })
    } else if (message.type === 'part') {
      this[message.track].addPart(message.seq, message.part, body)
    } else {
      return this.#finish(message.entry, message.isStored)
    }
    return false
  }

  #finish(entry: IndexEntry, isStored: boolean): boolean {
    const track: TrackWindow = this[entry.track satisfies Track]
    if (!track.finish(entry, isStored)) return false
    track.trim(this.windowMs, this.targetDurationMs)
    return true
  }
}

/** An ended stream stays in memory this long, so that players fetch what they still lack. */
const KEEP_ENDED_MS = 60_000
/** A stream that hears nothing (its ingest is gone) is left to the disk after this. */
const KEEP_SILENT_MS = 300_000

/** All streams' hot windows: a cache of what is on disk, filled by the feed. */
export class LiveWindows {
  readonly #windows = new Map<string, LiveWindow>()
  readonly #listeners = new Set<(streamId: string) => void>()

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

  /** Takes a message of the feed. */
  apply(message: FeedMessage, body: Buffer): void {
    const known = this.#windows.get(message.streamId)
    if (message.type === 'end') {
      if (known === undefined) return
      known.isEnded = true
      this.#changed(known)
      return
    }
    const window = known ?? new LiveWindow(message.streamId)
    this.#windows.set(message.streamId, window)
    if (window.apply(message, body)) this.#changed(window)
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

  #changed(window: LiveWindow): void {
    window.version++
    window.changedAtMs = Date.now()
    for (const listener of this.#listeners) listener(window.streamId)
  }
}
