import { FeedOrder } from './feed-order.ts'
import type { FeedServer } from './feed-server.ts'
import { fragment } from './fmp4.ts'
import { giveBackFrame } from './frame-memory.ts'
import { describeInit, type Measured, makeInit } from './init-info.ts'
import type { KeptHead } from './open-segments.ts'
import type { Part } from './part.ts'
import type { PartTarget } from './part-target.ts'
import type { SegmentStore } from './segment-store.ts'
import type { StoredInit } from './stream-files.ts'
import type { TargetDuration } from './target-duration.ts'
import { rounded, settledWithin } from './timing.ts'
import type { FeedMessage, IndexEntry, SegmentHead, StreamTarget } from './types.ts'

type Track = 'video' | 'audio'

/** How long a slow disk may hold back a segment from viewers. */
const MAX_DISK_WAIT_MS = 500
/** Sequence numbers of fragments grow by this from segment to segment. */
const MAX_PARTS = 128

/** One uninterrupted stretch of media on the stream's timeline. */
export interface Stretch {
  /** The discontinuity sequence. */
  number: number
  startMs: number
  /** Wall time of `startMs`. */
  startsAtMs: number
  /** Tracks of which it has a segment. */
  seen: Set<Track>
}

/** A segment of which not all parts were cut yet. */
interface OpenSegment {
  head: SegmentHead
  init: StoredInit
  isIndependent: boolean
  /** What a crash must leave of it beside its parts. */
  kept: KeptHead
  parts: Buffer[]
  measured: Measured
}

export interface PublicationOptions {
  target: StreamTarget
  feed: FeedServer
  store: SegmentStore
  targetDuration: TargetDuration
  partTarget: PartTarget
  /** Decoder settings of the track. */
  settingsOf: (track: Track) => Buffer
  /** Called after each segment that viewers know of. */
  onSegment: (stretch: Stretch) => void
}

/** Brings cut media to viewers and to the disk: parts at once, a segment once it is stored. */
export class Publication {
  readonly #options: PublicationOptions
  readonly #open = new Map<Track, OpenSegment>()
  readonly #announced = new Set<StoredInit>()
  readonly #order = new FeedOrder()
  /** What waits for the target duration, which the first segment decides. */
  #held: (() => void)[] = []
  #isAnnounced = false

  constructor(options: PublicationOptions) {
    this.#options = options
  }

  get settled(): Promise<void> {
    return this.#order.settled
  }

  /** In order with everything else that viewers hear of this stream. */
  tell(message: FeedMessage, body?: Buffer): void {
    this.#whenAnnounced(() => this.#order.push(() => this.#options.feed.publish(message, body)))
  }

  part(stretch: Stretch, part: Part): void {
    const { track, listedMs, isIndependent, endsSegment } = part
    const open = this.#open.get(track) ?? this.#begin(stretch, part)
    const { head, parts, measured } = open
    const sequence = head.seq * MAX_PARTS + parts.length + 1
    const body = fragment({ track, sequence, baseTicks: part.baseTicks }, part.samples)
    for (const { data } of part.samples) giveBackFrame(data)
    const { id: streamId } = this.#options.target
    const place = { track, part: parts.length, ...head }
    const message = { ...place, durationMs: rounded(listedMs), isIndependent, isLast: endsSegment }
    this.tell({ type: 'part', streamId, ...message }, body)
    this.#options.store.addPart(open.kept, parts.length, body)
    parts.push(body)
    measured.samples += part.samples.length
    measured.bytes += body.length
    if (endsSegment) this.endSegment(stretch, track, part.segmentMs)
  }

  endSegment(stretch: Stretch, track: Track, durationMs: number): void {
    const open = this.#open.get(track)
    if (open === undefined) return
    this.#open.delete(track)
    const { store } = this.#options
    this.#keepInit(open, durationMs)
    const { startMs } = open.head
    const atMs = wallTime(stretch, startMs)
    const entry: IndexEntry = {
      track,
      seq: store.resume.nextSeq[track]++,
      durationMs: rounded(durationMs),
      at: open.head.at,
      sizeBytes: open.measured.bytes,
      initId: open.head.initId,
      isDiscontinuity: open.kept.head.isDiscontinuity,
      isIndependent: open.isIndependent,
      run: stretch.number,
      startMs,
    }
    stretch.seen.add(track)
    store.resume.endMs = Math.max(store.resume.endMs, startMs + durationMs)
    store.resume.endsAtMs = Math.max(store.resume.endsAtMs, atMs + durationMs)
    this.#tellSegment(stretch, entry, store.addSegment(entry, open.parts))
  }

