import { describeAac } from '../media/aac.ts'
import { describeAvc } from '../media/avc.ts'
import type { Sample, StreamHealth, TrackConfig } from '../media/types.ts'
import { LeastDistance } from './least-distance.ts'

const bucketMs = 500
const windowMs = 4_000
const paceFrames = 48
/** Without a key frame for so long it is no longer waited for the next to tell. */
const longestKeyFramesMs = 10_000
/** A step this much longer than the usual one means that frames are missing. */
const gapFactor = 1.6

interface Bucket {
  startMs: number
  videoBytes: number
  audioBytes: number
  frames: number
}

/**
 * Measures what one publisher sends, over a sliding window of four seconds. Times come in as milliseconds of a
 * monotone clock, so that a test can drive it.
 */
export class HealthMeter {
  encoder: string
  /** Distance of the last two key frames on the publisher's clock, or more where the next one is overdue. */
  keyFrameIntervalMs = 0
  private readonly connectedAt: string
  private readonly buckets: Bucket[] = []
  private readonly pace = new FramePace()
  private lag = new LagMeter()
  private lastKeyMs: number | undefined
  private video: { codec: string; width: number; height: number } | undefined
  private audio: { codec: string; sampleRateHz: number; channels: number } | undefined

  constructor(encoder: string, connectedAt = new Date()) {
    this.encoder = encoder
    this.connectedAt = connectedAt.toISOString()
  }

  /** Reads the decoder settings; throws a RangeError when they cannot be read. */
  config({ track, config }: TrackConfig): void {
    if (track === 'video') this.video = describeAvc(config)
    else this.audio = describeAac(config)
  }

  /** The publisher's clock jumped: what was learnt about its distance from ours is void. */
  clockJumped(): void {
    this.lag = new LagMeter()
  }

  /** Counts one sample that arrived at `nowMs`. */
  sample(sample: Sample, nowMs: number): void {
    const bucket = this.bucketAt(nowMs)
    this.lag.add(nowMs, sample.dtsMs)
    if (sample.track === 'audio') {
      bucket.audioBytes += sample.data.length
      return
    }
    bucket.videoBytes += sample.data.length
    bucket.frames++
    this.pace.add(sample.dtsMs)
    const sinceMs = this.lastKeyMs === undefined ? 0 : Math.round(sample.dtsMs - this.lastKeyMs)
    if (sample.isKey) {
      if (this.lastKeyMs !== undefined) this.keyFrameIntervalMs = sinceMs
      this.lastKeyMs = sample.dtsMs
    } else if (sinceMs > longestKeyFramesMs) {
      // One that never comes is told as well.
      this.keyFrameIntervalMs = Math.max(this.keyFrameIntervalMs, sinceMs)
    }
  }

  /** The state at `nowMs`; rates are over the part of the window that the publisher was there. */
  snapshot(nowMs: number): StreamHealth {
    this.dropOld(nowMs)
    const spanMs = Math.max(nowMs - (this.buckets[0]?.startMs ?? nowMs), bucketMs)
    const sum = { video: 0, audio: 0, frames: 0 }
    for (const { videoBytes, audioBytes, frames } of this.buckets) {
      sum.video += videoBytes
      sum.audio += audioBytes
      sum.frames += frames
    }
    const kbps = (bytes: number) => Math.round((bytes * 8) / spanMs)
    return {
      bitrateKbps: kbps(sum.video + sum.audio),
      videoKbps: kbps(sum.video),
      audioKbps: kbps(sum.audio),
      fps: Math.round((sum.frames * 10_000) / spanMs) / 10,
      width: this.video?.width ?? 0,
      height: this.video?.height ?? 0,
      videoCodec: this.video?.codec ?? null,
      audioCodec: this.audio?.codec ?? null,
      sampleRateHz: this.audio?.sampleRateHz ?? 0,
      channels: this.audio?.channels ?? 0,
      keyFrameIntervalMs: this.keyFrameIntervalMs,
      droppedFrames: this.pace.missing,
      lagMs: this.lag.at(nowMs),
      encoder: this.encoder,
      connectedAt: this.connectedAt,
    }
  }

  private bucketAt(nowMs: number): Bucket {
    const last = this.buckets.at(-1)
    if (last && nowMs - last.startMs < bucketMs) return last
    this.dropOld(nowMs)
    const bucket = { startMs: nowMs, videoBytes: 0, audioBytes: 0, frames: 0 }
    this.buckets.push(bucket)
    return bucket
  }

  private dropOld(nowMs: number): void {
    while (this.buckets[0] && nowMs - this.buckets[0].startMs > windowMs) this.buckets.shift()
  }
}

/** Counts frames missing from the publisher's clock against its own usual step. */
class FramePace {
  missing = 0
  private readonly steps: number[] = []
  private usualMs = 0
  private lastMs: number | undefined

  add(dtsMs: number): void {
    const step = this.lastMs === undefined ? 0 : dtsMs - this.lastMs
    this.lastMs = dtsMs
    if (step <= 0) return
    if (this.usualMs > 0 && step > this.usualMs * gapFactor) {
      this.missing += Math.round(step / this.usualMs) - 1
    }
    this.steps.push(step)
    if (this.steps.length < paceFrames) return
    this.steps.sort((a, b) => a - b)
    this.usualMs = this.steps[paceFrames / 2]!
    this.steps.length = 0
  }
}

/** How much later than in its best moment the publisher's media arrives. */
class LagMeter {
  private readonly best = new LeastDistance()
  private readonly recent: { atMs: number; offsetMs: number }[] = []

  add(nowMs: number, dtsMs: number): void {
    const offsetMs = nowMs - dtsMs
    this.best.add(nowMs, offsetMs)
    const last = this.recent.at(-1)
    if (last && nowMs - last.atMs < bucketMs) last.offsetMs = Math.min(last.offsetMs, offsetMs)
    else this.recent.push({ atMs: nowMs, offsetMs })
    if (this.recent.length > windowMs / bucketMs) this.recent.shift()
  }

  at(nowMs: number): number {
    const last = this.recent.at(-1)
    if (!last) return 0
    // Without any arrivals the lag grows with the silence.
    const silenceMs = Math.max(0, nowMs - last.atMs - 2 * bucketMs)
    return Math.max(0, Math.round(last.offsetMs - this.best.at(nowMs) + silenceMs))
  }
}
