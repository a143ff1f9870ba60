import type { FfmpegStream, StreamOptions } from '#ffmpeg'
import { configMessage, flvTag, sampleMessage } from '../ingest/flv-messages.ts'
import { FlvReader } from '../ingest/flv-reader.ts'
import { parseVideoTag } from '../ingest/flv-tags.ts'
import type { RungSink } from '../media/rung.ts'
import type { Sample, TrackConfig } from '../media/types.ts'
import { encoderArguments, type Rung } from './plan.ts'

/** Starts ffmpeg; where it comes from is the caller's business. */
export type StartFfmpeg = (args: string[], options: StreamOptions) => Promise<FfmpegStream>

export interface EncoderOptions {
  rungs: readonly Rung[]
  config: TrackConfig
  start: StartFfmpeg
  openRung(height: number): RungSink
  /** Called once, when it stopped by itself; what it said last. */
  onEnd(lastLine: string): void
}

/** Input that waits while ffmpeg is behind: more is a machine that cannot do it. */
const mostPendingBytes = 6 * 1024 * 1024
const videoTag = 9
/** `FLV`, version 1, pictures alone. */
const pictureHeader = Buffer.from([0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0])

/** One ffmpeg for all lower renditions of one stream, from a key frame on, until it is stopped or falls behind. */
export class Encoder {
  readonly #options: EncoderOptions
  readonly #readers: Record<1 | 3, FlvReader>
  readonly #sinks: RungSink[]
  #ffmpeg: FfmpegStream | null = null
  #held: Buffer[] = []
  #heldBytes = 0
  #originMs: number | null = null
  #isFinishing = false
  #isOver = false

  constructor(options: EncoderOptions) {
    this.#options = options
    this.#sinks = options.rungs.map(({ height }) => options.openRung(height))
    this.#readers = { 1: this.#readerFor(0), 3: this.#readerFor(1) }
    this.#hold(pictureHeader)
    this.#hold(flvTag(configMessage(options.config), 0))
    void this.#start()
  }

  /** Written and not yet encoded is too much for it to catch up. */
  get isBehind(): boolean {
    return this.#heldBytes + (this.#ffmpeg?.pendingBytes ?? 0) > mostPendingBytes
  }

  /** The first one is a key frame. */
  sample(sample: Sample): void {
    if (this.#isOver) return
    this.#originMs ??= sample.dtsMs
    this.#write(flvTag(sampleMessage(sample), sample.dtsMs - this.#originMs))
  }

  /** The publisher is gone: what it sent is encoded to the end, then it is over. */
  finish(): void {
    this.#isFinishing = true
    this.#ffmpeg?.finish()
  }

  stop(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ffmpeg?.kill()
    for (const sink of this.#sinks) sink.close()
  }

  async #start(): Promise<void> {
    const { start, rungs } = this.#options
    try {
      const ffmpeg = await start(encoderArguments(rungs), {
        onOutput: (chunk, pipe) => this.#read(chunk, pipe),
        onEnd: (lastLine) => this.#ended(lastLine),
      })
      this.#ffmpeg = ffmpeg
      if (this.#isOver) ffmpeg.kill()
      for (const bytes of this.#held) ffmpeg.write(bytes)
      this.#held = []
      this.#heldBytes = 0
      if (this.#isFinishing) ffmpeg.finish()
    } catch (error) {
      this.#ended(error instanceof Error ? error.message : String(error))
    }
  }

  #write(bytes: Buffer): void {
    if (this.#ffmpeg) this.#ffmpeg.write(bytes)
    else this.#hold(bytes)
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
  }

  #readerFor(at: number): FlvReader {
    return new FlvReader((type, timeMs, payload) => {
      const sink = this.#sinks[at]
      if (type !== videoTag || !sink || this.#isOver) return
      const tag = parseVideoTag(payload)
      if (tag.kind === 'config') sink.config({ track: 'video', config: tag.config })
      else if (tag.kind === 'sample') {
        const { isKey, ctsMs, data } = tag
        sink.sample({ track: 'video', dtsMs: timeMs + (this.#originMs ?? 0), ctsMs, isKey, data })
      }
    })
  }

  #read(chunk: Buffer, pipe: 1 | 3): void {
    try {
      this.#readers[pipe].push(chunk)
    } catch (error) {
      this.#ended(error instanceof Error ? error.message : String(error))
    }
  }

  #ended(lastLine: string): void {
    if (this.#isOver) return
    this.stop()
    this.#options.onEnd(lastLine)
  }
}
