import type { Feed, FeedFailed, Item, Place } from './feed.ts'
import { fragmentAt, mimeOf, secondsOf, segmentAt } from './manifest.ts'
import { Marks } from './marks.ts'
import { MediaBuffer, type Window } from './media-buffer.ts'
import { fetchPiece, type Piece } from './piece.ts'
import { isWithin, nextStart } from './ranges.ts'
import { SourceError, type TrackSource } from './source.ts'
import { endOf, type Stretch } from './stretch.ts'
import type { PlaybackManifest, Profile, Rendition } from './types.ts'
import { tellWholeFrame } from './whole-frame.ts'

export type Choose = (manifest: PlaybackManifest, current: Profile | null) => Rendition | null

interface MseFeedOptions {
  element: HTMLAudioElement
  source: TrackSource
  choose: Choose
  failed: FeedFailed
}

/** Seconds: loaded ahead, kept behind, and how near to the needle another quality may begin. */
const ahead = 40
const behind = 15
const margin = 1.5

/**
 * Our own loader, as hls.js cannot lay tracks sample by sample on one timeline (and is twenty times larger): each
 * track's fragments are appended at their exact place, windows cut priming and padding away.
 */
export class MseFeed implements Feed {
  readonly way = 'mse'
  readonly #options: MseFeedOptions
  readonly #buffer: MediaBuffer
  readonly #listening = new AbortController()
  #turn = new AbortController()
  /** In order of time; the last one is being written. */
  #stretches: Stretch[] = []
  #follower: Item | null | undefined
  /** Up to where the timeline is written, by what, and whether that goes on in the file. */
  #writtenTo = 0
  #writing: Rendition | null = null
  #isEnded = false
  /** The next fragment is the first after a seek. */
  #isFresh = true
  readonly #marks = new Marks()
  /** Where the needle will be when the element got there; until then its clock tells of the place it left. */
  #jumpingTo: number | null = null
  #hasJumped = false
  #goal = ahead
  #wake = () => {}