  #begin(stretch: Stretch, part: Part): OpenSegment {
    const { track, isIndependent } = part
    const init = this.#initFor(track)
    const startMs = rounded(part.startMs)
    const head = {
      seq: this.#options.store.resume.nextSeq[track],
      at: new Date(wallTime(stretch, startMs)).toISOString(),
      initId: init.initId,
      run: stretch.number,
      startMs,
    }
    const isDiscontinuity = !stretch.seen.has(track) && stretch.number > 0
    const open: OpenSegment = {
      head,
      init,
      isIndependent,
      kept: { head: { track, ...head, isDiscontinuity, isIndependent }, init },
      parts: [],
      measured: { samples: 0, bytes: 0 },
    }
    this.#open.set(track, open)
    return open
  }

  /** The disk first, so that a crash cannot give a number to two segments; but viewers do not wait for long. */
  #tellSegment(stretch: Stretch, entry: IndexEntry, written: Promise<boolean>): void {
    const { feed, target, onSegment } = this.#options
    this.#whenAnnounced(() =>
      this.#order.pushSlow(async () => {
        const isStored = (await settledWithin(written, MAX_DISK_WAIT_MS)) ?? false
        feed.publish({ type: 'segment', streamId: target.id, entry, isStored })
        onSegment(stretch)
      }),
    )
  }

  /** The track's initialisation segment, made and announced before the first part that needs it. */
  #initFor(track: Track): StoredInit {
    const { store, settingsOf } = this.#options
    const { inits } = store.meta
    const settings = settingsOf(track)
    const config = settings.toString('base64')
    const known = inits.find((init) => init.track === track && init.config === config)
    if (known !== undefined && this.#announced.has(known)) return known
    const initId = inits.filter((init) => init.track === track).length
    const init = known ?? { ...describeInit(track, settings), initId, config }
    this.#announced.add(init)
    this.#tellInit(init)
    return init
  }

  /** Its first segment tells the frame rate and the bit rate. */
  #keepInit({ init, measured }: OpenSegment, durationMs: number): void {
    const { store } = this.#options
    if (store.meta.inits.includes(init)) return
    Object.assign(
      init,
      describeInit(init.track, Buffer.from(init.config, 'base64'), { ...measured, durationMs }),
    )
    store.addInit(init, makeInit(init.track, Buffer.from(init.config, 'base64')))
    this.#tellInit(init)
  }

  #tellInit({ config, ...info }: StoredInit): void {
    const body = makeInit(info.track, Buffer.from(config, 'base64'))
    this.tell({ type: 'init', streamId: this.#options.target.id, ...info }, body)
  }

  #whenAnnounced(work: () => void): void {
    if (!this.#isAnnounced && this.#options.targetDuration.ms === null) {
      this.#held.push(work)
      return
    }
    if (!this.#isAnnounced) this.#announce(this.#options.targetDuration.ms!)
    work()
  }

  /** From the disk: viewers have its parts, which are not good any more. */
  #tellRecovered(entry: IndexEntry): void {
    const { feed, target, store } = this.#options
    const init = store.meta.inits.find(
      ({ track, initId }) => track === entry.track && initId === entry.initId,
    )
    if (init !== undefined && !this.#announced.has(init)) {
      this.#announced.add(init)
      this.#tellInit(init)
    }
    feed.publish({ type: 'segment', streamId: target.id, entry, isStored: true })
  }

  #announce(targetDurationMs: number): void {
    this.#isAnnounced = true
    const { target, partTarget, store, feed } = this.#options
    const partTargetMs = partTarget.ms
    const take = store.setTargets(targetDurationMs, partTargetMs)
    const { id: streamId, windowMs } = target
    feed.publish({ type: 'open', streamId, targetDurationMs, windowMs, partTargetMs, take })
    for (const entry of store.recovered) this.#tellRecovered(entry)
    const held = this.#held
    this.#held = []
    for (const work of held) work()
  }
}

function wallTime(stretch: Stretch, startMs: number): number {
  return stretch.startsAtMs + startMs - stretch.startMs
}
