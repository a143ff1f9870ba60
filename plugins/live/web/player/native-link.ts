import type { Reach } from './moments.ts'
import { onlyHeight, readRungs } from './native-rungs.ts'
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
  /** Where it is to begin as soon as anything is known of it. */
  #from: From = null
  #rungs: Rung[] = []
  #choice: number | null = null
  /** Of the pictures that were asked for; null for all, among which the browser chooses. */
  #height: number | null = null

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
    media.addEventListener('loadedmetadata', () => this.#arrive(), { signal })
    this.#begin(from)
    // Pictures that follow another element's sound are not chosen.
    if (program.kind !== 'angle') void this.#learn(news)
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

  rungs(): Rung[] {
    return this.#rungs
  }

  /** Begins anew, which is heard: so not for pictures that nobody sees for a while. */
  choose(index: number | null, isCheap = false): void {
    if (isCheap) return
    this.#choice = index
    this.#obey()
  }

  /** Left to itself, the browser does not tell what it chose. */
  figures(): LinkFigures {
    const rung = this.#rungs.find(({ height }) => height === this.#height) ?? null
    return { bitsPerSecond: null, rung, hasParts: false }
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

  /** What there is to choose from, in the words of the playlist that the browser reads, too. */
  async #learn(news: LinkNews): Promise<void> {
    const { kind, url } = this.#program
    const address = kind === 'recording' ? url : `${url}?uncounted`
    const { signal } = this.#stop
    const text = await fetch(address, { signal })
      .then((answer) => (answer.ok ? answer.text() : ''))
      .catch(() => '')
    if (signal.aborted) return
    this.#rungs = readRungs(text)
    this.#obey()
    news.changed()
  }

  #obey(): void {
    const height = this.#rungs.find(({ index }) => index === this.#choice)?.height ?? null
    if (height === this.#height) return
    this.#height = height
    this.#reload(this.#here())
  }

  #here(): From {
    if (this.#from) return this.#from
    const moment = this.momentMs()
    if (this.#program.kind === 'recording') return { atS: this.#media.currentTime }
    return moment === null ? null : { atMs: moment }
  }

  #begin(from: From): void {
    this.#from = from
    this.#media.src = onlyHeight(askedAs(this.#program), this.#height)
  }

  #arrive(): void {
    const from = this.#from
    this.#from = null
    if (!from) return
    const at = 'atS' in from ? from.atS : this.positionOf(from.atMs)
    if (at !== null) this.#media.currentTime = at
  }

  /** A new address stops an element that plays. */
  #reload(from: From): void {
    const { paused } = this.#media
    this.#begin(from)
    if (!paused) void this.#media.play().catch(() => undefined)
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
    this.#reload(this.#program.kind === 'live' ? null : this.#here())
  }
}
