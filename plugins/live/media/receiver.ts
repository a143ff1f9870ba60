import { describeAac } from './aac.ts'
import type { FeedServer } from './feed-server.ts'
import { makeInit } from './init-info.ts'
import { PartTarget } from './part-target.ts'
import { Publication, type Stretch } from './publication.ts'
import type { RungSink } from './rung.ts'
import { Rungs } from './rungs.ts'
import { type Safety, SegmentStore } from './segment-store.ts'
import { Segmenter } from './segmenter.ts'
import { StartGate } from './start-gate.ts'
import { TargetDuration } from './target-duration.ts'
import { rounded } from './timing.ts'
import type {
  RecordingSummary,
  RungOffer,
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
  /** A song begins with what comes next: viewers hear of it. Its place on the stream's timeline, in ms. */
  title(title: string): number
  /** The date that viewers find at a time of the publisher's clock, in ms since 1970; null before the first media. */
  dateOf(timeMs: number): number | null
  /** What viewers may choose below the publisher's own pictures; none takes the offer back. */
  offerRungs(rungs: RungOffer[]): void
  /** Takes one of those in that height; ends an earlier one that is still open. */
  openRung(height: number): RungSink
}

/** Opens a stream's folder, new or to be continued, for the samples of its publisher. */
export async function createReceiver(
  target: StreamTarget,
  feed: FeedServer,
  safety: Safety = {},
): Promise<MediaReceiver> {
  return new Receiver(target, feed, await SegmentStore.open(target, safety))
}

/** Names of renditions' initialisation segments must not come again when another process goes on with a stream. */
const INITS_OF_A_TAKE = 1_000

/** One uninterrupted stretch of media, while it comes. */
interface Run extends Stretch {
  segmenter: Segmenter
  /** Publisher's time of what is at `startMs`. */
  originMs: number
  /** Segments that viewers know of. */
  published: number
}

class Receiver implements MediaReceiver {
  readonly #target: StreamTarget
  readonly #feed: FeedServer
  readonly #store: SegmentStore
  readonly #targetDuration: TargetDuration
  readonly #partTarget: PartTarget
  readonly #publication: Publication
  readonly #rungs: Rungs
  readonly #configs = new Map<Track, Buffer>()
  #gate = new StartGate()
  #gateSinceMs = 0
  #newestMs = 0
  #newestPictureMs = 0
  #run: Run | null = null
  #wantsNewRun = false
  #hasPlayed = false
  /** Tracks that viewers were told of. */
  readonly #told = new Set<Track>()
  #isOver = false
  #tellPlaying: (info: PlayingInfo) => void = () => {}
  #hadMedia: boolean

