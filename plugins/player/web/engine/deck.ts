import type { Feed, FeedFailed, Item } from './feed.ts'
import { FileFeed } from './file-feed.ts'
import { fadeCurve } from './gain.ts'
import { type Graph, glide } from './graph.ts'
import { type Choose, MseFeed } from './mse-feed.ts'
import type { TrackSource } from './source.ts'
import type { Way } from './types.ts'

export interface DeckOptions {
  graph: Graph
  source: TrackSource
  choose: Choose
  /** Something about the element changed: time, data, end. */
  onChange: (deck: Deck, event: string) => void
  onFailed: (deck: Deck, ...failure: Parameters<FeedFailed>) => void
}

const watched = ['timeupdate', 'playing', 'waiting', 'ended', 'seeked', 'pause']
/** Long enough to hide the edge, too short to be heard as a fade. */
const edge = 0.012

/** One audio element with its own levels: the gain of its track, and the fader. */
export class Deck {
  readonly #options: DeckOptions
  readonly #gain: GainNode
  readonly #fader: GainNode
  element!: HTMLAudioElement
  feed: Feed | null = null
  #listening = new AbortController()
  #isRouted = false
  #pausing: ReturnType<typeof setTimeout> | undefined
  #level = 1
  speed = 1

  constructor(options: DeckOptions) {
    this.#options = options
    const { context, equaliser } = options.graph
    this.#gain = new GainNode(context)
    this.#fader = new GainNode(context)
    this.#gain.connect(this.#fader).connect(equaliser.input)
    this.#makeElement()
  }

  /** Whether levels reach it: Safari gives Web Audio only silence of a HLS playlist, so that goes around. */
  get isRouted(): boolean {
    return this.#isRouted
  }

  /** The volume, where the graph is not there to make it. */
  set level(level: number) {
    this.#level = level
    this.element.volume = this.#isRouted ? 1 : level
  }

  /** Gets ready to play in one way; a broken loader is replaced by a new one. */
  open(way: Way, isAnew = false): Feed {
    if (this.feed?.way === way && !isAnew) return this.feed
    this.close()
    if (way === 'hls' && this.#isRouted) this.#makeElement()
    if (way !== 'hls' && !this.#isRouted) this.#route()
    const { source, choose, onFailed } = this.#options
    const { element } = this
    const failed: FeedFailed = (item, error) => onFailed(this, item, error)
    this.feed =
      way === 'mse'
        ? new MseFeed({ element, source, choose, failed })
        : new FileFeed(way, element, source, failed)
    this.setSpeed(this.speed)
    this.level = this.#level
    return this.feed
  }

  /** Sound that is still there fades in an instant; the level is back before the new one can be heard. */
  start(way: Way, item: Item, seconds: number): void {
    const feed = this.open(way)
    const { currentTime } = this.#options.graph.context
    const isSilent = this.element.paused
    clearTimeout(this.#pausing)
    this.#pausing = undefined
    if (!isSilent) glide(this.#fader.gain, 0, currentTime, edge)
    else this.#fader.gain.cancelScheduledValues(currentTime)
    this.#fader.gain.setValueAtTime(1, isSilent ? currentTime : currentTime + 2 * edge)
    feed.start(item, seconds)
  }

  play(): Promise<void> {
    clearTimeout(this.#pausing)
    if (this.#pausing !== undefined) this.fade(1)
    this.#pausing = undefined
    return this.element.play()
  }

  pause(): void {
    if (this.element.paused) return
    this.fade(0)
    clearTimeout(this.#pausing)
    this.#pausing = setTimeout(() => this.element.pause(), edge * 2000)
  }

  /** The factor of its track: in a glide under what is heard, else at once. */
  setGain(factor: number, isHeard: boolean): void {
    const { currentTime } = this.#options.graph.context
    this.#gain.gain.cancelScheduledValues(currentTime)
    if (isHeard) glide(this.#gain.gain, factor, currentTime, 2 * edge)
    else this.#gain.gain.setValueAtTime(factor, currentTime)
  }

  /** Another factor so many seconds from now, for the track that begins then. */
  planGain(before: number, after: number, seconds: number): void {
    const { currentTime } = this.#options.graph.context
    this.#gain.gain.cancelScheduledValues(currentTime)
    this.#gain.gain.setValueAtTime(before, currentTime)
    this.#gain.gain.setValueAtTime(after, currentTime + Math.max(seconds, 0))
  }

  /** Its side of a crossfade from now on. */
  cross(side: 'in' | 'out', seconds: number): void {
    const { currentTime } = this.#options.graph.context
    this.#fader.gain.cancelScheduledValues(currentTime)
    this.#fader.gain.setValueCurveAtTime(fadeCurve(side), currentTime, seconds)
  }

  /** The fader, moved without a click. */
  fade(to: number): void {
    glide(this.#fader.gain, to, this.#options.graph.context.currentTime, edge)
  }

  setSpeed(speed: number): void {
    this.speed = speed
    this.element.preservesPitch = true
    // The default holds over a new source, which would begin at 1 again.
    this.element.defaultPlaybackRate = speed
    this.element.playbackRate = speed
  }

  close(): void {
    clearTimeout(this.#pausing)
    this.#pausing = undefined
    this.feed?.dispose()
    this.feed = null
    this.element.pause()
    this.element.removeAttribute('src')
    this.element.load()
  }

  #makeElement(): void {
    this.#listening.abort()
    this.#listening = new AbortController()
    this.element = new Audio()
    this.element.preload = 'auto'
    this.#isRouted = false
    for (const event of watched) {
      const told = () => this.#options.onChange(this, event)
      this.element.addEventListener(event, told, { signal: this.#listening.signal })
    }
  }

  #route(): void {
    const source = new MediaElementAudioSourceNode(this.#options.graph.context, {
      mediaElement: this.element,
    })
    source.connect(this.#gain)
    this.#isRouted = true
  }
}
