import { Deck } from './deck.ts'
import { align, type Clock, canGoOnFrom, fade } from './hand-over.ts'
import type { From, LinkNews, Program } from './source.ts'
import type { Voice } from './voice.ts'

interface Options {
  screen: HTMLElement
  voice: Voice
  news: LinkNews
  /** What the element in front says: names of media events. */
  heard(event: string, media: HTMLVideoElement): void
  /** Another deck is in front. */
  changed(deck: Deck): void
  clock: Clock
}

const events = ['playing', 'waiting', 'pause', 'ended', 'loadeddata', 'timeupdate', 'durationchange']
const readyWithinMs = 12_000

/** The deck that is heard, and the change from one to another. */
export class Front {
  deck: Deck
  /** What the viewer wants, whatever the elements do just now. */
  isWanted = false
  readonly #options: Options
  #next: Deck | null = null
  #isJumping = false
  /** How many wait for the browser's word that it plays. */
  #starting = 0

  constructor(program: Program, options: Options) {
    this.#options = options
    this.deck = new Deck(program, options.screen, 'front')
    this.#bringForward(this.deck)
  }

  /** The picture is about to jump: what the old element says is of no interest. */
  get isJumping(): boolean {
    return this.#isJumping
  }

  get isChanging(): boolean {
    return this.#next !== null
  }

  /** Another program where nothing was loaded yet. */
  replace(program: Program): void {
    this.#drop()
    this.#bringForward(new Deck(program, this.#options.screen, 'front'))
    this.#options.voice.speakBy(this.deck.media)
  }

  /** Goes on with another program at another moment; the last picture stays until the new one is there. */
  async jump(program: Program, from: From): Promise<void> {
    const next = this.#prepare(program)
    this.#isJumping = true
    this.deck.media.pause()
    await next.open(from).catch(() => this.#options.news.trouble('network'))
    // What takes longer than this has trouble of its own, which is told of the deck in front.
    await next.ready(readyWithinMs)
    if (this.#next !== next) return
    this.#bringForward(next)
    this.#options.voice.speakBy(next.media)
    if (this.isWanted) await this.start()
  }

  /** Goes on with another program at the same moment; nobody notices. False where that could not be. */
  async slide(program: Program, offsetMs: number): Promise<boolean> {
    const old = this.deck
    const { clock, voice } = this.#options
    const at = clock(old)
    if (at === null || !canGoOnFrom(old.media)) {
      await this.jump(program, null)
      return true
    }
    const next = this.#prepare(program)
    await next.open({ atMs: at - offsetMs }).catch(() => undefined)
    const isInStep = await align(next, old, clock)
    if (this.#next !== next) return false
    if (!isInStep) {
      this.#drop()
      return false
    }
    if (voice.isAudible && !old.media.paused) await fade(old, next, voice.volume.peek())
    if (this.#next !== next) return false
    this.#bringForward(next)
    voice.speakBy(next.media)
    if (this.isWanted) await this.start()
    else next.media.pause()
    return true
  }

  /** Plays; silent where the browser allows no sound by itself. False when it allows nothing. */
  async start(): Promise<boolean> {
    const { media, stop } = this.deck
    this.isWanted = true
    this.#starting += 1
    try {
      if (await started(media)) return true
      if (stop.signal.aborted) return true
      return await this.#options.voice.playSilent(media)
    } finally {
      this.#starting -= 1
    }
  }

  pause(): void {
    this.isWanted = false
    this.deck.media.pause()
    if (this.#isJumping) this.#options.heard('pause', this.deck.media)
  }

  close(): void {
    this.#drop()
    this.deck.close()
  }

  #prepare(program: Program): Deck {
    this.#drop()
    const next = new Deck(program, this.#options.screen, 'next')
    const { trouble, well, serverTime } = this.#options.news
    next.news = { ...next.news, trouble, well, serverTime }
    this.#next = next
    return next
  }

  #drop(): void {
    this.#next?.close()
    this.#next = null
    this.#isJumping = false
  }

  #bringForward(deck: Deck): void {
    const old = this.deck
    this.#next = null
    this.#isJumping = false
    this.deck = deck
    deck.news = this.#options.news
    deck.media.className = ''
    for (const name of events)
      deck.media.addEventListener(name, () => this.#heard(name, deck), { signal: deck.stop.signal })
    if (old !== deck) old.close()
    this.#options.changed(deck)
  }

  #heard(name: string, deck: Deck): void {
    if (deck !== this.deck || this.#isJumping) return
    // Safari stops what has a sound before it says that it plays only silently: nobody paused that.
    const isRefusal = name === 'pause' && this.#starting > 0 && this.isWanted
    if (!isRefusal) this.#options.heard(name, deck.media)
  }
}

/** True unless the browser refused; being interrupted by a new load is no refusal. */
async function started(media: HTMLVideoElement): Promise<boolean> {
  try {
    await media.play()
    return true
  } catch (error) {
    return !(error instanceof DOMException && error.name === 'NotAllowedError')
  }
}
