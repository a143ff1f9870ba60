import type { Deck } from './deck.ts'
import type { Reach } from './moments.ts'
import type { PlayerState } from './player-state.ts'
import type { Source } from './source.ts'

/** Worse than this is a clock that is set wrong, not a stream that is late. */
const wrongClockMs = 2_000
/** The list of all that is kept ends so far before the edge, at most. */
const dvrLagMs = 8_000
const growsWithinMs = 5_000
const usualTargetMs = 2_000

/** What may be played of a running stream, on its main camera's clock. */
export class LiveLine {
  readonly #startMs: number | null
  readonly #offsetOf: (url: string) => number
  #live: (Reach & { knownAt: number }) | null = null
  #dvr: Reach | null = null
  /** Of which list that is, and when it came with more. */
  #heardFrom = ''
  #grownAt = Number.NEGATIVE_INFINITY
  #clockOffsetMs = 0
  targetMs = usualTargetMs

  constructor({ startedAt }: Source, offsetOf: (url: string) => number) {
    this.#startMs = startedAt ? Date.parse(startedAt) : null
    this.#offsetOf = offsetOf
  }

  /** The live playlist came with more just now. */
  get isGrowing(): boolean {
    return performance.now() - this.#grownAt < growsWithinMs
  }

  serverTime(at: number): void {
    const offset = at - Date.now()
    this.#clockOffsetMs = Math.abs(offset) > wrongClockMs ? offset : 0
  }

  /** From a date to now, as the server knows it. */
  delayS(momentMs: number): number {
    return Math.max(0, Date.now() + this.#clockOffsetMs - momentMs) / 1000
  }

  /** A deck's playlist came anew. */
  heard({ link, program }: Deck): void {
    const own = link?.reach()
    if (!link || !own) return
    const offset = this.#offsetOf(program.url)
    const reach = { fromMs: own.fromMs + offset, toMs: own.toMs + offset }
    if (program.kind === 'dvr') this.#dvr = reach
    if (program.kind !== 'live') return
    this.targetMs = link.targetMs()
    const now = performance.now()
    // The list of another camera ends elsewhere, which is no growth.
    if (program.url === this.#heardFrom && this.#live && reach.toMs > this.#live.toMs) this.#grownAt = now
    this.#heardFrom = program.url
    if (reach.toMs !== this.#live?.toMs) this.#live = { ...reach, knownAt: now }
  }

  /** What the live playlist holds by now, though another one plays or none is loaded. */
  live({ program }: Deck): Reach | null {
    const live = this.#live
    if (!live) return this.#dvr
    const agoMs = performance.now() - live.knownAt
    const isOld = program.kind === 'dvr' || agoMs > 3_000
    const limitMs = program.kind === 'dvr' && this.#dvr ? this.#dvr.toMs + dvrLagMs : Number.POSITIVE_INFINITY
    const toMs = isOld ? Math.max(live.toMs, Math.min(live.toMs + agoMs, limitMs)) : live.toMs
    return { fromMs: live.fromMs + toMs - live.toMs, toMs }
  }

  /** Tells the page where it is. */
  show(
    { line, isFollowing }: PlayerState,
    deck: Deck,
    at: { atMs: number; aheadMs: number; hasDvr: boolean },
  ): void {
    const live = this.live(deck)
    if (!live) return
    const kept = this.#dvr?.fromMs ?? this.#startMs ?? live.fromMs
    const fromMs = Math.min(at.hasDvr ? kept : live.fromMs, at.atMs)
    const toMs = isFollowing.peek() ? at.atMs : Math.max(live.toMs, at.atMs)
    line.value = { fromMs, toMs, atMs: at.atMs, bufferedToMs: at.atMs + at.aheadMs }
  }
}
