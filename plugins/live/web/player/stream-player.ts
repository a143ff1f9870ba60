import { batch, signal } from '@preact/signals'
import type { MediaLink, Source, Trouble } from './source.ts'
import { keepVolume, readVolume } from './volume.ts'

export type Phase = 'idle' | 'starting' | 'playing' | 'paused' | 'waiting' | 'ended' | 'failed'

interface Options {
  /** A preview: silent, and without touching what the listener keeps as volume. */
  isQuiet?: boolean
}

const tickMs = 500
/** Worse than this is a clock that is set wrong, not a stream that is late. */
const wrongClockMs = 2_000

/** One stream or recording in one video element: what it does now as signals, what can be done as methods. */
export class StreamPlayer {
  readonly source: Source
  readonly phase = signal<Phase>('idle')
  readonly trouble = signal<Trouble | null>(null)
  /** What the browser's autoplay rule asks the viewer to press for. */
  readonly blocked = signal<'sound' | 'play' | null>(null)
  readonly volume = signal(1)
  readonly isMuted = signal(false)
  readonly positionS = signal(0)
  readonly durationS = signal(0)
  readonly bufferedS = signal(0)
  /** How far behind the publisher's clock this viewer is; null until it can be told. */
  readonly delayS = signal<number | null>(null)
  readonly hasPicture = signal(false)
  readonly #isQuiet: boolean
  #video: HTMLVideoElement | null = null
  #link: MediaLink | null = null
  #opening: Promise<void> | null = null
  #clockOffsetMs = 0
  #stop = new AbortController()

  constructor(source: Source, { isQuiet = false }: Options = {}) {
    this.source = source
    this.#isQuiet = isQuiet
    const kept = readVolume()
    this.volume.value = kept.volume
    this.isMuted.value = isQuiet || kept.isMuted
  }

