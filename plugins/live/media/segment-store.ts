import { close } from 'node:fs'
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openToSync, syncFolder } from './durable.ts'
import type { KeptHead } from './open-segments.ts'
import { summarise } from './recording.ts'
import { type Repaired, repairFolder } from './repair.ts'
import { isSlideDue, slideIndex } from './slide.ts'
import type { Spool } from './spool.ts'
import {
  INDEX_FILE,
  initName,
  keepMeta,
  META_FILE,
  type StoredInit,
  type StreamMeta,
  segmentName,
  writeMeta,
  writePieces,
  writeWhole,
} from './stream-files.ts'
import { type Synced, Syncer } from './syncer.ts'
import type { IndexEntry, RecordingSummary, StreamTarget } from './types.ts'

type Track = 'video' | 'audio'

/** Where a stream goes on after what its folder already holds. */
export interface ResumePoint {
  nextSeq: Record<Track, number>
  /** Number of the last run, -1 when there was none. */
  run: number
  /** Up to when the stream's timeline is seen or heard. */
  endMs: number
  /** Wall time that goes with it. */
  endsAtMs: number
}

/** What keeps the media of a stream safe beside its folder. */
export interface Safety {
  /** Without one a crash loses the segment that is open. */
  spool?: Spool | null
  /** Shared by all streams of the process; one of its own otherwise. */
  syncer?: Syncer
}

/** Of both tracks, in the time that syncing takes at most, and more. */
const mostUnsynced = 20

/** The folder of one stream, written in order: segment file, then its line of the index. */
export class SegmentStore implements Synced {
  readonly meta: StreamMeta
  readonly resume: ResumePoint
  /** Segments that a crash had left open; nobody heard of them as whole. */
  readonly recovered: readonly IndexEntry[]
  /** Bytes handed over and not yet written. */
  pendingBytes = 0
  /** Called once, when the disk took no more; from then on nothing is written. */
  onFailure: (error: Error) => void = () => {}
  readonly #dir: string
  readonly #entries: RecordingSummary & { byTrack: Record<Track, number> }
  #queue: Promise<unknown> = Promise.resolve()
  /** Kept open while segments come: opening and closing it would be a third of the work on the disk. */
  #index: FileHandle | null = null
  readonly #spool: Spool | null
  readonly #syncer: Syncer
  #hasFailed = false
  readonly #keepMs: number | null

  private constructor(
    target: StreamTarget,
    { spool, syncer }: Safety,
    { meta, entries, recovered }: Repaired & { meta: StreamMeta },
  ) {
    this.recovered = recovered
    this.#spool = spool ?? null
    this.#syncer = syncer ?? new Syncer()
    this.#dir = target.dir
    this.#keepMs = target.keepMs ?? null
    this.meta = meta
    this.resume = resumePoint(entries)
    const byTrack = { video: 0, audio: 0 }
    for (const entry of entries) byTrack[entry.track] += entry.durationMs
    this.#entries = { ...summarise(entries), byTrack }
  }

  /** Makes the folder or continues it; a stream that was ended is open again. */
  static async open(target: StreamTarget, safety: Safety = {}): Promise<SegmentStore> {
    await mkdir(target.dir, { recursive: true })
    const repaired = await repairFolder(target.dir, await readdir(target.dir))
    const fresh: StreamMeta = { targetDurationMs: null, windowMs: target.windowMs, inits: [], endedAt: null }
    const isSliding = target.keepMs !== undefined
    const windowMs = repaired.meta?.windowMs || target.windowMs
    const meta = { ...fresh, ...repaired.meta, windowMs, isSliding, endedAt: null }
    const store = new SegmentStore(target, safety, { ...repaired, meta })
    // A process that died may not have come to sync its last ones.
    for (const { track, seq } of repaired.entries.slice(-mostUnsynced))
      await store.#toSync(segmentName(track, seq))
    return store
  }

  /** What playlists promise for the whole stream; returns how many processes received it before. */
  setTargets(targetDurationMs: number, partTargetMs: number | null): number {
    const take = this.meta.takes ?? 0
    this.meta.targetDurationMs = targetDurationMs
    this.meta.partTargetMs = partTargetMs ?? this.meta.partTargetMs ?? null
    this.meta.takes = take + 1
    this.#enqueue(0, () => this.#writeMeta())
    return take
  }

