import { AdtsReader, type FrameSink } from './adts-reader.ts'
import type { SourceCodec } from './codec.ts'
import { OggHead } from './ogg-head.ts'

/** Reads the bytes of one source. */
export interface SoundReader {
  push(bytes: Buffer): void
  /** Taken and not yet dealt with. */
  readonly pendingBytes: number
  /** No more will come: calls back once all of it came out, or nobody waits for the rest any longer. */
  finish(done: () => void): void
  stop(): void
}

/** A program that decodes, as `#ffmpeg` gives it. */
export interface DecoderProgram {
  write(chunk: Buffer): void
  readonly pendingBytes: number
  finish(): void
  kill(): void
}
export type StartProgram = (
  args: readonly string[],
  options: { onOutput(chunk: Buffer): void; onEnd(lastLine: string): void; isUrgent?: boolean },
) => Promise<DecoderProgram>

export interface ReaderParts {
  sink: FrameSink
  /** A song title that comes with the sound. */
  onTitle(title: string): void
  start: StartProgram
  /** A program that decodes runs: from now on sound should come out. */
  onRunning?(): void
  /** For the log. */
  onTrouble(words: string): void
}

/** AAC is only cut into frames; everything else goes through one ffmpeg that makes AAC of it. */
export function readerOf(codec: SourceCodec, parts: ReaderParts): SoundReader {
  if (codec !== 'adts') return new Decoder(codec, parts)
  const reader = new AdtsReader(parts.sink)
  return {
    push: (bytes) => reader.push(bytes),
    pendingBytes: 0,
    finish: (done) => done(),
    stop: () => undefined,
  }
}

const names = { mp3: 'MP3', ogg: 'Ogg' }
const output = '-map 0:a:0 -af asetpts=N/SR/TB -ar 48000 -ac 2 -c:a aac -b:a 192k -flush_packets 1 -f adts'
const restartAfterMs = 200
/** Ends in a row without any sound: what comes is not what it says it is. */
const vainStarts = 5
const finishWithinMs = 3_000

/** Keeps an ffmpeg running for as long as the source is there; sound that comes while it is away is lost. */
class Decoder implements SoundReader {
  readonly #codec: 'mp3' | 'ogg'
  readonly #parts: ReaderParts
  readonly #head: OggHead | null
  #program: DecoderProgram | null = null
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #isStarting = false
  #isStopped = false
  #vainStarts = 0
  #timer: NodeJS.Timeout | undefined
  #done: (() => void) | undefined

  constructor(codec: 'mp3' | 'ogg', parts: ReaderParts) {
    this.#codec = codec
    this.#parts = parts
    this.#head = codec === 'ogg' ? new OggHead((title) => parts.onTitle(title)) : null
    void this.#start()
  }

  get pendingBytes(): number {
    return this.#waitingBytes + (this.#program?.pendingBytes ?? 0)
  }

  push(bytes: Buffer): void {
    if (this.#isStopped) return
    this.#head?.push(bytes)
    if (this.#program) this.#program.write(bytes)
    else if (this.#isStarting) {
      this.#waiting.push(bytes)
      this.#waitingBytes += bytes.length
    }
  }

  finish(done: () => void): void {
    if (!this.#program || this.#isStopped) {
      this.stop()
      done()
      return
    }
    this.#done = done
    this.#program.finish()
    this.#timer = setTimeout(() => this.stop(), finishWithinMs)
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#waiting = []
    this.#program?.kill()
    const done = this.#done
    this.#done = undefined
    done?.()
  }

  async #start(): Promise<void> {
    this.#isStarting = true
    const reader = new AdtsReader({
      ...this.#parts.sink,
      frame: (accessUnit) => {
        this.#vainStarts = 0
        if (!this.#isStopped) this.#parts.sink.frame(accessUnit)
      },
    })
    const input = `-fflags nobuffer -analyzeduration 500000 -probesize 65536 -f ${this.#codec} -i pipe:0`
    try {
      const program = await this.#parts.start(`${input} ${output} pipe:1`.split(' '), {
        isUrgent: true,
        onOutput: (chunk) => reader.push(chunk),
        onEnd: (lastLine) => this.#onEnd(lastLine),
      })
      this.#onStarted(program)
    } catch (error) {
      this.#isStarting = false
      this.#parts.onTrouble(error instanceof Error ? error.message : String(error))
      this.#giveUp()
    }
  }

  #onStarted(program: DecoderProgram): void {
    this.#isStarting = false
    if (this.#isStopped) {
      program.kill()
      return
    }
    this.#program = program
    this.#parts.onRunning?.()
    for (const bytes of this.#waiting) program.write(bytes)
    this.#waiting = []
    this.#waitingBytes = 0
  }

  #onEnd(lastLine: string): void {
    this.#program = null
    if (this.#done) this.stop()
    if (this.#isStopped) return
    this.#parts.onTrouble(lastLine)
    if (++this.#vainStarts >= vainStarts) this.#giveUp()
    else this.#timer = setTimeout(() => this.#restart(), restartAfterMs * this.#vainStarts)
  }

  #restart(): void {
    const head = this.#head?.bytes
    void this.#start()
    if (head) this.push(head)
  }

  #giveUp(): void {
    this.stop()
    this.#parts.sink.unsupported(`${names[this.#codec]} that cannot be decoded`)
  }
}
