import { setTimeout as delay } from 'node:timers/promises'
import { configMessage, sampleMessage } from '../../plugins/live/ingest/flv-messages.ts'
import { isSample, type Sent } from '../../plugins/live/media/test-kit.ts'
import { RtmpPush } from '../../plugins/live/simulcast/rtmp-push.ts'

export interface FilmTarget {
  port: number
  key: string
}

/**
 * Publishes a film over RTMP in real time, over and over, and counts what it handed to the line. Comes back by itself,
 * as encoders do that are told to: with the next key frame and a clock of its own.
 */
export class FilmPublisher {
  /** Frames of pictures since it began. */
  frames = 0
  /** How often it was let in. */
  starts = 0
  /** Frames of each time it was let in. */
  readonly takes: number[] = []
  /** Of the last refusal or loss. */
  reason = ''
  readonly #film: readonly Sent[]
  readonly #target: FilmTarget
  readonly #lengthMs: number
  #push: RtmpPush | null = null
  #leave: () => void = () => undefined
  #isStopped = false
  #isPaused = false
  readonly #running: Promise<void>

  /** A film begins with its settings and a key frame. */
  constructor(film: readonly Sent[], target: FilmTarget) {
    this.#film = film
    this.#target = target
    this.#lengthMs = Math.max(...film.map((one) => (isSample(one) ? one.dtsMs : 0))) + 33
    this.#running = this.#run()
  }

  /** False from when it is told that the line or the other end is gone. */
  get isOnAir(): boolean {
    return this.#push?.isPublishing === true
  }

  /** Sends nothing more for now, but stays; comes back where it is put off. */
  pause(): void {
    this.#isPaused = true
  }

  goOn(): void {
    this.#isPaused = false
  }

  /** Says goodbye. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#push?.close()
    this.#leave()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.#connected()
      if (!this.#isStopped) await delay(200)
    }
  }

  async #connected(): Promise<void> {
    const { port, key: streamKey } = this.#target
    const ended = Promise.withResolvers<void>()
    const started = Promise.withResolvers<boolean>()
    const push = new RtmpPush(
      { address: '127.0.0.1', port, isTls: false, hostName: '127.0.0.1', app: 'live', streamKey },
      {
        started: () => started.resolve(true),
        ended: (reason) => {
          this.reason = reason
          started.resolve(false)
          ended.resolve()
        },
      },
    )
    this.#push = push
    this.#leave = () => {
      started.resolve(false)
      ended.resolve()
    }
    if (!(await started.promise)) return
    this.starts++
    this.takes.push(0)
    await Promise.race([this.#send(push), ended.promise])
  }

  async #send(push: RtmpPush): Promise<void> {
    const startedAt = performance.now()
    for (let round = 0; ; round++)
      for (const one of this.#film) {
        const atMs = isSample(one) ? one.dtsMs + round * this.#lengthMs : 0
        const waitMs = startedAt + atMs - performance.now()
        if (waitMs > 1) await delay(waitMs)
        while (this.#isPaused && !this.#isStopped && push.isPublishing) await delay(20)
        if (!push.isPublishing) return
        const { type, payload } = isSample(one) ? sampleMessage(one) : configMessage(one)
        push.media(type, Math.round(atMs), payload)
        if (isSample(one) && one.track === 'video') this.#count()
      }
  }

  #count(): void {
    this.frames++
    this.takes[this.takes.length - 1] = (this.takes.at(-1) ?? 0) + 1
  }
}
