import type { Angle } from '../../contract.ts'
import { Attendance } from './attendance.ts'
import { Deck } from './deck.ts'
import { follow } from './follow.ts'
import { chase } from './hand-over.ts'

const tickMs = 100
/** Opened in case it is chosen; closed where it is not. */
const warmForMs = 6_000
const loadWithinMs = 10_000
/** A jump takes about this long; aimed at where the sound will be by then. */
const jumpAheadMs = 60
/** Before it is shown it is brought nearer, as long as that is not waited for. */
const hiddenStep = { toMs: 50, times: 1, withinMs: 200 }

export type Lost = 'away' | 'late'

interface Options {
  screen: HTMLElement
  /** The date of what is heard, on the main camera's clock; null while it cannot be told. */
  soundMs(): number | null
  isRunning(): boolean
  /** More of it comes. */
  isLive(): boolean
  /** A picture is to be seen (true), or none of ours any more. */
  shown(isShown: boolean): void
  /** `late`: what it sends does not reach the moment that is heard. */
  lost(angle: Angle, why: Lost): void
}

/** For the panel of figures, and for measuring. */
export interface PictureFigures {
  /** How late the picture is; negative when early. */
  behindMs: number | null
  /** From the choice to the picture. */
  switchedInMs: number | null
}

/** Pictures of the cameras, silent, in step with the sound that another deck plays. */
export class Pictures {
  readonly figures: PictureFigures = { behindMs: null, switchedInMs: null }
  readonly #options: Options
  #angle: Angle | null = null
  #shown: Deck | null = null
  #coming: Deck | null = null
  #warm: { deck: Deck; timer: ReturnType<typeof setTimeout> } | null = null
  readonly #attendance = new Attendance()
  readonly #timer: ReturnType<typeof setInterval>

  constructor(options: Options) {
    this.#options = options
    this.#timer = setInterval(() => this.#tick(), tickMs)
  }

  get angle(): Angle | null {
    return this.#angle
  }

  get deck(): Deck | null {
    return this.#shown
  }