  addInit(init: StoredInit, body: Buffer): void {
    this.meta.inits.push(init)
    this.#enqueue(body.length, async () => {
      const name = initName(init.track, init.initId)
      await writeWhole(this.#dir, name, body)
      await this.#toSync(name)
      await this.#writeMeta()
    })
  }

  /** A part of a segment that is not whole yet; a crash does not lose it. */
  addPart(kept: KeptHead, part: number, body: Buffer): void {
    this.#spool?.add({ dir: this.#dir, part, kept }, body)
  }

  /** Resolves with whether the segment is on disk and in the index; its parts one after the other are the file. */
  async addSegment(entry: IndexEntry, parts: readonly Buffer[]): Promise<boolean> {
    const isStored = await this.#enqueue(entry.sizeBytes, async () => {
      const file = await writePieces(this.#dir, segmentName(entry.track, entry.seq), parts)
      await this.#appendToIndex(`${JSON.stringify(entry)}\n`).catch((error: unknown) => {
        close(file, () => {})
        throw error
      })
      this.#syncer.wrote(this, file, () => this.#spool?.finish(this.#dir, entry))
      this.#entries.byTrack[entry.track] += entry.durationMs
      this.#entries.sizeBytes += entry.sizeBytes
      this.#entries.segments++
      await this.#slide()
    })
    if (!isStored) this.#spool?.finish(this.#dir, entry)
    return isStored
  }

  /** The names of the segments and the index, behind the segments themselves. */
  async sync(): Promise<void> {
    await syncFolder(this.#dir)
    await this.#index?.datasync()
  }

  /** Resolves when all that was handed over is on the disk or dropped; no file is held open then. */
  async settled(): Promise<void> {
    await this.#queue
    await this.#syncer.settle()
    const index = this.#index
    this.#index = null
    await index?.close()
  }

  /** Writes the end mark. */
  async end(): Promise<RecordingSummary> {
    this.meta.endedAt = new Date().toISOString()
    await this.settled()
    // Also after a failure: the end mark is small and the disk may have room again.
    await keepMeta(this.#dir, this.meta).catch((error: Error) => this.#fail(error))
    const { byTrack, sizeBytes, segments } = this.#entries
    return { durationMs: Math.round(Math.max(byTrack.video, byTrack.audio)), sizeBytes, segments }
  }

  /** Gives up what a channel that never ends need not keep. */
  async #slide(): Promise<void> {
    if (this.#keepMs === null || !isSlideDue(this.#entries.byTrack, this.#keepMs)) return
    const index = this.#index
    this.#index = null
    await index?.close()
    for (const entry of await slideIndex(this.#dir, this.#keepMs)) {
      this.#entries.byTrack[entry.track] -= entry.durationMs
      this.#entries.sizeBytes -= entry.sizeBytes
      this.#entries.segments--
    }
  }

  async #writeMeta(): Promise<void> {
    await writeMeta(this.#dir, this.meta)
    await this.#toSync(META_FILE)
  }

  async #toSync(name: string): Promise<void> {
    this.#syncer.wrote(this, await openToSync(join(this.#dir, name)))
  }

  async #appendToIndex(line: string): Promise<void> {
    this.#index ??= await open(join(this.#dir, INDEX_FILE), 'a')
    await this.#index.appendFile(line)
  }

  /** One after the other; resolves with whether it was done. */
  #enqueue(bytes: number, work: () => Promise<void>): Promise<boolean> {
    this.pendingBytes += bytes
    const done = this.#queue.then(async () => {
      const isDone =
        !this.#hasFailed &&
        (await work().then(
          () => true,
          (error: Error) => this.#fail(error),
        ))
      this.pendingBytes -= bytes
      return isDone
    })
    this.#queue = done
    return done
  }

  #fail(error: Error): false {
    if (!this.#hasFailed) this.onFailure(error)
    this.#hasFailed = true
    return false
  }
}

function resumePoint(entries: readonly IndexEntry[]): ResumePoint {
  const point: ResumePoint = { nextSeq: { video: 0, audio: 0 }, run: -1, endMs: 0, endsAtMs: 0 }
  for (const entry of entries) {
    point.nextSeq[entry.track] = Math.max(point.nextSeq[entry.track], entry.seq + 1)
    point.run = Math.max(point.run, entry.run)
    point.endMs = Math.max(point.endMs, entry.startMs + entry.durationMs)
    point.endsAtMs = Math.max(point.endsAtMs, Date.parse(entry.at) + entry.durationMs)
  }
  return point
}
