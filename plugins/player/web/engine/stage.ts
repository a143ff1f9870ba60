import { crossWhenHeard } from './crossfade.ts'
import { Deck } from './deck.ts'
import type { Item, Place } from './feed.ts'
import { fadeSeconds } from './gain.ts'
import { faultOf } from './source.ts'
import type { StageOptions } from './stage-options.ts'
import { isAwake, startSound } from './start-sound.ts'
import type { PlayerStatus } from './types.ts'

/** Seconds before its turn that the other deck loads. */
const prepareAhead = 12
/** Timers in a page that is heard are this exact; a look at the clock is due before. */
const nearby = 0.6

/** Two decks: one is heard, the other one waits for its turn or fades out. */
export class Stage {
  status: PlayerStatus = 'idle'
  readonly #options: StageOptions
  #front: Deck
  #back: Deck
  #item: Item | null = null
  #follower: Item | null = null
  #prepared: Item | null = null
  #wants = false
  #fading: ReturnType<typeof setTimeout> | undefined
  #alarm: ReturnType<typeof setTimeout> | undefined
  #stall: ReturnType<typeof setTimeout> | undefined
  /** The item whose gain is already planned for the boundary. */
  #planned: Item | null = null

  constructor(options: StageOptions) {
    this.#options = options
    this.#front = this.#makeDeck()
    this.#back = this.#makeDeck()
    options.graph.context.addEventListener('statechange', this.#wakeUp)
  }

  place(): Place | null {
    return this.#item && (this.#front.feed?.place() ?? null)
  }

  /** Opens the loader before anything is asked of it: a click then has less to wait for. */
  open(): void {
    if (!this.#front.feed) this.#front.open(this.#options.ways[0]!)
  }

  begin(item: Item, seconds: number): void {
    this.#endFade()
    this.#item = item
    this.#follower = null
    this.#front.start(this.#options.ways[0]!, item, seconds)
    this.#applyGain(this.#front, item)
    this.#wants = true
    this.#setStatus('loading')
    this.#start()
  }

  /** What comes by itself after the item that is heard. */
  follow(item: Item | null): void {
    this.#follower = item
    if (this.#prepared && this.#prepared.key !== item?.key) {
      this.#prepared = null
      this.#back.close()
    }
    this.#front.feed?.follow(item && this.#isSeamless(item) ? item : null)
    this.#look()
  }

  play(): void {
    if (!this.#item) return
    this.#wants = true
    this.#setStatus('loading')
    this.#start()
  }

  pause(): void {
    this.#wants = false
    this.#endFade()
    this.#front.pause()
    this.#setStatus('paused')
  }

  seek(seconds: number): void {
    this.#endFade()
    this.#front.feed?.seek(seconds)
    this.#planned = null
    if (this.#item) this.#applyGain(this.#front, this.#item)
    this.#options.onChange()
  }

  stop(): void {
    this.#wants = false
    this.#endFade()
    this.#front.close()
    this.#item = null
    this.#follower = null
    this.#setStatus('idle')
  }

  /** Settings changed: speed now, gain in a glide, quality from a near fragment on. */
  refresh(speed: number, level: number): void {
    for (const deck of [this.#front, this.#back]) {
      if (deck.speed !== speed) deck.setSpeed(speed)
      // What does not pass through the graph has its volume from the element.
      deck.level = level
    }
    this.#planned = null
    if (this.#item) this.#applyGain(this.#front, this.#item)
    this.#front.feed?.refresh()
    this.follow(this.#follower)
  }

  dispose(): void {
    this.stop()
    this.#back.close()
    clearTimeout(this.#alarm)
    clearTimeout(this.#stall)
  }

  #makeDeck(): Deck {
    return new Deck({
      ...this.#options,
      onChange: (deck, event) => this.#changed(deck, event),
      onFailed: (deck, item, error) => this.#failed(deck, item, error),
    })
  }

  /** One timeline can carry both, and no fade is wished. */
  #isSeamless(next: Item): boolean {
    if (this.#front.feed?.way !== 'mse' || !this.#item) return false
    return this.#fadeTo(next) === 0
  }

  #fadeTo(next: Item): number {
    const track = this.place()?.item.track ?? this.#item?.track
    return track && this.#front.isRouted ? fadeSeconds(track, next.track, this.#options.crossfadeMs()) : 0
  }

  #start(): void {
    const deck = this.#front
    startSound(deck, this.#options.graph.context, () => {
      if (deck !== this.#front || !this.#wants) return
      deck.element.pause()
      this.#setStatus('blocked')
    })
  }

  /** After a phone call and the like. */
  readonly #wakeUp = () => {
    const { context } = this.#options.graph
    if (this.#wants && this.status !== 'blocked' && !isAwake(context)) context.resume().catch(() => {})
  }

  #changed(deck: Deck, event: string): void {
    if (deck !== this.#front || !this.#item) return
    if (event === 'playing' || event === 'seeked') this.#settle()
    if (event === 'waiting' && this.status === 'playing') this.#stallSoon()
    if (event === 'ended') this.#ended()
    else this.#look()
  }

  #settle(): void {
    const { paused, readyState } = this.#front.element
    if (this.#wants && !paused && readyState > 2) this.#setStatus('playing')
  }

  /** A seek within what is loaded makes the element wait for a moment, too: that is none. */
  #stallSoon(): void {
    clearTimeout(this.#stall)
    this.#stall = setTimeout(() => {
      if (this.status === 'playing' && this.#front.element.readyState < 3) this.#setStatus('stalled')
    }, 200)
  }

  /** Reads the needle: has the next one begun, is it time for the other deck, for a gain, for another look? */
  #look(): void {
    clearTimeout(this.#alarm)
    const place = this.place()
    if (!place) return
    if (place.item !== this.#item) this.#passed(place.item)
    this.#options.onChange()
    if (this.status !== 'playing') return
    const left = (place.duration - place.seconds) / this.#front.speed
    const next = this.#follower
    if (next && place.isFollowed) this.#planGain(next, left)
    const fade = next && !place.isFollowed ? this.#fadeTo(next) / this.#front.speed : 0
    if (next && !place.isFollowed && !this.#isSeamless(next)) {
      if (left < fade + prepareAhead) this.#prepare(next)
      if (fade > 0 && left <= fade + 0.02) this.#handOver(next, fade)
    }
    const due = left - fade
    if (due < nearby && this.#item === place.item)
      this.#alarm = setTimeout(() => this.#look(), Math.max(due * 1000, 4))
  }

  #passed(item: Item): void {
    this.#item = item
    if (this.#planned !== item) this.#applyGain(this.#front, item)
    this.#planned = null
    this.#follower = null
    this.#options.onMoved(item)
  }

  #prepare(next: Item): void {
    if (this.#prepared?.key === next.key || this.#fading !== undefined) return
    this.#prepared = next
    this.#back.start(this.#options.ways[0]!, next, 0)
    this.#applyGain(this.#back, next)
    this.#back.feed?.follow(null)
  }

  /** The other deck is the one that is heard from now on; what was heard fades away under it. */
  #handOver(next: Item, fade: number): void {
    this.#endFade()
    this.#prepare(next)
    this.#prepared = null
    const old = this.#front
    this.#front = this.#back
    this.#back = old
    this.#item = next
    this.#follower = null
    this.#front.setSpeed(old.speed)
    if (fade > 0) this.#crossFrom(old, fade)
    else old.close()
    this.#setStatus('loading')
    this.#start()
    this.#options.onMoved(next)
  }

  #crossFrom(old: Deck, fade: number): void {
    const close = (seconds: number) => {
      clearTimeout(this.#fading)
      this.#fading = setTimeout(() => {
        this.#fading = undefined
        old.close()
      }, seconds * 1000)
    }
    close(fade + 1)
    const deck = this.#front
    crossWhenHeard(deck, old, () => this.#front === deck && this.#fading !== undefined, close)
  }

  /** Whoever seeks, pauses or skips in a fade hears only the new one from then on. */
  #endFade(): void {
    if (this.#fading !== undefined) {
      clearTimeout(this.#fading)
      this.#fading = undefined
      this.#front.fade(1)
      this.#back.close()
    }
  }

  #applyGain(deck: Deck, item: Item): void {
    const isHeard = !deck.element.paused && item.key === this.#item?.key
    deck.setGain(this.#options.factor(item), isHeard)
  }

  /** The next track's gain begins with its first sample, as near as the element's clock tells. */
  #planGain(next: Item, left: number): void {
    if (left > nearby) return
    this.#planned = next
    this.#front.planGain(this.#options.factor(this.#item!), this.#options.factor(next), left)
  }

  #ended(): void {
    const next = this.#follower
    if (next && this.#wants) this.#handOver(next, 0)
    else {
      this.#wants = false
      this.#setStatus('ended')
      this.#options.onEnded()
    }
  }

  /** The next way gets a try; a track that the server does not give is lost whatever the way. */
  #failed(deck: Deck, item: Item, error: unknown): void {
    if (deck !== this.#front) {
      // It is tried again, and told, when it is its turn.
      deck.close()
      this.#prepared = null
      return
    }
    const { ways, onFailed } = this.#options
    const other = deck.feed && ways[ways.indexOf(deck.feed.way) + 1]
    const kind = faultOf(error)
    if (kind !== 'broken' || !other) {
      onFailed(item, kind)
      return
    }
    const at = deck.feed?.place()?.seconds ?? 0
    deck.open(other, true).start(item, at)
    if (this.#wants) this.#start()
  }

  #setStatus(status: PlayerStatus): void {
    const isNew = status !== this.status
    this.status = status
    if (isNew) this.#options.onChange()
  }
}
