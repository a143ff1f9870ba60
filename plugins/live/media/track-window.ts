import { countExpired } from './hot-window.ts'
import type { IndexEntry, InitInfo, SegmentHead } from './types.ts'

/** An initialisation segment in memory. */
export interface LiveInit extends InitInfo {
  body: Buffer
}

/** A part in memory. */
export interface LivePart {
  durationMs: number
  isIndependent: boolean
  body: Buffer
}

/** A whole segment, as the parts it came in; null when it was made before we listened and is on disk. */
export interface LiveSegment {
  entry: IndexEntry
  parts: readonly LivePart[] | null
}

/** A segment whose parts still come. */
export interface UnfinishedSegment {
  head: SegmentHead
  parts: LivePart[]
  /** All parts came, the entry did not yet: the last one is listed together with the segment. */
  isComplete: boolean
}

/** Where a playlist ends: the last part, or the last segment where `part` is null. */
export interface LastPlace {
  seq: number
  part: number | null
}

/** What comes with a part beside its place in the segment. */
export interface ArrivedPart extends LivePart {
  part: number
  isLast: boolean
  head: SegmentHead
}

/** The hot window of one track: segments whose numbers follow each other without gaps, and what comes behind them. */
export class TrackWindow {
  readonly inits = new Map<number, LiveInit>()
  segments: LiveSegment[] = []
  unfinished: UnfinishedSegment | null = null
  /** Grows with everything that playlists list. */
  version = 0
  /** Nothing more comes until it is opened again; only renditions close. */
  isClosed = false

  /** One look-up by position; undefined when the segment left or never was. */
  segment(seq: number): LiveSegment | undefined {
    const first = this.segments[0]
    return first === undefined ? undefined : this.segments[seq - first.entry.seq]
  }

  /** Number of the newest whole segment, -1 without one. */
  get lastSeq(): number {
    return this.segments.at(-1)?.entry.seq ?? -1
  }

  /** How many parts of the unfinished segment playlists list. */
  get listedParts(): number {
    if (this.unfinished === null) return 0
    const { parts, isComplete } = this.unfinished
    return isComplete ? parts.length - 1 : parts.length
  }

  /** Null when there is nothing. */
  get last(): LastPlace | null {
    const { listedParts } = this
    if (listedParts > 0) return { seq: this.unfinished!.head.seq, part: listedParts - 1 }
    const segment = this.segments.at(-1)
    if (segment === undefined) return null
    return { seq: segment.entry.seq, part: segment.parts && segment.parts.length - 1 }
  }

  /** The part that will be listed next. */
  get next(): { seq: number; part: number } {
    return { seq: this.unfinished?.head.seq ?? this.lastSeq + 1, part: this.listedParts }
  }

  /** Parts of a segment that is known with them; undefined otherwise. */
  partsOf(seq: number): readonly LivePart[] | undefined {
    if (this.unfinished?.head.seq === seq) return this.unfinished.parts
    return this.segment(seq)?.parts ?? undefined
  }

  /** Returns whether it is new; what a reconnect sends again is not. */
  addPart({ head, part, isLast, ...live }: ArrivedPart): boolean {
    if (head.seq <= this.lastSeq && this.segment(head.seq)?.entry.at === head.at) return false
    const known = this.unfinished
    const isSame = known !== null && known.head.seq === head.seq && known.head.at === head.at
    if (isSame && part < known.parts.length) return false
    if (part === 0) this.#begin(head, live, isLast)
    else if (isSame && part === known.parts.length) {
      known.parts.push(live)
      known.isComplete = isLast
    } else return false
    this.isClosed = false
    if (!isLast) this.version++
    return true
  }

  /** Returns whether something changed; what a reconnect sends again changes nothing. */
  finish(entry: IndexEntry, isStored: boolean): boolean {
    const parts = this.#partsFor(entry)
    if ((parts === null && !isStored) || this.segment(entry.seq)?.entry.at === entry.at) return false
    if (this.unfinished !== null && this.unfinished.head.seq <= entry.seq) this.unfinished = null
    this.#continueAt(entry.seq)
    this.segments = [...this.segments, { entry, parts }]
    this.isClosed = false
    this.version++
    return true
  }

  /** Forgets parts of a segment that will not be finished. */
  dropUnfinished(): void {
    if (this.unfinished === null) return
    this.unfinished = null
    this.version++
  }

  close(): void {
    this.isClosed = true
    this.dropUnfinished()
    this.version++
  }

  trim(windowMs: number, targetDurationMs: number): void {
    const entries = this.segments.map((segment) => segment.entry)
    const expired = countExpired(entries, windowMs, targetDurationMs)
    if (expired > 0) this.segments = this.segments.slice(expired)
    if (this.inits.size > 1) this.#dropUnusedInits()
  }

  #begin(head: SegmentHead, first: LivePart, isLast: boolean): void {
    this.#continueAt(head.seq)
    this.unfinished = { head, parts: [first], isComplete: isLast }
  }

  /** Numbers from there on belong to a window that was lost with the ingest process; a gap starts a new window. */
  #continueAt(seq: number): void {
    const kept = this.segments.filter((segment) => segment.entry.seq < seq)
    this.segments = kept.at(-1)?.entry.seq === seq - 1 ? kept : []
  }

  /** Null unless all of them came: some may have been missed. */
  #partsFor(entry: IndexEntry): LivePart[] | null {
    const { unfinished } = this
    if (unfinished === null || unfinished.head.seq !== entry.seq || unfinished.head.at !== entry.at)
      return null
    const size = unfinished.parts.reduce((sum, part) => sum + part.body.length, 0)
    return size === entry.sizeBytes ? unfinished.parts : null
  }

  #dropUnusedInits(): void {
    const used = new Set(this.segments.map((segment) => segment.entry.initId))
    if (this.unfinished !== null) used.add(this.unfinished.head.initId)
    const newest = Math.max(...this.inits.keys())
    for (const id of this.inits.keys()) if (id !== newest && !used.has(id)) this.inits.delete(id)
  }
}
