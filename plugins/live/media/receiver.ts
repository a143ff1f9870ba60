import { describeAac } from './aac.ts'
import type { FeedServer } from './feed-server.ts'
import { fragment } from './fmp4.ts'
import { describeInit, makeInit } from './init-info.ts'
import type { Part } from './part.ts'
import { SegmentStore } from './segment-store.ts'
import { Segmenter } from './segmenter.ts'
import { StartGate } from './start-gate.ts'
import type { StoredInit } from './stream-files.ts'
import { TargetDuration } from './target-duration.ts'
import { rounded, settledWithin } from './timing.ts'
import type {
  IndexEntry,
  RecordingSummary,
  Sample,
  StreamReceiver,
  StreamTarget,
  TrackConfig,
} from './types.ts'

type Track = 'video' | 'audio'

/** What viewers of a stream that became playable will find. */
export interface PlayingInfo {
  hasVideo: boolean
  hasAudio: boolean
  /** The stream had media before. */
  resumed: boolean
}

/** A receiver that also tells when viewers can play and when the disk takes no more. */
export interface MediaReceiver extends StreamReceiver {
  /** Called once after each (re)connect of a publisher, when a player finds all tracks. */
  onPlaying(tell: (info: PlayingInfo) => void): void
  /** Called once: recording stopped, viewers are served from memory. */
  onDiskFull(tell: (error: Error) => void): void
}

/** Opens a stream's folder, new or to be continued, for the samples of its publisher. */
export async function createReceiver(target: StreamTarget, feed: FeedServer): Promise<MediaReceiver> {
  return new Receiver(target, feed, await SegmentStore.open(target))
}

/** How long a slow disk may hold back a segment from viewers. */
const MAX_DISK_WAIT_MS = 500

/** One uninterrupted stretch of media. */
interface Run {
  segmenter: Segmenter
  startMs: number
  startsAtMs: number
  /** Its number, once it has a segment. */
  number: number | null
  seen: Set<Track>
  /** Segments that viewers know of. */
  published: number
}

/** A segment of which not all parts were cut yet. */
interface OpenSegment {
  parts: Buffer[]
  first: Part
  durationMs: number
}

class Receiver implements MediaReceiver {
  readonly #target: StreamTarget
  readonly #feed: FeedServer
  readonly #store: SegmentStore
  readonly #targetDuration: TargetDuration
  readonly #configs = new Map<Track, Buffer>()
  readonly #open = new Map<Track, OpenSegment>()
  readonly #announced = new Set<StoredInit>()
  #gate = new StartGate()
  #gateSinceMs = 0
  #run: Run | null = null
  #wantsNewRun = false
  #hasPlayed = false
  #isOver = false
  #published: Promise<void> = Promise.resolve()
  #tellPlaying: (info: PlayingInfo) => void = () => {}
  #hadMedia: boolean

  constructor(target: StreamTarget, feed: FeedServer, store: SegmentStore) {
    this.#target = target
    this.#feed = feed
    this.#store = store
    this.#targetDuration = new TargetDuration(store.meta.targetDurationMs)
    this.#hadMedia = store.resume.run >= 0
  }

  get pendingBytes(): number {
    return this.#store.pendingBytes
  }

  onPlaying(tell: (info: PlayingInfo) => void): void {
    this.#tellPlaying = tell
  }

  onDiskFull(tell: (error: Error) => void): void {
    this.#store.onFailure = tell
  }

