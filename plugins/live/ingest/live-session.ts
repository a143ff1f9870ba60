import { createHash, timingSafeEqual } from 'node:crypto'
import type { Budget } from '../ladder/budget.ts'
import type { StartFfmpeg } from '../ladder/encoder.ts'
import { Ladder } from '../ladder/ladder.ts'
import type { MediaReceiver } from '../media/receiver.ts'
import type { EndReason, FromIngest, RecordingSummary, StreamTarget, WarningCode } from '../media/types.ts'
import type { IngestLimits } from './limits.ts'
import type { PublishConnection } from './publish-connection.ts'
import type { PublishRequest } from './publish-request.ts'
import { Publisher, type TurnedAway } from './publisher.ts'
import { steadyNow } from './send-clock.ts'
import { SongTitles } from './song-titles.ts'
import type { Tap } from './tap.ts'
import { tapped } from './tapped.ts'

/** What a session needs from its surroundings. */
export interface SessionOptions {
  target: StreamTarget
  limits: IngestLimits
  receiverFor(target: StreamTarget): Promise<MediaReceiver>
  send(message: FromIngest): void
  /** What encoders may take, of all streams together. */
  budget: Budget
  start: StartFfmpeg
  /** Sends it on. */
  sentOn: Tap
}

const words: Partial<Record<EndReason, string>> = {
  kicked: 'The stream was stopped by the team.',
  'disk-full': 'The server has no room left to record.',
  'taken-over': 'Another publisher took over.',
}
const nothingRecorded: RecordingSummary = { durationMs: 0, sizeBytes: 0, segments: 0 }

/**
 * One stream over all its publishers: at most one is connected, the newest. What is done to the receiver
 * (open, interrupt, end) happens strictly one after the other.
 */
export class LiveSession {
  private readonly options: SessionOptions
  private readonly id: string
  private receiver: MediaReceiver | undefined
  private publisher: Publisher | undefined
  private connection: PublishConnection | undefined
  private request: PublishRequest | undefined
  private ladder: Ladder | undefined
  private readonly titles = new SongTitles((title) => this.tellTitle(title))
  private queue: Promise<void> = Promise.resolve()
  private isOver = false

  constructor(options: SessionOptions) {
    this.options = options
    this.id = options.target.id
  }

  /** Makes an accepted connection the stream's publisher; whoever publishes now is sent away. */
  attach(connection: PublishConnection, request: PublishRequest): Promise<void> {
    return this.next(async () => {
      if (!connection.isOpen) return this.tellGone('dropped')
      const previous = this.detach('taken-over')
      if (this.isOver) return connection.refuse('This stream has ended.')
      try {
        const receiver = await this.open()
        if (previous) await receiver.interrupt()
        this.publish(connection, receiver, request)
      } catch (error) {
        connection.close('NetStream.Publish.Rejected', 'The server cannot record at the moment.')
        this.reportFailure(error)
      }
    })
  }

  /** Disconnects the publisher, finishes the recording and answers `ended`, also when finishing fails. */
  end(reason: EndReason): Promise<void> {
    return this.next(async () => {
      if (this.isOver) return
      this.isOver = true
      this.detach(reason)
      this.ladder?.close()
      this.titles.stop()
      let recording = nothingRecorded
      try {
        const receiver = await this.open()
        recording = await receiver.end()
      } catch (error) {
        this.log('The recording could not be finished', error)
      }
      this.options.send({ type: 'ended', streamId: this.id, reason, recording })
    })
  }

  /** The child stops: the stream keeps what it has and can be continued. */
  suspend(): Promise<void> {
    return this.next(async () => {
      this.detach('server-stopping')
      this.titles.stop()
      if (!this.isOver) await this.receiver?.interrupt()
      this.isOver = true
      this.ladder?.close()
    })
  }

  /** Somebody would like to watch it in that height. */
  want(height: number): void {
    this.ladder?.want(height)
  }

  reportHealth(): void {
    if (!this.publisher) return
    const health = this.publisher.health.snapshot(performance.now())
    const offsets = this.publisher.sent.offsets(this.receiver?.dateOf(0) ?? null, steadyNow())
    this.options.send({ type: 'health', streamId: this.id, health: { ...health, ...offsets } })
  }