  /** Loads a picture that will probably be chosen. */
  warm(angle: Angle): void {
    if (this.#angle?.hls === angle.hls || this.#warm?.deck.program.url === angle.hls) return
    this.#cool()
    const deck = this.#open(angle)
    this.#warm = { deck, timer: setTimeout(() => this.#cool(), warmForMs) }
  }

  /** Shows a camera; what was seen stays until its picture is there. */
  async show(angle: Angle): Promise<void> {
    const began = performance.now()
    this.#coming?.close()
    this.#angle = angle
    const deck = this.#takeWarm(angle) ?? this.#open(angle)
    this.#coming = deck
    const isReady = await deck.ready(loadWithinMs)
    if (this.#coming !== deck) return
    if (!isReady || !(await this.#toMoment(deck, angle))) {
      if (this.#coming === deck) this.#fail(isReady && this.#isLate(deck, angle) ? 'late' : 'away')
      return
    }
    if (this.#coming !== deck) return
    this.#swap(deck, performance.now() - began)
  }

  /** An offset was measured better, or the address was signed anew. */
  renew(angle: Angle): void {
    if (this.#angle) this.#angle = angle
  }

  hide(): void {
    this.#coming?.close()
    this.#shown?.close()
    this.#coming = null
    this.#shown = null
    this.#angle = null
    this.figures.behindMs = null
    this.#options.shown(false)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#cool()
    this.hide()
  }

  #open(angle: Angle): Deck {
    const deck = new Deck({ kind: 'angle', url: angle.hls }, this.#options.screen, 'picture')
    deck.news = { ...deck.news, trouble: () => deck === this.#shown && this.#fail('away') }
    const at = this.#options.soundMs()
    // A little later than now, as loading takes a while.
    void deck.open(at === null ? null : { atMs: at - angle.offsetMs + 100 }).catch(() => undefined)
    return deck
  }

  #takeWarm(angle: Angle): Deck | null {
    const warm = this.#warm
    if (warm?.deck.program.url !== angle.hls) return null
    clearTimeout(warm.timer)
    this.#warm = null
    return warm.deck
  }

  #cool(): void {
    if (!this.#warm) return
    clearTimeout(this.#warm.timer)
    this.#warm.deck.close()
    this.#warm = null
  }

  #fail(why: Lost): void {
    const angle = this.#angle
    this.hide()
    if (angle) this.#options.lost(angle, why)
  }

  /** The newest that came of it is from before what is heard. */
  #isLate(deck: Deck, angle: Angle): boolean {
    const [at, reach] = [this.#options.soundMs(), deck.link?.reach()]
    return this.#options.isLive() && at !== null && !!reach && at - angle.offsetMs > reach.toMs
  }

  /** Where a camera's playlist has what is heard now; null where it has nothing of it. */
  #wanted(deck: Deck, angle: Angle, aheadMs: number): number | null {
    const at = this.#options.soundMs()
    if (at === null) return null
    const wanted = at - angle.offsetMs + aheadMs
    const reach = deck.link?.reach()
    if (!reach || wanted < reach.fromMs - 500 || wanted > reach.toMs + 1_000) return null
    return deck.link?.positionOf(wanted) ?? null
  }

  async #toMoment(deck: Deck, angle: Angle): Promise<boolean> {
    const isRunning = this.#options.isRunning()
    const position = this.#wanted(deck, angle, isRunning ? jumpAheadMs : 0)
    if (position === null) return false
    if (Math.abs(position - deck.media.currentTime) > 0.03) deck.media.currentTime = position
    if (isRunning) void deck.media.play().catch(() => undefined)
    if (!(await deck.ready(loadWithinMs))) return false
    if (!isRunning) return true
    const behindMs = () => {
      const [sound, picture] = [this.#options.soundMs(), deck.momentMs()]
      return sound === null || picture === null ? 0 : sound - angle.offsetMs - picture
    }
    return chase(deck, behindMs, hiddenStep)
  }

  #swap(deck: Deck, tookMs: number): void {
    this.#coming = null
    this.#shown?.close()
    this.#shown = deck
    deck.media.className = 'is-picture is-shown'
    this.figures.switchedInMs = tookMs
    this.#attendance.begin(performance.now())
    this.#options.shown(true)
  }

  #tick(): void {
    const [deck, angle] = [this.#shown, this.#angle]
    if (!deck || !angle) return
    const isRunning = this.#options.isRunning()
    if (deck.media.paused === isRunning) this.#copy(deck, isRunning)
    const [sound, picture] = [this.#options.soundMs(), deck.momentMs()]
    const behindMs = sound === null || picture === null ? null : sound - angle.offsetMs - picture
    const { currentTime: atS, seeking: isSeeking } = deck.media
    const why = this.#attendance.look({ now: performance.now(), isRunning, isSeeking, atS, behindMs })
    if (why) this.#fail(this.#options.isLive() ? why : 'away')
    if (why || behindMs === null || isSeeking) return
    this.figures.behindMs = behindMs
    if (isRunning) this.#keepStep(deck, angle, behindMs)
    else if (Math.abs(behindMs) > 40) this.#seek(deck, angle, 0)
  }

  #keepStep(deck: Deck, angle: Angle, behindMs: number): void {
    const step = follow(behindMs, deck.media.playbackRate)
    if (deck.media.playbackRate !== step.rate) deck.media.playbackRate = step.rate
    if (step.seekMs !== null) this.#seek(deck, angle, jumpAheadMs)
  }

  #seek(deck: Deck, angle: Angle, aheadMs: number): void {
    const position = this.#wanted(deck, angle, aheadMs)
    if (position !== null && Math.abs(position - deck.media.currentTime) > 0.02)
      deck.media.currentTime = position
  }

  #copy(deck: Deck, isRunning: boolean): void {
    if (isRunning) void deck.media.play().catch(() => undefined)
    else deck.media.pause()
  }
}
