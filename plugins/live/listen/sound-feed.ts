import type { LiveWindow } from '../media/live-window.ts'
import type { TrackWindow } from '../media/track-window.ts'
import { adtsHeader } from './adts.ts'
import { readAudioConfig, readAudioPart } from './audio-part.ts'

/** A piece of sound in some format; `atMs` is its place on the stream's timeline. */
export interface Piece {
  bytes: Buffer
  atMs: number
}

/** A new listener is given this much at once, so that playing starts without waiting. */
export const burstMs = 3_000

type Header = ReturnType<typeof adtsHeader>

/** A stream's sound as ADTS, part by part, from what the live window holds. */
export class SoundFeed {
  readonly #window: () => LiveWindow | undefined
  readonly #headers = new Map<string, Header>()
  #endMs = -1

  constructor(window: () => LiveWindow | undefined) {
    this.#window = window
  }

  /** The newest parts in memory; `next` goes on behind them. */
  recent(): Piece[] {
    const window = this.#window()
    const parts = window ? partsOf(window.audio) : []
    const kept: Piece[] = []
    let total = 0
    for (const { body, initId, durationMs } of parts.reverse()) {
      if (total >= burstMs) break
      const piece = this.#read(body, initId)
      if (piece) kept.unshift(piece)
      total += durationMs
    }
    return kept
  }

  /** What has come; null for a part that was there before, as after a lost connection to the ingest. */
  next(body: Buffer, initId: number): Piece | null {
    const before = this.#endMs
    const piece = this.#read(body, initId)
    return piece && piece.atMs > before ? piece : null
  }

  #read(body: Buffer, initId: number): Piece | null {
    const init = this.#window()?.audio.inits.get(initId)
    const header = init && this.#headerOf(init.body)
    if (!header || !init.sampleRateHz) return null
    const frames = readAudioPart(body, init.sampleRateHz)
    const first = frames[0]
    if (!first) return null
    const bytes = Buffer.concat(frames.flatMap(({ data }) => [header(data.length), data]))
    this.#endMs = Math.max(this.#endMs, frames.at(-1)!.atMs)
    return { bytes, atMs: first.atMs }
  }

  #headerOf(init: Buffer): Header {
    const asc = readAudioConfig(init)
    const key = asc?.toString('hex') ?? ''
    const known = this.#headers.get(key)
    if (known !== undefined) return known
    const made = asc && adtsHeader(asc)
    this.#headers.set(key, made)
    return made
  }
}

function partsOf({ segments, unfinished }: TrackWindow) {
  const whole = segments
    .slice(-4)
    .flatMap(({ entry, parts }) => (parts ?? []).map((part) => ({ ...part, initId: entry.initId })))
  const open = unfinished?.parts.map((part) => ({ ...part, initId: unfinished.head.initId })) ?? []
  return [...whole, ...open]
}
