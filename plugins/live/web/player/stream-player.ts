import { batch, type ReadonlySignal } from '@preact/signals'
import type { Angle, Playback } from '../../contract.ts'
import type { CameraDesk } from './camera-desk.ts'
import type { Deck } from './deck.ts'
import { type Choice, type Delay, keepChoice, keepDelay } from './kept.ts'
import { type Line, PlayerState } from './player-state.ts'
import type { Source, Trouble } from './source.ts'
import { StreamCore } from './stream-core.ts'
import { Voice } from './voice.ts'

export interface PlayerOptions {
  /** A preview: silent, and without touching what the listener keeps. */
  isQuiet?: boolean
  /** Asks for a new address; the answer comes by `update`. */
  renew?: (() => Promise<void>) | undefined
}

const tickMs = 500
/** A picture that stands for so many looks waits. */
const stillTicks = 2
const renewAgainAfterMs = 60_000
const renewWithinMs = 3_000

/** One stream or recording on one screen: what it does now as signals, what can be done as methods. */
export class StreamPlayer {
  readonly source: Source
  readonly state = new PlayerState()
  readonly voice: Voice
  readonly #options: PlayerOptions
  #playback: Playback
  #core: StreamCore | null = null
  #stop = new AbortController()
  #renewedAt = Number.NEGATIVE_INFINITY
  #isRenewing = false
  #stoodAtS = Number.NaN
  #stoodFor = 0
  #wasStill = false

  constructor(source: Source, options: PlayerOptions = {}) {
    this.source = source
    this.#options = options
    this.#playback = source.playback
    this.voice = new Voice(options.isQuiet ?? false)
    if (options.isQuiet) this.state.quality.value = 'auto'
    this.state.cameras.value = source.playback.angles
  }

  get playback(): Playback {
    return this.#playback
  }
  get front(): Deck | null {
    return this.#core?.front.deck ?? null
  }
  get cameras(): CameraDesk | null {
    return this.#core?.cameras ?? null
  }
  /** The element to be seen, for full screen and picture in picture. */
  get video(): HTMLVideoElement | null {
    return this.#core?.cameras.deck?.media ?? this.#core?.front.deck.media ?? null
  }

