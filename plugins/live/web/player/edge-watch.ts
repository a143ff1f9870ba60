import { asleepAfterMs, Stalls, shouldCatchUp } from './edge-keeper.ts'
import type { Front } from './front.ts'
import type { PlayerState } from './player-state.ts'

/** Who paused for so long loads nothing more meanwhile. */
const suspendAfterMs = 20_000
/** Data is there and yet nothing moves: begin anew. */
const stuckAfterMs = 6_000
const freshForMs = 1_500

/** Keeps who follows a running stream at its edge: after stalls, sleep, and where a browser is stuck. */
export class EdgeWatch {
  readonly stalls = new Stalls()
  /** Nothing is loaded, as it was paused for long. */
  isSuspended = false
  readonly #front: Front
  readonly #state: PlayerState
  #tickedAt = 0
  #pausedAt = 0
  #freshAt = 0
  #movedAt = 0
  #lastS = 0

  constructor(front: Front, state: PlayerState) {
    this.#front = front
    this.#state = state
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
    const wasAsleep = this.#tickedAt > 0 && now - this.#tickedAt > asleepAfterMs
    this.#tickedAt = now
    this.#keep(wasAsleep)
    this.#suspend()
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