  /** Whether this peer, or one with this key for this channel, is what publishes now. */
  isFrom(whom: PublishConnection | { key: string; mount: string }): boolean {
    if (!('key' in whom)) return whom === this.connection
    const { request } = this
    if (request === undefined || (request.mount ?? whom.mount) !== whom.mount) return false
    return timingSafeEqual(digestOf(request.key), digestOf(whom.key))
  }

  /** What is played now, in the publisher's words. */
  offerTitle(title: string): void {
    this.titles.offer(title)
  }

  private tellTitle(title: string): void {
    if (!this.receiver || this.isOver) return
    const atMs = this.receiver.title(title)
    this.options.send({ type: 'title', streamId: this.id, title, atMs })
  }

  private publish(connection: PublishConnection, receiver: MediaReceiver, request: PublishRequest): void {
    if (!connection.isOpen) {
      this.tellGone('dropped')
      return
    }
    const publisher = new Publisher(tapped(receiver, this.taps()), request.encoder, this.options.limits, {
      warn: (code, detail) => this.warn(code, detail),
      turnAway: (from, because, text, detail) => this.turnAway(from, because, text, detail),
      gone: (from, cause) => this.lose(from, cause),
    })
    this.publisher = publisher
    this.connection = connection
    this.request = request
    connection.accept(publisher)
  }

  private async open(): Promise<MediaReceiver> {
    if (this.receiver) return this.receiver
    const receiver = await this.options.receiverFor(this.options.target)
    receiver.onPlaying((info) => {
      this.options.send({ type: 'playing', streamId: this.id, ...info })
    })
    receiver.onDiskFull((error) => {
      this.warn('disk-full')
      this.log('The recording stopped', error)
    })
    this.receiver = receiver
    this.ladder = this.ladderFor(receiver)
    return receiver
  }

  private ladderFor(receiver: MediaReceiver): Ladder | undefined {
    const { target, budget, start } = this.options
    if (target.ladder === false) return undefined
    return new Ladder({
      budget,
      start,
      offerRungs: (rungs) => receiver.offerRungs(rungs),
      openRung: (height) => receiver.openRung(height),
      log: (message, error) =>
        this.options.send({ type: 'log', level: 'warn', message, fields: { streamId: this.id, error } }),
    })
  }

  private taps(): Tap[] {
    const { sentOn } = this.options
    return this.ladder ? [sentOn, this.ladder] : [sentOn]
  }

  private interruptTaps(): void {
    for (const tap of this.taps()) tap.interrupt()
  }

  /** Lets go of the publisher from our side; true when there was one. */
  private detach(reason: EndReason): boolean {
    const { publisher, connection } = this
    this.publisher = undefined
    this.connection = undefined
    this.request = undefined
    publisher?.stop()
    if (publisher) this.interruptTaps()
    connection?.close('NetStream.Publish.Rejected', words[reason] ?? 'The stream has ended.')
    return publisher !== undefined
  }

  private turnAway(from: Publisher, because: TurnedAway, text: string, detail?: string): void {
    if (from !== this.publisher) return
    this.warn(because, detail)
    this.connection?.close('NetStream.Publish.Rejected', text)
    this.lose(from, 'unpublished', because)
  }

  private lose(from: Publisher, cause: 'dropped' | 'unpublished', because?: TurnedAway): void {
    if (from !== this.publisher) return
    this.publisher = undefined
    this.connection = undefined
    this.request = undefined
    this.interruptTaps()
    void this.next(async () => {
      await this.receiver?.interrupt()
      this.tellGone(cause, because)
    })
  }

  private tellGone(cause: 'dropped' | 'unpublished', because?: TurnedAway): void {
    if (this.isOver || this.publisher) return
    this.options.send({ type: 'publisher-gone', streamId: this.id, cause, ...(because && { because }) })
  }

  private reportFailure(error: unknown): void {
    this.log('The stream could not be opened', error)
    const isFull = codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'
    if (isFull) this.warn('disk-full')
    this.tellGone('dropped', isFull ? 'disk-full' : undefined)
  }

  private warn(code: WarningCode, detail?: string): void {
    this.options.send({ type: 'warning', streamId: this.id, code, ...(detail !== undefined && { detail }) })
  }

  private log(message: string, error: unknown): void {
    const fields = { streamId: this.id, error: error instanceof Error ? error.message : String(error) }
    this.options.send({ type: 'log', level: 'error', message, fields })
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error) => this.log('A step of the stream failed', error))
    return this.queue
  }
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest()

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
