import { giveBackFrame } from '../media/frame-memory.ts'
import type { Sample, StreamReceiver, WarningCode } from '../media/types.ts'
import type { AmfObject } from './amf.ts'
import { type FlvTag, parseAudioTag, parseVideoTag } from './flv-tags.ts'
import { HealthMeter } from './health.ts'
import type { IngestLimits } from './limits.ts'
import { readableText } from './publish-request.ts'
import type { MediaSink } from './rtmp-connection.ts'
import { SendClock, steadyNow } from './send-clock.ts'
import { PublisherClock } from './timestamps.ts'

const audioMessage = 8
/** Longer distances between key frames make viewers wait; OBS on "auto" gives 8.3 s. */
const longKeyFramesMs = 4_500

type Track = 'video' | 'audio'
/** Reasons for which the child itself turns a publisher away. */
export type TurnedAway = 'unsupported-codec' | 'no-key-frame' | 'disk-full'

/** What the publisher's session is told. */
export interface PublisherEvents {
  warn(code: WarningCode, detail?: string): void
  /** The publish cannot go on; `words` are for the DJ. */
  turnAway(publisher: Publisher, because: TurnedAway, words: string, detail?: string): void
  gone(publisher: Publisher, cause: 'dropped' | 'unpublished'): void
}

/**
 * One accepted publish: reads its messages, gives them times that only go forward, measures them and hands
 * them to the receiver. Video starts at a key frame.
 */
export class Publisher implements MediaSink {
  readonly health: HealthMeter
  /** When what it sends was sent. */
  readonly sent = new SendClock()
  private readonly receiver: Pick<StreamReceiver, 'config' | 'sample' | 'pendingBytes'>
  private readonly events: PublisherEvents
  private readonly keyFrameWithinMs: number
  private readonly clock = new PublisherClock()
  private readonly configs: Partial<Record<Track, Buffer>> = {}
  private readonly warned = new Set<WarningCode>()
  private keyFrameTimer: NodeJS.Timeout | undefined
  private hasKeyFrame = false
  /** Sound that waits for announced pictures: they must not be lost by the stream beginning without them. */
  private held: Sample[] = []
  private heldBytes = 0
  private isStopped = false

  constructor(
    receiver: Publisher['receiver'],
    encoder: string,
    limits: IngestLimits,
    events: PublisherEvents,
  ) {
    this.receiver = receiver
    this.health = new HealthMeter(encoder)
    this.keyFrameWithinMs = limits.keyFrameWithinMs
    this.events = events
  }

  get pendingBytes(): number {
    return this.receiver.pendingBytes + this.heldBytes
  }

  media(type: number, timestamp: number, payload: Buffer): void {
    if (this.isStopped) return
    const track: Track = type === audioMessage ? 'audio' : 'video'
    const tag = track === 'audio' ? parseAudioTag(payload) : parseVideoTag(payload)
    if (tag.kind === 'sample') {
      if (track === 'video') this.awaitKeyFrame()
      this.onSample(track, timestamp, tag)
      return
    }
    if (tag.kind === 'extra') this.warnOnce('extra-tracks')
    else if (tag.kind === 'unsupported') this.refuseCodec(tag.codec)
    else if (tag.kind === 'config') {
      if (track === 'video') this.awaitKeyFrame()
      this.onConfig(track, Buffer.from(tag.config))
    }
    giveBackFrame(payload)
  }

  metadata(values: AmfObject): void {
    const encoder = readableText(values.encoder)
    if (encoder) this.health.encoder = encoder
  }

  unreadable(codec: string): void {
    this.refuseCodec(codec)
  }

  timeCode(values: AmfObject, timestamp: number): void {
    const atMs = this.clock.at(timestamp)
    if (atMs !== null) this.sent.timeCode(values, atMs, this.health.snapshot(performance.now()).fps)
  }

  gone(cause: 'dropped' | 'unpublished'): void {
    if (this.isStopped) return
    this.stop()
    this.events.gone(this, cause)
  }

  /** Takes no more media and says no more. */
  stop(): void {
    this.isStopped = true
    this.held = []
    clearTimeout(this.keyFrameTimer)
  }

  private onConfig(track: Track, config: Buffer): void {
    if (this.configs[track]?.equals(config)) return
    try {
      this.health.config({ track, config })
      this.receiver.config({ track, config })
    } catch {
      this.refuseCodec(track === 'video' ? 'H.264 with unreadable settings' : 'AAC with unreadable settings')
      return
    }
    this.configs[track] = config
  }

  private onSample(track: Track, timestamp: number, tag: Extract<FlvTag, { kind: 'sample' }>): void {
    const jumps = this.clock.jumps
    const dtsMs = this.clock.next(track, timestamp)
    if (this.clock.jumps > jumps) {
      this.health.clockJumped()
      this.sent.jumped()
      this.warnOnce('clock-jump')
    }
    // Without its settings a sample cannot be decoded; the header may still come.
    if (!this.configs[track]) return
    const sample: Sample = { track, dtsMs, ctsMs: tag.ctsMs, isKey: tag.isKey, data: tag.data }
    this.health.sample(sample, performance.now())
    this.sent.sample(sample, steadyNow())
    if (this.isAwaitingKeyFrame()) this.onSampleBeforeKeyFrame(sample)
    else this.receiver.sample(sample)
    const { keyFrameIntervalMs } = this.health
    if (keyFrameIntervalMs > longKeyFramesMs) {
      this.warnOnce('long-key-frames', (keyFrameIntervalMs / 1000).toFixed(1))
    }
  }

  private isAwaitingKeyFrame(): boolean {
    return this.keyFrameTimer !== undefined && !this.hasKeyFrame
  }

  private onSampleBeforeKeyFrame(sample: Sample): void {
    if (sample.track === 'audio') {
      this.held.push(sample)
      this.heldBytes += sample.data.length
    } else if (sample.isKey) {
      this.hasKeyFrame = true
      clearTimeout(this.keyFrameTimer)
      for (const held of this.held) this.receiver.sample(held)
      this.held = []
      this.heldBytes = 0
      this.receiver.sample(sample)
    }
  }

  private awaitKeyFrame(): void {
    if (this.hasKeyFrame || this.keyFrameTimer) return
    this.keyFrameTimer = setTimeout(() => {
      const words = `No key frame in ${this.keyFrameWithinMs / 1000} seconds. Set the key-frame interval to 2 s.`
      this.turnAway('no-key-frame', words)
    }, this.keyFrameWithinMs)
  }

  private refuseCodec(codec: string): void {
    const words = `${codec} cannot be played here. Set the encoder to H.264 video and AAC audio.`
    this.turnAway('unsupported-codec', words, codec)
  }

  private turnAway(because: TurnedAway, words: string, detail?: string): void {
    if (this.isStopped) return
    this.stop()
    this.events.turnAway(this, because, words, detail)
  }

  private warnOnce(code: WarningCode, detail?: string): void {
    if (this.warned.has(code)) return
    this.warned.add(code)
    this.events.warn(code, detail)
  }
}