  /** Takes the element over; answers how to let it go. */
  attach(video: HTMLVideoElement): () => void {
    this.#stop = new AbortController()
    this.#video = video
    video.volume = this.volume.peek()
    video.muted = this.isMuted.peek()
    this.#listen(video)
    const timer = setInterval(() => this.#measure(), tickMs)
    this.#stop.signal.addEventListener('abort', () => clearInterval(timer))
    return () => {
      this.#stop.abort()
      this.#link?.close()
      this.#link = null
      this.#opening = null
      this.#video = null
    }
  }

  /** Plays with sound where the browser lets us, else silent with a way to the sound. */
  async autoplay(): Promise<void> {
    const video = this.#video
    if (!video) return
    this.phase.value = 'starting'
    await this.#open(video)
    if (await started(video)) return
    if (this.#stop.signal.aborted) return
    const wasMuted = video.muted
    video.muted = true
    const isSilent = await started(video)
    if (this.#stop.signal.aborted) return
    if (isSilent && !wasMuted) this.blocked.value = 'sound'
    if (isSilent) return
    video.muted = wasMuted
    this.blocked.value = 'play'
    this.phase.value = 'paused'
  }

  async play(): Promise<void> {
    const video = this.#video
    if (!video) return
    if (this.phase.peek() === 'idle') this.phase.value = 'starting'
    if (this.phase.peek() === 'ended') video.currentTime = 0
    await this.#open(video)
    if (await started(video)) this.blocked.value = null
  }

  toggle(): void {
    const video = this.#video
    if (!video) return
    if (video.paused) void this.play()
    else video.pause()
  }

  /** The viewer asked for sound: their volume, at least a little of it. */
  unmute(): void {
    this.blocked.value = null
    this.setVolume(Math.max(this.volume.peek(), 0.1))
    void this.play()
  }

  toggleMute(): void {
    if (!this.#video) return
    if (this.#video.muted) {
      this.unmute()
      return
    }
    this.#video.muted = true
    this.#keep()
  }

  setVolume(volume: number): void {
    if (!this.#video) return
    this.#video.volume = Math.min(1, Math.max(0, volume))
    this.#video.muted = volume <= 0
    if (volume > 0) this.blocked.value = null
    this.#keep()
  }

  seekTo(seconds: number): void {
    const video = this.#video
    if (!video) return
    const end = Number.isFinite(video.duration) ? video.duration : this.durationS.peek()
    video.currentTime = Math.min(Math.max(0, seconds), Math.max(0, end))
    this.positionS.value = video.currentTime
  }

  seekBy(seconds: number): void {
    this.seekTo((this.#video?.currentTime ?? 0) + seconds)
  }

  toEdge(): void {
    const edge = this.#link?.edgeS() ?? null
    if (this.#video && edge !== null) this.#video.currentTime = edge
    void this.play()
  }

  retry(): void {
    batch(() => {
      this.trouble.value = null
      this.phase.value = 'starting'
    })
    if (this.#link) this.#link.retry()
    void this.play()
  }

  async #open(video: HTMLVideoElement): Promise<void> {
    if (this.#link) return
    this.#opening ??= this.#load(video)
    await this.#opening
  }

  async #load(video: HTMLVideoElement): Promise<void> {
    const { signal: stopped } = this.#stop
    try {
      const { openLink } = await import('./link.ts')
      const link = await openLink(video, this.source, {
        trouble: (trouble) => this.#inTrouble(trouble),
        well: () => {
          this.trouble.value = null
        },
        serverTime: (at) => {
          const offset = at - Date.now()
          this.#clockOffsetMs = Math.abs(offset) > wrongClockMs ? offset : 0
        },
      })
      if (stopped.aborted) link.close()
      else this.#link = link
    } catch {
      this.#opening = null
      if (!stopped.aborted) this.#inTrouble('network')
    }
  }

  #inTrouble(trouble: Trouble): void {
    batch(() => {
      this.trouble.value = trouble
      if (trouble !== 'network' || !this.#link) this.phase.value = 'failed'
    })
  }

  #listen(video: HTMLVideoElement): void {
    const on = (name: string, work: () => void) =>
      video.addEventListener(name, work, { signal: this.#stop.signal })
    const become = (phase: Phase) => () => {
      this.phase.value = phase
    }
    on('playing', become('playing'))
    on('ended', become('ended'))
    on('waiting', () => {
      if (!video.paused && !video.ended) this.phase.value = 'waiting'
    })
    on('pause', () => {
      if (!video.ended && this.phase.peek() !== 'starting') this.phase.value = 'paused'
    })
    on('loadeddata', () => {
      this.hasPicture.value = true
    })
    on('timeupdate', () => this.#measure())
    on('durationchange', () => {
      if (Number.isFinite(video.duration)) this.durationS.value = video.duration
    })
    on('volumechange', () => {
      this.volume.value = video.volume
      this.isMuted.value = video.muted
    })
  }

  #measure(): void {
    const video = this.#video
    if (!video) return
    const { buffered, currentTime } = video
    batch(() => {
      this.positionS.value = currentTime
      for (let at = 0; at < buffered.length; at += 1)
        if (buffered.start(at) <= currentTime + 0.1) this.bufferedS.value = buffered.end(at)
      this.delayS.value = this.#delay()
    })
  }

  #delay(): number | null {
    if (!this.source.isLive || !this.hasPicture.peek()) return null
    const at = this.#link?.playingDate()
    if (!at) return null
    return Math.max(0, Date.now() + this.#clockOffsetMs - at.getTime()) / 1000
  }

  #keep(): void {
    const video = this.#video
    if (video && !this.#isQuiet) keepVolume({ volume: video.volume, isMuted: video.muted })
  }
}

/** True unless the browser refused; being interrupted by a new load is no refusal. */
async function started(video: HTMLVideoElement): Promise<boolean> {
  try {
    await video.play()
    return true
  } catch (error) {
    return !(error instanceof DOMException && error.name === 'NotAllowedError')
  }
}