  constructor(target: StreamTarget, feed: FeedServer, store: SegmentStore) {
    this.#target = target
    this.#feed = feed
    this.#store = store
    const targetDuration = new TargetDuration(store.meta.targetDurationMs)
    const partTarget = new PartTarget(store.meta.partTargetMs ?? null, target.lowLatency ?? true)
    const shared = { target, feed, targetDuration, partTarget }
    this.#targetDuration = targetDuration
    this.#partTarget = partTarget
    this.#publication = new Publication({
      ...shared,
      store,
      settingsOf: (track) => this.#configs.get(track)!,
      onSegment: (stretch) => this.#checkPlaying(stretch as Run),
    })
    this.#rungs = new Rungs({
      ...shared,
      firstInitId: (store.meta.takes ?? 0) * INITS_OF_A_TAKE,
      tell: (message, body) => this.#publication.tell(message, body),
    })
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
    this.#newestMs = sample.dtsMs
    if (sample.track === 'video') this.#newestPictureMs = sample.dtsMs
    const isKnown = this.#configs.has(sample.track)
    if (isKnown && this.#run?.segmenter.has(sample.track) === false) this.#wantsNewRun = true
    // A track that comes late joins at a key frame, behind a discontinuity in both tracks.
    if (this.#wantsNewRun && sample.isKey && sample.track === 'video') this.#finishRun()
    if (this.#run === null) this.#holdBack(sample)
    else this.#run.segmenter.push(sample)
  }

  title(title: string): number {
    const run = this.#run
    const atMs = run ? run.startMs + this.#newestMs - run.originMs : this.#store.resume.endMs
    const place = Math.max(0, Math.round(atMs))
    this.#feed.publish({ type: 'title', streamId: this.#target.id, title, atMs: place })
    return place
  }

  offerRungs(rungs: RungOffer[]): void {
    this.#rungs.offer(rungs)
  }

  openRung(height: number): RungSink {
    return this.#rungs.open(height)
  }

  dateOf(timeMs: number): number | null {
    return this.#run && this.#run.startsAtMs + timeMs - this.#run.originMs
  }

  async interrupt(): Promise<void> {
    if (this.#isOver) return
    if (this.#run === null) this.#startRun(this.#gate.take())
    this.#finishRun()
    this.#rungs.interrupt(this.#newestPictureMs)
    this.#configs.clear()
    this.#renewGate()
    await this.#settled()
    // Only now: the last segments of the run that ended must not count as the first of the next.
    this.#hasPlayed = false
  }

  async end(): Promise<RecordingSummary> {
    await this.interrupt()
    this.#isOver = true
    this.#rungs.end()
    const summary = await this.#store.end()
    this.#feed.publish({ type: 'end', streamId: this.#target.id })
    return summary
  }

  async #settled(): Promise<void> {
    await this.#publication.settled
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
    const startsAtMs = Math.max(this.#gateSinceMs, resume.endsAtMs - delayMs)
    const stretch: Stretch = { number: ++resume.run, startMs, startsAtMs, seen: new Set() }
    const segmenter = new Segmenter({
      segmentMs: this.#target.segmentMs,
      target: this.#targetDuration,
      partTarget: this.#partTarget,
      startMs,
      originMs,
      firstVideo,
      audio: audioConfig === undefined ? null : describeAac(audioConfig),
      emit: (part) => this.#publication.part(run, part),
      endSegment: (track, durationMs) => this.#publication.endSegment(run, track, durationMs),
      onBegin: (sample, seenMs) => this.#mark(stretch, startMs - originMs, sample, seenMs),
    })
    const run: Run = Object.assign(stretch, { segmenter, originMs, published: 0 })
    this.#run = run
    this.#wantsNewRun = false
    for (const sample of samples) segmenter.push(sample)
  }

  #finishRun(): void {
    this.#run?.segmenter.flush()
    this.#run = null
    this.#wantsNewRun = false
    this.#renewGate()
  }

  /** A segment of pictures begins. */
  #mark(stretch: Stretch, shiftMs: number, sample: Sample, seenMs: number): void {
    const { number: run, startsAtMs, seen } = stretch
    const seq = this.#store.resume.nextSeq.video
    const startMs = rounded(seenMs)
    const at = new Date(startsAtMs + startMs - stretch.startMs).toISOString()
    const isDiscontinuity = run > 0 && !seen.has('video')
    const ptsMs = sample.dtsMs + sample.ctsMs
    this.#rungs.mark({ seq, run, at, startMs, ptsMs, shiftMs, isDiscontinuity })
  }

  #checkPlaying(run: Run): void {
    const hasVideo = run.segmenter.has('video')
    const hasAudio = run.segmenter.has('audio')
    run.published++
    // Whoever was told of one track alone must hear of the other when it joins.
    const isNew = (hasVideo && !this.#told.has('video')) || (hasAudio && !this.#told.has('audio'))
    // With two tracks the second segment is the other track's first, or that track is too late to wait for.
    if ((this.#hasPlayed && !isNew) || (hasVideo && hasAudio && run.published < 2)) return
    this.#hasPlayed = true
    const resumed = this.#hadMedia
    this.#hadMedia = true
    if (hasVideo) this.#told.add('video')
    if (hasAudio) this.#told.add('audio')
    this.#tellPlaying({ hasVideo, hasAudio, resumed })
  }
}