  constructor(options: MseFeedOptions) {
    this.#options = options
    const wake = () => this.#wake()
    this.#buffer = new MediaBuffer(options.element, wake)
    const listening = { signal: this.#listening.signal }
    for (const event of ['timeupdate', 'ratechange']) options.element.addEventListener(event, wake, listening)
    for (const event of ['seeked', 'playing', 'timeupdate'])
      options.element.addEventListener(event, () => this.#arrive(), listening)
    options.element.addEventListener('waiting', () => this.#refill(), listening)
    options.element.addEventListener('error', () => this.#fail(options.element.error), listening)
  }

  start(item: Item, seconds: number): void {
    // Beyond all that was ever written, as a removed frame may leave a remainder.
    const base = Math.ceil(Math.max(this.#writtenTo, this.#needle())) + (this.#stretches.length > 0 ? 1 : 0)
    this.#stretches = [{ item, base, manifest: null }]
    this.#follower = undefined
    this.#goTo(base + seconds)
  }

  follow(item: Item | null): void {
    const current = this.#current()
    const next = current && this.#stretches[this.#stretches.indexOf(current) + 1]
    const isThere = !!next && next.item.key === item?.key
    this.#follower = isThere ? undefined : item
    if (next && !isThere) this.#cutAfter(current)
    this.#wake()
  }

  seek(seconds: number): void {
    const stretch = this.#current()
    if (!stretch) return
    const to = Math.min(stretch.base + Math.max(seconds, 0), endOf(stretch) - 0.02)
    const { buffered } = this.#options.element
    if (this.#jumpingTo === null && isWithin(buffered, to)) this.#options.element.currentTime = to
    else {
      this.#stretches = [stretch]
      this.#goTo(to)
    }
  }

  place(): Place | null {
    const stretch = this.#current()
    if (!stretch) return null
    const { base } = stretch
    return {
      item: stretch.item,
      seconds: Math.max(this.#needle() - base, 0),
      duration: endOf(stretch) - base,
      bufferedTo: Math.min(this.#writtenTo, endOf(stretch)) - base,
      sounding: this.#marks.at(this.#needle()),
      isFollowed: this.#stretches.at(-1) !== stretch,
    }
  }

  /** From a fragment soon after the needle on; what is there already is written over. */
  refresh(): void {
    const stretch = this.#current()
    if (!stretch?.manifest || this.#jumpingTo !== null) return
    const from = this.#needle() + margin * this.#options.element.playbackRate
    const wanted = this.#options.choose(stretch.manifest, this.#writing?.profile ?? null)
    if (from >= endOf(stretch) || !wanted || wanted === this.#writing) return
    const start = secondsOf(
      wanted,
      fragmentAt(wanted, segmentAt(wanted, from - stretch.base) + 1)?.sample ?? 0,
    )
    if (start <= 0 || stretch.base + start >= this.#writtenTo) return
    this.#stretches.length = this.#stretches.indexOf(stretch) + 1
    this.#restart(stretch.base + start)
  }

  dispose(): void {
    this.#turn.abort()
    this.#listening.abort()
    this.#buffer.dispose()
  }

  #needle(): number {
    return this.#jumpingTo ?? this.#options.element.currentTime
  }

  #current(): Stretch | null {
    const needle = this.#needle()
    return this.#stretches.findLast(({ base }, at) => at === 0 || base <= needle) ?? null
  }

  #goTo(to: number): void {
    this.#jumpingTo = to
    this.#marks.clear()
    const turn = this.#restart(to, true)
    this.#hasJumped = false
    this.#buffer.jump(to).then(() => {
      if (!turn.signal.aborted) this.#hasJumped = true
    }, this.#fail)
  }

  #arrive(): void {
    const { seeking, currentTime } = this.#options.element
    if (this.#jumpingTo === null || !this.#hasJumped || seeking) return
    if (Math.abs(currentTime - this.#jumpingTo) < 1) this.#jumpingTo = null
  }

  /** What follows this stretch is another track now, or nothing. */
  #cutAfter(stretch: Stretch): void {
    this.#stretches.length = this.#stretches.indexOf(stretch) + 1
    const end = endOf(stretch)
    if (this.#writtenTo > end) this.#buffer.remove(end, Number.POSITIVE_INFINITY).catch(this.#fail)
    this.#restart(Math.min(this.#writtenTo, end))
  }

  #restart(from: number, isFresh = false): AbortController {
    this.#turn.abort()
    this.#turn = new AbortController()
    this.#writtenTo = from
    this.#writing = null
    this.#isEnded = false
    this.#isFresh = isFresh
    void this.#write(this.#turn.signal)
    return this.#turn
  }

  async #write(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const stretch = this.#isHungry() ? this.#takeStretch() : null
        if (stretch) await this.#writeMore(stretch, signal)
        else await this.#woken(signal)
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(error)
    }
  }

  #woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  #isHungry(): boolean {
    const { playbackRate } = this.#options.element
    return (
      this.#buffer.isStreaming && this.#writtenTo - this.#needle() < this.#goal * Math.max(1, playbackRate)
    )
  }

  /** The stretch to write on; null while nothing is known to follow. */
  #takeStretch(): Stretch | null {
    const last = this.#stretches.at(-1)
    if (!last?.manifest || this.#writtenTo < endOf(last) - 1e-6) return last ?? null
    if (this.#follower) {
      const stretch: Stretch = { item: this.#follower, base: endOf(last), manifest: null }
      this.#follower = undefined
      this.#stretches.push(stretch)
      this.#isEnded = false
      return stretch
    }
    if (this.#follower === null && !this.#isEnded) {
      this.#isEnded = true
      this.#buffer.end().catch(this.#fail)
    }
    return null
  }

  async #writeMore(stretch: Stretch, signal: AbortSignal): Promise<void> {
    const { source, choose } = this.#options
    const { id } = stretch.item.track
    if (!stretch.manifest) {
      const manifest = await source.manifest(id)
      signal.throwIfAborted()
      stretch.manifest = manifest
    }
    const rendition = choose(stretch.manifest, this.#writing?.profile ?? this.#marks.latest?.profile ?? null)
    if (!rendition) throw new SourceError('broken', 'no rendition that this browser decodes')
    const isSame = rendition === this.#writing
    const position = this.#writtenTo - stretch.base
    const join = isSame ? 'same' : this.#isFresh ? 'fresh' : 'other'
    const piece = await fetchPiece(source, { trackId: id, rendition, position, join }, signal)
    signal.throwIfAborted()
    await this.#append(stretch, rendition, piece, signal)
  }

  async #append(stretch: Stretch, rendition: Rendition, piece: Piece, signal: AbortSignal): Promise<void> {
    const { base } = stretch
    const { sample, samples } = piece.fragment
    const start = base + secondsOf(rendition, sample)
    const window = {
      mime: mimeOf(rendition),
      offset: base + secondsOf(rendition, 0),
      // After a seek the whole fragment may stay: one may go back a little.
      from: Math.max(base, this.#isFresh ? start : this.#writtenTo),
      to: endOf(stretch),
    }
    const isLast = sample + samples >= rendition.encoderDelay + rendition.sampleCount
    if (isLast) tellWholeFrame(piece.bytes, rendition)
    await this.#appendWhereRoom(piece.bytes, window, signal)
    signal.throwIfAborted()
    if (rendition !== this.#writing || this.#isFresh) this.#marks.add(window.from, rendition, this.#needle())
    this.#writing = rendition
    this.#isFresh = false
    this.#writtenTo = isLast ? window.to : base + secondsOf(rendition, sample + samples)
  }

  /** The browser keeps only so much: what was heard goes first, then loading ahead waits. */
  async #appendWhereRoom(bytes: ArrayBuffer, window: Window, signal: AbortSignal): Promise<void> {
    const { buffered } = this.#options.element
    const tail = this.#needle() - behind
    if (buffered.length > 0 && buffered.start(0) < tail - behind) await this.#buffer.remove(0, tail)
    for (;;) {
      signal.throwIfAborted()
      try {
        return await this.#buffer.append(bytes, window)
      } catch (error) {
        if ((error as Error).name !== 'QuotaExceededError' || signal.aborted) throw error
      }
      const needle = this.#needle()
      await this.#buffer.remove(0, Math.max(needle - 1, 0))
      this.#goal = Math.max(4, (this.#writtenTo - needle) * 0.7)
      while (!this.#isHungry() && !signal.aborted) await this.#woken(signal)
    }
  }

  /** A hole under the needle, as where the browser threw media away by itself: step over it, or load it again. */
  #refill(): void {
    const { element } = this.#options
    const needle = element.currentTime
    const isMissing = !isWithin(element.buffered, needle) && this.#writtenTo > needle + 0.5
    if (!isMissing || element.seeking || this.#jumpingTo !== null) return
    const after = nextStart(element.buffered, needle)
    if (after < needle + 0.3) element.currentTime = after
    else this.#goTo(needle)
  }

  /** A follower that fails is told when it is its turn: until then the current track plays on to its end. */
  readonly #fail = (error: unknown): void => {
    if (this.#listening.signal.aborted) return
    const current = this.#current()
    const last = this.#stretches.at(-1)
    this.#turn.abort()
    if (!current) return
    if (current === last || this.#options.element.error) this.#options.failed(current.item, error)
    else {
      this.#stretches.pop()
      this.#follower = null
      this.#restart(endOf(current))
    }
  }
}