  /** Throws a RangeError when the settings cannot be read. */
  config({ track, config }: TrackConfig): void {
    const known = this.#configs.get(track)
    if (this.#isOver || known?.equals(config)) return
    makeInit(track, config)
    const isRunning = this.#run?.segmenter.has(track) ?? false
    if (isRunning) this.#finishRun()
    this.#configs.set(track, Buffer.from(config))
    if (known !== undefined && !isRunning) this.#renewGate()
    else this.#gate.announce(track)
  }

  sample(sample: Sample): void {
    if (this.#isOver) return
    const isKnown = this.#configs.has(sample.track)
    if (isKnown && this.#run?.segmenter.has(sample.track) === false) this.#wantsNewRun = true
    // A track that comes late joins at a key frame, behind a discontinuity in both tracks.
    if (this.#wantsNewRun && sample.isKey && sample.track === 'video') this.#finishRun()
    if (this.#run === null) this.#holdBack(sample)
    else this.#run.segmenter.push(sample)
  }

  async interrupt(): Promise<void> {
    if (this.#isOver) return
    if (this.#run === null) this.#startRun(this.#gate.take())
    this.#finishRun()
    this.#configs.clear()
    this.#renewGate()
    await this.#settled()
    // Only now: the last segments of the run that ended must not count as the first of the next.
    this.#hasPlayed = false
  }

  async end(): Promise<RecordingSummary> {
    await this.interrupt()
    this.#isOver = true
    const summary = await this.#store.end()
    this.#feed.publish({ type: 'end', streamId: this.#target.id })
    return summary
  }

  async #settled(): Promise<void> {
    await this.#published
    await this.#store.settled()
  }

  #renewGate(): void {
    this.#gate = new StartGate()
    this.#gateSinceMs = 0
    for (const track of this.#configs.keys()) this.#gate.announce(track)
  }

  #holdBack(sample: Sample): void {
    if (this.#gateSinceMs === 0) this.#gateSinceMs = Date.now()
    const begin = this.#gate.push(sample)
    if (begin !== null) this.#startRun(begin)
  }

  #startRun(samples: Sample[]): void {
    const first = samples[0]
    if (first === undefined) return
    const { resume } = this.#store
    const audioConfig = this.#gate.hasAudio ? this.#configs.get('audio') : undefined
    const firstVideo = samples.find((sample) => sample.track === 'video') ?? null
    const originMs = samples.reduce((least, sample) => Math.min(least, sample.dtsMs), first.dtsMs)
    // What is seen first of this run follows what was seen last, so that no player finds a hole between them.
    const delayMs = firstVideo === null ? 0 : firstVideo.dtsMs + firstVideo.ctsMs - originMs
    const startMs = Math.max(0, resume.endMs - delayMs)
    const segmenter = new Segmenter({
      segmentMs: this.#target.segmentMs,
      target: this.#targetDuration,
      startMs,
      originMs,
      firstVideo,
      audio: audioConfig === undefined ? null : describeAac(audioConfig),
      emit: (part) => this.#onPart(part),
    })
    const startsAtMs = Math.max(this.#gateSinceMs, resume.endsAtMs - delayMs)
    this.#run = { segmenter, startMs, startsAtMs, number: null, seen: new Set(), published: 0 }
    this.#wantsNewRun = false
    for (const sample of samples) segmenter.push(sample)
  }

  #finishRun(): void {
    this.#run?.segmenter.flush()
    this.#run = null
    this.#wantsNewRun = false
    this.#renewGate()
  }

  #onPart(part: Part): void {
    const run = this.#run
    if (run === null) return
    const streamId = this.#target.id
    const segment = this.#open.get(part.track) ?? { parts: [], first: part, durationMs: 0 }
    this.#open.set(part.track, segment)
    const init = this.#initFor(part)
    const seq = this.#store.resume.nextSeq[part.track]
    const body = fragment({ track: part.track, sequence: seq + 1, baseTicks: part.baseTicks }, part.samples)
    const { track, durationMs, isIndependent } = part
    const message = {
      type: 'part',
      streamId,
      track,
      seq,
      part: segment.parts.length,
      durationMs,
      isIndependent,
    } as const
    this.#feed.publish(message, body)
    segment.parts.push(body)
    segment.durationMs += durationMs
    if (part.endsSegment) this.#closeSegment(run, segment, init.initId)
  }

  #closeSegment(run: Run, segment: OpenSegment, initId: number): void {
    const { first, parts, durationMs } = segment
    const { track, startMs, isIndependent } = first
    const { resume } = this.#store
    this.#open.delete(track)
    const isFirstOfRun = !run.seen.has(track)
    run.number ??= ++resume.run
    run.seen.add(track)
    const atMs = run.startsAtMs + startMs - run.startMs
    const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    const entry: IndexEntry = {
      track,
      seq: resume.nextSeq[track]++,
      durationMs: rounded(durationMs),
      at: new Date(atMs).toISOString(),
      sizeBytes: body.length,
      initId,
      isDiscontinuity: isFirstOfRun && run.number > 0,
      isIndependent,
      run: run.number,
      startMs: rounded(startMs),
    }
    resume.endMs = Math.max(resume.endMs, startMs + durationMs)
    resume.endsAtMs = Math.max(resume.endsAtMs, atMs + durationMs)
    this.#publishSegment(run, entry, this.#store.addSegment(entry, body))
  }

  /** The disk first, so that a crash cannot give a number to two segments; but viewers do not wait for long. */
  #publishSegment(run: Run, entry: IndexEntry, written: Promise<boolean>): void {
    this.#published = this.#published.then(async () => {
      const isStored = (await settledWithin(written, MAX_DISK_WAIT_MS)) ?? false
      this.#feed.publish({ type: 'segment', streamId: this.#target.id, entry, isStored })
      this.#checkPlaying(run)
    })
  }

  #checkPlaying(run: Run): void {
    const hasVideo = run.segmenter.has('video')
    const hasAudio = run.segmenter.has('audio')
    run.published++
    // With two tracks the second segment is the other track's first, or that track is too late to wait for.
    if (this.#hasPlayed || (hasVideo && hasAudio && run.published < 2)) return
    this.#hasPlayed = true
    const resumed = this.#hadMedia
    this.#hadMedia = true
    this.#tellPlaying({ hasVideo, hasAudio, resumed })
  }

  /** The track's initialisation segment, made and announced before the first segment that needs it. */
  #initFor(part: Part): StoredInit {
    const { track } = part
    const { inits } = this.#store.meta
    const settings = this.#configs.get(track)!
    const config = settings.toString('base64')
    const known = inits.find((init) => init.track === track && init.config === config)
    if (known !== undefined && this.#announced.has(known)) return known
    const initId = inits.filter((init) => init.track === track).length
    const init = known ?? { ...describeInit(part, settings), initId, config }
    const body = makeInit(track, settings)
    if (this.#announced.size === 0) this.#announce()
    this.#announced.add(init)
    if (known === undefined) this.#store.addInit(init, body)
    const { config: _, ...info } = init
    this.#feed.publish({ type: 'init', streamId: this.#target.id, ...info }, body)
    return init
  }

  #announce(): void {
    const { id: streamId, windowMs } = this.#target
    const targetDurationMs = this.#targetDuration.ms!
    this.#store.setTarget(targetDurationMs)
    this.#feed.publish({ type: 'open', streamId, targetDurationMs, windowMs })
  }
}
