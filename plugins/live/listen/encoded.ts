import { type OggPage, OggPages } from '../icecast/ogg-pages.ts'
import type { Format } from './formats.ts'
import type { Piece } from './sound-feed.ts'

/** Cuts what an encoder puts out into pieces that a player can begin with, each with its place in time. */
export interface Splitter {
  push(bytes: Buffer): void
}

export interface SplitterParts {
  /** Place of the first sound that the encoder was given; known when the first of it comes out. */
  startMs(): number
  take(piece: Piece): void
  /** What every listener needs first. */
  takeHead(bytes: Buffer): void
}

export function splitterOf(format: Format, parts: SplitterParts): Splitter {
  return format === 'opus' ? new PageSplitter(parts) : new FrameSplitter(parts)
}

/** 1152 samples at 48 kHz and 192 kbit/s: every frame is as long as the next. */
const frameBytes = 576
const frameMs = 24
const none = Buffer.alloc(0)

class FrameSplitter implements Splitter {
  readonly #parts: SplitterParts
  #held = none
  #frames = 0

  constructor(parts: SplitterParts) {
    this.#parts = parts
  }

  push(bytes: Buffer): void {
    const data = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const whole = Math.floor(data.length / frameBytes)
    this.#held = Buffer.from(data.subarray(whole * frameBytes))
    if (whole === 0) return
    const atMs = this.#parts.startMs() + this.#frames * frameMs
    this.#frames += whole
    this.#parts.take({ bytes: data.subarray(0, whole * frameBytes), atMs })
  }
}

const ticksPerMs = 48n

/** Ogg pages; those before the first sound are the head. */
class PageSplitter implements Splitter {
  readonly #parts: SplitterParts
  readonly #pages = new OggPages((page) => this.#read(page))
  #lastTicks = 0n

  constructor(parts: SplitterParts) {
    this.#parts = parts
  }

  push(bytes: Buffer): void {
    this.#pages.push(bytes)
  }

  #read({ bytes, granule }: OggPage): void {
    const copy = Buffer.from(bytes)
    if (granule <= 0n && this.#lastTicks === 0n) {
      this.#parts.takeHead(copy)
      return
    }
    this.#parts.take({ bytes: copy, atMs: this.#parts.startMs() + Number(this.#lastTicks / ticksPerMs) })
    if (granule > 0n) this.#lastTicks = granule
  }
}
