import type { Reach } from './moments.ts'
import {
  askedAs,
  backOffMs,
  type From,
  type LinkFigures,
  type LinkNews,
  type MediaLink,
  type Program,
  type Rung,
} from './source.ts'

/** Safari's own: the date of the first picture, where the playlist gives one. */
interface DatedMedia {
  getStartDate?(): Date
}

const targetS = 3

/** For browsers that play HLS themselves (iPhones without managed media source). */
export class NativeLink implements MediaLink {
  readonly #media: HTMLMediaElement
  readonly #program: Program
  readonly #stop = new AbortController()
  #tries = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(media: HTMLMediaElement, program: Program, from: From, news: LinkNews) {
    this.#media = media
    this.#program = program
    const { signal } = this.#stop
    const well = () => {
      this.#tries = 0
      news.well()
    }
    media.addEventListener('playing', well, { signal })
    media.addEventListener('waiting', () => news.stalled(), { signal })
    media.addEventListener('error', () => this.#failed(news), { signal })
    media.addEventListener('durationchange', () => news.changed(), { signal })
    this.#begin(from)
  }

  momentMs(): number | null {
    const start = this.#startMs()
    return start === null ? null : start + this.#media.currentTime * 1000
  }

  positionOf(atMs: number): number | null {
    const [start, ends] = [this.#startMs(), this.#ends()]
    if (start === null || !ends) return null
    return Math.min(Math.max(ends.fromS, (atMs - start) / 1000), ends.toS)
  }

  reach(): Reach | null {
    const [start, ends] = [this.#startMs(), this.#ends()]
    return start === null || !ends
      ? null
      : { fromMs: start + ends.fromS * 1000, toMs: start + ends.toS * 1000 }
  }

  edgeS(): number | null {
    const ends = this.#ends()
    return ends && Math.max(ends.fromS, ends.toS - targetS)
  }

  targetMs(): number {
    return targetS * 1000
  }

  /** The browser chooses among the rungs, and does not tell. */
  rungs(): Rung[] {
    return []
  }

  choose(): void {}

  figures(): LinkFigures {
    return { bitsPerSecond: null, rung: null, hasParts: false }
  }

  suspend(): void {}

  resume(): void {}

  retry(): void {
    clearTimeout(this.#timer)
    this.#tries = 0
    this.#again()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stop.abort()
    this.#media.removeAttribute('src')
    this.#media.load()
  }

  #startMs(): number | null {
    const start = (this.#media as DatedMedia).getStartDate?.().getTime() ?? Number.NaN
    return Number.isFinite(start) ? start : null
  }

  #ends(): { fromS: number; toS: number } | null {
    const { seekable } = this.#media
    if (seekable.length === 0) return null
    return { fromS: seekable.start(0), toS: seekable.end(seekable.length - 1) }
  }

  #begin(from: From): void {
    this.#media.src = askedAs(this.#program)
    if (!from) return
    const go = () => {
      const at = 'atS' in from ? from.atS : this.positionOf(from.atMs)
      if (at !== null) this.#media.currentTime = at
    }
    this.#media.addEventListener('loadedmetadata', go, { once: true, signal: this.#stop.signal })
  }

  #failed(news: LinkNews): void {
    const isFormat = this.#media.error?.code === MediaError.MEDIA_ERR_DECODE
    clearTimeout(this.#timer)
    if (isFormat && this.#tries > 2) {
      news.trouble('unplayable')
      return
    }
    if (this.#tries >= 2) news.trouble('network')
    this.#timer = setTimeout(() => this.#again(), backOffMs(this.#tries))
    this.#tries += 1
  }

  #again(): void {
    const { currentTime } = this.#media
    const moment = this.momentMs()
    const { kind } = this.#program
    if (kind === 'recording') this.#begin({ atS: currentTime })
    else this.#begin(kind !== 'live' && moment !== null ? { atMs: moment } : null)
    void this.#media.play().catch(() => undefined)
  }
}
