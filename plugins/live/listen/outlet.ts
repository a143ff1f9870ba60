import type { FfmpegStream } from '#ffmpeg'
import { splitterOf } from './encoded.ts'
import { type Format, formats } from './formats.ts'
import { Gathered } from './gathered.ts'
import { burstMs, type Piece } from './sound-feed.ts'

/** Starts the encoder, as `#ffmpeg` does. */
export type StartEncoder = (
  args: readonly string[],
  options: { onOutput(chunk: Buffer): void; onEnd(lastLine: string): void; isUrgent?: boolean },
) => Promise<FfmpegStream>

/** Who takes the pieces of a format, in order. */
export interface Taker {
  take(piece: Piece): void
  /** No more comes. */
  end(): void
}

/** The sound of one stream in one format, made once for all its listeners. */
export interface Outlet {
  /** Gives the last seconds at once, then all that comes; returns the way out. */
  join(taker: Taker): () => void
  push(piece: Piece): void
  /** The stream is over: what is still being encoded is given out first. */
  finish(): void
  close(): void
}

/** The last pieces and those who take the next ones. */
class Round {
  readonly takers = new Set<Taker>()
  #head: Buffer[] = []
  #kept: Piece[] = []

  give(piece: Piece): void {
    this.#kept.push(piece)
    while (piece.atMs - (this.#kept[1]?.atMs ?? piece.atMs) >= burstMs) this.#kept.shift()
    for (const taker of this.takers) taker.take(piece)
  }

  giveHead(bytes: Buffer): void {
    this.#head.push(bytes)
    for (const taker of this.takers) taker.take({ bytes, atMs: 0 })
  }

  welcome(taker: Taker): void {
    for (const bytes of this.#head) taker.take({ bytes, atMs: 0 })
    for (const piece of this.#kept) taker.take(piece)
    this.takers.add(taker)
  }

  /** What comes next is another stream of bytes. */
  restart(): void {
    this.#head = []
    this.#kept = []
  }

  end(): void {
    for (const taker of this.takers) taker.end()
    this.takers.clear()
  }
}

/** AAC goes out as it came in. */
export class CopyOutlet implements Outlet {
  readonly #round = new Round()

  constructor(recent: readonly Piece[]) {
    for (const piece of recent) this.#round.give(piece)
  }

  join(taker: Taker): () => void {
    this.#round.welcome(taker)
    return () => this.#round.takers.delete(taker)
  }

  push(piece: Piece): void {
    this.#round.give(piece)
  }

  finish(): void {
    this.#round.end()
  }

  close(): void {
    this.#round.end()
  }
}

const input = '-fflags nobuffer -analyzeduration 500000 -probesize 65536 -f aac -i pipe:0'
/** A player that comes back at once finds the encoder still running. */
const lingerMs = 5_000
const finishWithinMs = 3_000
const mostVainStarts = 3
/** An encoder this far behind is stuck. */
const mostPending = 4 * 1024 * 1024

export interface EncodedOptions {
  format: Format
  start: StartEncoder
  /** The last seconds, to begin with. */
  recent(): Piece[]
  /** Nobody listens any more, or it cannot be encoded. */
  left(): void
  onTrouble(words: string): void
}

/** One ffmpeg, running while somebody listens. */
export class EncodedOutlet implements Outlet {
  readonly #options: EncodedOptions
  readonly #round = new Round()
  #encoder: FfmpegStream | null = null
  #startMs: number | null = null
  #waiting: Piece[] | null = null
  #vainStarts = 0
  #isOver = false
  #linger: NodeJS.Timeout | undefined

  constructor(options: EncodedOptions) {
    this.#options = options
    void this.#start(options.recent())
  }

  join(taker: Taker): () => void {
    clearTimeout(this.#linger)
    this.#round.welcome(taker)
    return () => this.#leave(taker)
  }

  push(piece: Piece): void {
    if (this.#waiting) {
      this.#waiting.push(piece)
      return
    }
    this.#startMs ??= piece.atMs
    this.#encoder?.write(piece.bytes)
    if ((this.#encoder?.pendingBytes ?? 0) > mostPending) this.#encoder?.kill()
  }

  finish(): void {
    this.#isOver = true
    if (!this.#encoder) {
      this.close()
      return
    }
    this.#encoder.finish()
    this.#linger = setTimeout(() => this.close(), finishWithinMs)
  }

  close(): void {
    this.#isOver = true
    clearTimeout(this.#linger)
    this.#encoder?.kill()
    this.#encoder = null
    this.#round.end()
  }

  #leave(taker: Taker): void {
    this.#round.takers.delete(taker)
    if (this.#round.takers.size > 0 || this.#isOver) return
    clearTimeout(this.#linger)
    this.#linger = setTimeout(() => {
      this.close()
      this.#options.left()
    }, lingerMs)
  }

  async #start(pieces: Piece[]): Promise<void> {
    const { format, start, onTrouble } = this.#options
    this.#waiting = pieces
    this.#startMs = null
    this.#round.restart()
    const splitter = splitterOf(format, {
      startMs: () => this.#startMs ?? 0,
      take: (piece) => this.#give(piece),
      takeHead: (bytes) => this.#round.giveHead(bytes),
    })
    const output = new Gathered((bytes) => splitter.push(bytes))
    try {
      const encoder = await start(`${input} ${formats[format].encode} pipe:1`.split(' '), {
        onOutput: (chunk) => output.push(chunk),
        isUrgent: true,
        onEnd: (lastLine) => {
          output.flush()
          this.#onEnd(lastLine)
        },
      })
      this.#onStarted(encoder)
    } catch (error) {
      onTrouble(error instanceof Error ? error.message : String(error))
      this.#giveUp()
    }
  }

  #onStarted(encoder: FfmpegStream): void {
    const begin = this.#waiting ?? []
    this.#waiting = null
    this.#encoder = encoder
    for (const piece of begin) this.push(piece)
    if (this.#isOver) this.close()
  }

  #give(piece: Piece): void {
    this.#vainStarts = 0
    this.#round.give(piece)
  }

  #onEnd(lastLine: string): void {
    this.#encoder = null
    if (this.#isOver) {
      this.close()
      return
    }
    this.#options.onTrouble(lastLine)
    if (++this.#vainStarts >= mostVainStarts) this.#giveUp()
    else void this.#start([])
  }

  #giveUp(): void {
    this.close()
    this.#options.left()
  }
}
