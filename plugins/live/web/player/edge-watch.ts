import { asleepAfterMs, shouldCatchUp, Waits } from './edge-keeper.ts'
import type { Front } from './front.ts'
import type { PlayerState } from './player-state.ts'

/** Who paused for so long loads nothing more meanwhile. */
const suspendAfterMs = 20_000
/** Data is there and yet nothing moves: begin anew. On a poor line that would be worse than waiting. */
const stuckAfterMs = 15_000
const freshForMs = 1_500

interface Options {
  /** More is being sent: whoever waits, waits for the line. */
  isGrowing(): boolean
  /** The line is too poor for so little delay. */
  poor(): void
}

/** Keeps who follows a running stream at its edge: after stalls, sleep, and where a browser is stuck. */
export class EdgeWatch {
  readonly waits = new Waits()
  /** Nothing is loaded, as it was paused for long. */
  isSuspended = false
  readonly #front: Front
  readonly #state: PlayerState
  readonly #options: Options
  #tickedAt = 0
  #pausedAt = 0
  #freshAt = 0
  #movedAt = 0
  #lastS = 0

  constructor(front: Front, state: PlayerState, options: Options) {
    this.#front = front
    this.#state = state
    this.#options = options
  }

  /** It begins to play, or to play again. */
  began(): void {
    this.#freshAt = performance.now()
  }

  paused(): void {
    this.#pausedAt = performance.now()
  }

  opened(): void {
    this.isSuspended = false
    this.#movedAt = performance.now()
  }

  tick(): void {
    const now = Date.now()
    const passedMs = this.#tickedAt > 0 ? now - this.#tickedAt : 0
    this.#tickedAt = now
    this.#count(passedMs)
    this.#keep(passedMs > asleepAfterMs)
    this.#suspend()
  }

  #count(passedMs: number): void {
    const isWaiting = this.#state.phase.peek() === 'waiting' && this.#front.deck.program.kind === 'live'
    if (!isWaiting || this.#front.isChanging || passedMs > asleepAfterMs || !this.#options.isGrowing()) return
    if (!this.waits.add(performance.now(), passedMs)) return
    this.waits.forget()
    this.#options.poor()
  }

  #keep(wasAsleep: boolean): void {
    const front = this.#front
    const { link, media, program } = front.deck
    const { isFollowing, phase } = this.#state
    const edge = link?.edgeS() ?? null
    if (!link || edge === null || program.kind !== 'live' || front.isChanging) return
    if (!isFollowing.peek() || !front.isWanted || phase.peek() === 'starting') return
    const now = performance.now()
    if (media.currentTime !== this.#lastS) this.#movedAt = now
    this.#lastS = media.currentTime
    const targetMs = link.targetMs()
    const distanceMs = (edge - media.currentTime) * 1000 + targetMs
    const isFresh = now - this.#freshAt < freshForMs
    if (shouldCatchUp({ distanceMs, targetMs, isFresh, wasAsleep })) {
      this.#freshAt = 0
      media.currentTime = edge
      if (media.paused) void front.start()
    } else if (distanceMs > targetMs + 1_500 && now - this.#movedAt > stuckAfterMs) {
      this.#movedAt = now
      link.retry()
    }
  }

  #suspend(): void {
    if (this.isSuspended || this.#state.phase.peek() !== 'paused' || this.#front.isChanging) return
    if (performance.now() - this.#pausedAt < suspendAfterMs) return
    this.isSuspended = true
    this.#front.deck.link?.suspend()
  }
}
