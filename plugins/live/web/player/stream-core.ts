import { batch } from '@preact/signals'
import type { Playback } from '../../contract.ts'
import { CameraDesk } from './camera-desk.ts'
import type { Deck } from './deck.ts'
import { EdgeWatch } from './edge-watch.ts'
import { Front } from './front.ts'
import { isHeld } from './hand-over.ts'
import { LiveLine } from './live-line.ts'
import { type Place, placeOf } from './place.ts'
import type { PlayerState } from './player-state.ts'
import { rungFor } from './quality.ts'
import { type From, isSameMedia, offsetMsOf, type Program, type Source, type Trouble } from './source.ts'
import type { Voice } from './voice.ts'
import { type Plan, planFor } from './wish.ts'

interface Hooks {
  heard(event: string, media: HTMLVideoElement): void
  trouble(trouble: Trouble): void
}

const slideAgainAfterMs = 5_000
const noticeMs = 10_000

/** Which playlist plays what is wanted, and the ways from one to another. */
export class StreamCore {
  playback: Playback
  isPoor = false
  readonly front: Front
  readonly cameras: CameraDesk
  readonly edge: EdgeWatch
  readonly #source: Source
  readonly #state: PlayerState
  readonly #line: LiveLine

  constructor(
    screen: HTMLElement,
    source: Source,
    parts: { state: PlayerState; voice: Voice; hooks: Hooks },
  ) {
    const { state, voice, hooks } = parts
    this.#source = source
    this.#state = state
    this.playback = source.playback
    this.#line = new LiveLine(source, (url) => this.#offsetMs(url))
    const front = new Front(this.#plan().front, {
      screen,
      voice,
      clock: (deck) => this.#clock(deck),
      heard: (event, media) => hooks.heard(event, media),
      changed: () => this.#inFront(),
      news: {
        trouble: (trouble) => hooks.trouble(trouble),
        well: () => {
          state.trouble.value = null
        },
        serverTime: (at) => this.#line.serverTime(at),
        stalled: () => {
          state.stalls.value += 1
        },
        changed: () => this.#listChanged(),
      },
    })
    this.front = front
    this.edge = new EdgeWatch(front, state, {
      isGrowing: () => this.#line.isGrowing,
      poor: () => this.#poor(),
    })
    this.cameras = new CameraDesk(state, {
      screen,
      soundMs: () => (front.isJumping ? null : this.#clock(front.deck)),
      isRunning: () => !front.deck.media.paused && state.phase.peek() === 'playing',
      isLive: () => this.#source.isLive,
    })
    voice.speakBy(front.deck.media)
  }

  close(): void {
    this.cameras.close()
    this.front.close()
  }

  /** Brings what plays to what is wanted, without losing the moment. */
  follow(): void {
    const plan = this.#plan()
    const { link } = this.front.deck
    const isElsewhere = this.#isElsewhere(plan)
    if (isElsewhere && link) void this.#slide(plan)
    else if (isElsewhere) this.front.replace(plan.front)
    // A picture that is not wanted any more stays until the new one is there below it.
    if (!isElsewhere || plan.picture) this.#dress(plan)
  }