  /** Plays on this screen; answers how to let it go. */
  attach(screen: HTMLElement): () => void {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    const core = new StreamCore(screen, this.source, {
      state: this.state,
      voice: this.voice,
      hooks: {
        heard: (event, media) => this.#heard(event, media),
        trouble: (trouble) => void this.#inTrouble(trouble),
      },
    })
    core.playback = this.#playback
    this.#core = core
    const timer = setInterval(() => this.#tick(), tickMs)
    signal.addEventListener('abort', () => clearInterval(timer))
    document.addEventListener('visibilitychange', () => this.#tick(), { signal })
    return () => {
      this.#stop.abort()
      core.close()
      this.#core = null
    }
  }

  /** Addresses, cameras or the main one changed. */
  update(playback: Playback): void {
    const before = this.#playback
    if (JSON.stringify(before) === JSON.stringify(playback)) return
    this.#playback = playback
    this.state.cameras.value = playback.angles
    const core = this.#core
    if (!core) return
    core.playback = playback
    if (this.#isRenewing && before.hls !== playback.hls) core.reopen()
    else core.follow()
    this.#isRenewing = false
  }

  /** With sound where the browser lets us, else silent with a way to the sound. */
  async play(): Promise<void> {
    const core = this.#core
    if (!core) return
    const { front } = core
    const { phase } = this.state
    if (phase.peek() === 'idle' || phase.peek() === 'failed') phase.value = 'starting'
    if (phase.peek() === 'ended') front.deck.media.currentTime = 0
    front.isWanted = true
    const { deck } = front
    if (!deck.link) await deck.open(null).catch(() => this.#tell('network'))
    // The main camera changed meanwhile: what was opened is gone already.
    if (front.deck !== deck && !front.deck.link) return this.play()
    if (this.#stop.signal.aborted || front.isJumping || core.resume()) return
    if (await front.start()) this.voice.allowed()
    else phase.value = 'paused'
  }

  toggle(): void {
    const front = this.#core?.front
    if (front?.isWanted && this.state.phase.peek() !== 'ended') front.pause()
    else void this.play()
  }

  /** The viewer asked for sound, and so for playing. */
  unmute(): void {
    this.voice.unmute()
    void this.play()
  }

  /** To a moment of the line: a date of a running stream, milliseconds of a recording. */
  seekTo(ms: number): void {
    const core = this.#core
    if (!core) return
    if (this.source.isLive) {
      core.seekLive(ms)
      return
    }
    const endMs = this.state.line.peek()?.toMs ?? ms
    core.front.deck.media.currentTime = Math.min(Math.max(0, ms), endMs) / 1000
    core.measure()
    if (this.state.phase.peek() !== 'ended') return
    // Nobody paused it: it goes on from here, and not from the beginning.
    this.state.phase.value = 'paused'
    void this.play()
  }

  /** The same, also where nothing plays yet or any more; `isPlaying`: it is not to stand there. */
  async goTo(ms: number, isPlaying = false): Promise<void> {
    const { phase } = this.state
    const before = phase.peek()
    if (before === 'idle') await this.play()
    else if (!this.source.isLive) await hasLength(this.state.line)
    this.seekTo(ms)
    if (isPlaying && before === 'paused') await this.play()
  }

  seekBy(seconds: number): void {
    const line = this.state.line.peek()
    if (line) this.seekTo(Math.min(Math.max(line.fromMs, line.atMs + seconds * 1000), line.toMs))
  }

  toStart(): void {
    const line = this.state.line.peek()
    if (line) this.seekTo(line.fromMs)
  }

  /** To what happens now; of a recording, its last second. */
  toEdge(): void {
    if (this.source.isLive) {
      this.#core?.toEdge()
      void this.play()
    } else this.seekTo((this.state.line.peek()?.toMs ?? 0) - 1_000)
  }

  chooseQuality(choice: Choice): void {
    this.state.quality.value = choice
    keepChoice(choice)
    this.#change()
  }

  /** At the edge at once; elsewhere when the edge is met again. */
  chooseDelay(delay: Delay): void {
    this.state.delay.value = delay
    keepDelay(delay)
    const core = this.#core
    if (!core) return
    core.isPoor = false
    core.edge.waits.forget()
    if (core.front.deck.program.kind === 'live' && this.state.isFollowing.peek()) core.beginAgain()
  }

  /** By number; null is the main one. */
  chooseCamera(camera: number | null): void {
    this.state.camera.value = camera
    this.state.notice.value = null
    this.#change()
  }

  /** This camera will probably be chosen. */
  warm(angle: Angle): void {
    if (this.state.canChooseCamera.peek()) this.#core?.cameras.warm(angle)
  }

  retry(): void {
    batch(() => {
      this.state.trouble.value = null
      this.state.phase.value = 'starting'
    })
    this.#core?.front.deck.link?.retry()
    void this.play()
  }

  #change(): void {
    if (!this.#core) return
    this.#core.isPoor = false
    this.#core.follow()
  }

  async #inTrouble(trouble: Trouble): Promise<void> {
    // The page heard of new addresses before: who may watch was changed.
    if (trouble === 'expired' && this.#core?.isOutdated) {
      this.#core.reopen()
      return
    }
    const { renew } = this.#options
    const now = performance.now()
    if (trouble !== 'expired' || !renew || now - this.#renewedAt < renewAgainAfterMs) {
      this.#tell(trouble)
      return
    }
    this.#renewedAt = now
    this.#isRenewing = true
    // The answer comes by `update`; without one, the viewer is asked.
    await renew().catch(() => undefined)
    setTimeout(() => this.#isRenewing && this.#tell(trouble), renewWithinMs)
  }

  #tell(trouble: Trouble): void {
    this.#isRenewing = false
    batch(() => {
      this.state.trouble.value = trouble
      if (trouble !== 'network' || !this.front?.link) this.state.phase.value = 'failed'
    })
  }

  #heard(event: string, media: HTMLVideoElement): void {
    const { phase, hasPicture, isFollowing } = this.state
    const isRunning = !media.paused && !media.ended
    if (event === 'playing' && isRunning) {
      phase.value = 'playing'
      this.#core?.edge.began()
    } else if (event === 'ended') phase.value = 'ended'
    else if (event === 'waiting' && isRunning) phase.value = 'waiting'
    else if (event === 'pause' && !media.ended && phase.peek() !== 'starting') {
      this.#core?.edge.paused()
      phase.value = 'paused'
      isFollowing.value = false
    } else if (event === 'loadeddata') hasPicture.value = media.videoWidth > 0
    this.#core?.measure()
  }

  #tick(): void {
    this.#core?.measure()
    if (this.source.isLive) this.#core?.edge.tick()
    this.#lookAtMedia()
  }

  /** Elements that were changed or sought while nothing came do not always tell that they wait, or play again. */
  #lookAtMedia(): void {
    const front = this.#core?.front
    if (!front || front.isJumping || front.deck.media.paused) return
    const { phase } = this.state
    const { currentTime } = front.deck.media
    this.#stoodFor = currentTime === this.#stoodAtS ? this.#stoodFor + 1 : 0
    this.#stoodAtS = currentTime
    const isStill = this.#stoodFor >= stillTicks
    if (phase.peek() === 'playing' && isStill) phase.value = 'waiting'
    else if (phase.peek() === 'waiting' && this.#wasStill && this.#stoodFor === 0) phase.value = 'playing'
    this.#wasStill = isStill
  }
}

/** A recording that begins to load goes to its beginning, wherever it was sent before. */
function hasLength(line: ReadonlySignal<Line | null>): Promise<void> {
  return new Promise((resolve) => {
    const leave = line.subscribe((now) => {
      if (!now || now.toMs === 0) return
      resolve()
      queueMicrotask(() => leave())
    })
  })
}