  #isElsewhere({ front }: Plan): boolean {
    const { program } = this.front.deck
    return program.kind !== 'dvr' && !isSameMedia(program.url, front.url)
  }

  /** What was wanted may have changed while it was made ready, as when one camera after the other is lost. */
  #lookAgain(): void {
    const { deck, isChanging } = this.front
    if (!isChanging && !deck.stop.signal.aborted && this.#isElsewhere(this.#plan())) this.follow()
  }

  async #slide({ front: program }: Plan): Promise<void> {
    const before = this.front.deck
    // The camera that was seen is gone for good, the show goes on with another.
    if (before.media.ended && this.front.isWanted) this.#state.phase.value = 'waiting'
    const isThere = await this.front.slide(program, this.#offsetMs(program.url))
    if (isThere) this.#lookAgain()
    if (isThere || this.front.isChanging || before.stop.signal.aborted) return
    this.#dress(this.#plan())
    // Not to be had just now; what played goes on.
    setTimeout(() => before === this.front.deck && this.follow(), slideAgainAfterMs)
  }

  /** To a moment of a running stream, from whichever playlist has it. */
  seekLive(atMs: number): void {
    const place = this.#placeOf(atMs)
    const { dvr } = this.playback
    if (place === 'edge') this.toEdge()
    else if (place === 'dvr' && dvr) this.#goTo({ kind: 'dvr', url: dvr }, atMs)
    else if (place) this.#goTo(this.#plan().front, atMs)
  }

  toEdge(): void {
    this.#state.isFollowing.value = true
    this.front.isWanted = true
    const { program, link, media } = this.front.deck
    const edge = link?.edgeS() ?? null
    const isAway = program.kind !== 'live' || this.edge.isSuspended || this.isPoor
    // Who asks for it gets the list with parts once more.
    this.isPoor = false
    if (isAway) this.beginAgain()
    else if (edge !== null) media.currentTime = edge
  }

  /** From the edge, by what is wanted now. */
  beginAgain(): void {
    this.#jump(this.#plan().front, null)
  }

  /** After a pause: from another playlist where this one does not hold the moment any more. True when that plays it. */
  resume(): boolean {
    const { deck } = this.front
    const at = this.#clock(deck)
    const { dvr } = this.playback
    const isBehind = deck.program.kind === 'live' && !this.#state.isFollowing.peek()
    if (isBehind && at !== null && dvr && this.#placeOf(at) === 'dvr') {
      this.#goTo({ kind: 'dvr', url: dvr }, at)
      return true
    }
    if (this.edge.isSuspended) deck.link?.resume()
    this.edge.opened()
    return false
  }

  /** What plays comes from addresses that others have taken the place of. */
  get isOutdated(): boolean {
    const { hls, hlsPlain, dvr, audio, angles } = this.playback
    const good: (string | null)[] = [hls, hlsPlain, dvr, audio, ...angles.map((angle) => angle.hls)]
    return !good.includes(this.front.deck.program.url)
  }

  /** The same from a new address. */
  reopen(): void {
    this.#state.trouble.value = null
    const { program, media } = this.front.deck
    const { dvr } = this.playback
    const at = this.front.deck.momentMs()
    if (program.kind === 'recording') this.#jump(this.#plan().front, { atS: media.currentTime })
    else if (program.kind === 'dvr' && dvr && at !== null) this.#jump({ kind: 'dvr', url: dvr }, { atMs: at })
    else this.beginAgain()
  }

  /** Where it is, and how late. */
  measure(): void {
    const { deck, isJumping } = this.front
    if (isJumping) return
    const { media } = deck
    const { line, delayS } = this.#state
    if (!this.#source.isLive) {
      const toMs = Number.isFinite(media.duration) ? media.duration * 1000 : 0
      const atMs = Math.min(media.currentTime * 1000, toMs)
      line.value = { fromMs: 0, toMs, atMs, bufferedToMs: deck.bufferedToS() * 1000 }
      return
    }
    const [atMs, own] = [this.#clock(deck), deck.momentMs()]
    if (atMs === null || own === null) return
    batch(() => {
      this.#show(atMs, (deck.bufferedToS() - media.currentTime) * 1000)
      delayS.value = this.#line.delayS(own)
    })
  }

  #plan(): Plan {
    const { playback, isPoor } = this
    const { quality, camera } = this.#state
    const { isLive } = this.#source
    return planFor({ playback, isLive, quality: quality.peek(), camera: camera.peek(), isPoor })
  }

  #offsetMs(url: string): number {
    return offsetMsOf(this.playback, url)
  }

  /** On the main camera's clock. */
  #clock(deck: Deck): number | null {
    const at = deck.momentMs()
    return at === null ? null : at + this.#offsetMs(deck.program.url)
  }

  #placeOf(atMs: number): Place | null {
    const { deck } = this.front
    const live = this.#line.live(deck)
    const { targetMs } = this.#line
    const [hasDvr, isInDvr] = [this.playback.dvr !== null, deck.program.kind === 'dvr']
    return live && placeOf(atMs, { live, targetMs, hasDvr, isInDvr })
  }

  /** Picture and rung as they are wanted. */
  #dress(plan: Plan): void {
    const { quality, rungs, canChooseCamera } = this.#state
    const { deck } = this.front
    canChooseCamera.value = deck.program.kind !== 'dvr'
    const picture = canChooseCamera.peek() ? plan.picture : null
    this.cameras.lay(picture, this.playback)
    const isUnseen = picture !== null || quality.peek() === 'audio'
    deck.link?.choose(rungFor(quality.peek(), rungs.peek())?.index ?? null, isUnseen)
  }

  #goTo(program: Program, atMs: number): void {
    this.#state.isFollowing.value = false
    const { deck } = this.front
    const localMs = atMs - this.#offsetMs(program.url)
    const isHere = isSameMedia(deck.program.url, program.url) && !this.edge.isSuspended
    const position = isHere ? deck.link?.positionOf(localMs) : null
    if (typeof position === 'number') deck.media.currentTime = position
    else this.#jump(program, { atMs: localMs })
    this.#show(atMs, 0)
  }

  #jump(program: Program, from: From): void {
    if (this.front.isWanted) this.#state.phase.value = 'waiting'
    void this.front.jump(program, from).then(() => this.#lookAgain())
  }

  #show(atMs: number, aheadMs: number): void {
    const hasDvr = this.playback.dvr !== null
    this.#line.show(this.#state, this.front.deck, { atMs, aheadMs, hasDvr })
  }

  #inFront(): void {
    // The first deck is there before the rest.
    if (!this.cameras) return
    const { deck, isWanted } = this.front
    const { phase, hasPicture } = this.#state
    this.edge.opened()
    hasPicture.value = deck.media.videoWidth > 0
    this.#listChanged()
    this.#dress(this.#plan())
    // What it told before it was in front, nobody heard.
    if (!deck.media.paused) phase.value = isHeld(deck.media) ? 'waiting' : 'playing'
    else if (!isWanted && phase.peek() !== 'idle') phase.value = 'paused'
    this.measure()
  }

  #listChanged(): void {
    const { deck } = this.front
    const rungs = deck.rungs()
    const { rungs: known } = this.#state
    if (rungs.length > 0 && JSON.stringify(rungs) !== JSON.stringify(known.peek())) {
      known.value = rungs
      this.#dress(this.#plan())
    }
    this.#line.heard(deck)
  }

  #poor(): void {
    if (this.isPoor || this.front.deck.program.url !== this.playback.hls) return
    this.isPoor = true
    this.#state.say({ kind: 'steadier', angle: null }, noticeMs)
    this.beginAgain()
  }
}
