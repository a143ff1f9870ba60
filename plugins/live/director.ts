import { announceChannel, announceReplay } from './announce.ts'
import { Barred } from './cameras/barred.ts'
import { cameraOf } from './cameras/camera-of.ts'
import { ClockBook } from './cameras/clock-book.ts'
import { type Open, OpenStreams } from './cameras/open-streams.ts'
import { findShow } from './cameras/shows.ts'
import { type Channel, channelsByIds } from './channels.ts'
import { alreadyLive, badKey } from './contract.ts'
import type { Desk } from './desk.ts'
import { keepTitle } from './icecast/titles.ts'
import type { IngestSite, PublishAnswer, PublishRequest, StreamNews } from './ingest-link.ts'
import type { EndReason, ToIngest } from './media/types.ts'
import { NewsAgain } from './news-again.ts'
import { nodeIdOf } from './nodes/node-id.ts'
import { openStreamsElsewhere } from './nodes/origins.ts'
import { findPublisher, type StreamKeyRow, touchKey } from './stream-keys.ts'
import * as life from './stream-life.ts'
import { listOpenStreams, listStopRequests, type Stream, setClock } from './streams.ts'

/** An encoder that was stopped on purpose may only be restarting with other settings. */
const afterGoodbyeMs = 5_000
const askAgainMs = 30_000
const lookEveryMs = 1_000

/** What a director needs of the link to the ingest. */
export interface Line {
  send(message: ToIngest): void
  own(streamId: string, site: IngestSite): void
  disown(streamId: string): void
}

export interface DirectorOptions {
  desk: Desk
  line: Line
  count(result: string): void
}

type Followed = Exclude<StreamNews, News<'health' | 'simulcast' | 'title' | 'warning'>>
type News<T extends StreamNews['type']> = Extract<StreamNews, { type: T }>

/**
 * The life of one site's streams: let in, live, interrupted, resumed, ended. Runs where the ingest runs; one step
 * after the other, so that news and requests never overtake each other. The database row is the truth.
 */
export class Director implements IngestSite {
  readonly #desk: Desk
  readonly #line: Line
  readonly #count: (result: string) => void
  readonly #open = new OpenStreams()
  readonly #barred = new Barred()
  readonly #clocks = new ClockBook()
  readonly #again = new NewsAgain((news) => this.hear(news))
  #queue: Promise<unknown> = Promise.resolve()
  #lookTimer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor({ desk, line, count }: DirectorOptions) {
    this.#desk = desk
    this.#line = line
    this.#count = count
  }

  get openCount(): number {
    return this.#open.size
  }

  answersTo(host: string): boolean {
    return this.#desk.ctx.site.answersTo(host)
  }

  answer(request: PublishRequest): Promise<PublishAnswer> {
    return this.#next(() => this.#decide(request))
  }

  hear(news: StreamNews): void {
    const open = this.#open.get(news.streamId)
    if (!open) return
    if (news.type === 'health') this.#onHealth(open, news)
    else if (news.type === 'title') this.#later('a song title', () => keepTitle(this.#desk.ctx, open, news))
    else if (news.type === 'warning') this.#desk.health.warned(open.stream, open.slug, news)
    else if (news.type === 'simulcast') this.#desk.simulcast?.heard(news.channelId, news.states)
    else {
      const work = this.#again.dealt(news, () => this.#follow(open, news))
      this.#later(`news "${news.type}" of a stream`, work)
    }
  }

  childStarted(): void {
    this.#later('the restart of the ingest', async () => {
      for (const open of this.#open.all()) {
        if (open.ending) this.#end(open, open.ending)
        else if (open.isConnected) await this.#interrupt(open, this.#graceMs)
      }
    })
  }

  /** Takes up the streams that the last run left open. */
  start(): Promise<void> {
    return this.#next(async () => {
      const { db } = this.#desk.ctx
      const elsewhere = await openStreamsElsewhere(db, nodeIdOf(this.#desk.ctx))
      const streams = (await listOpenStreams(db)).filter(({ id }) => !elsewhere.has(id))
      const ids = streams.map((stream) => stream.channelId)
      const channels = await channelsByIds(db, ids)
      for (const stream of streams) {
        const channel = channels.get(stream.channelId)
        if (channel) await this.#takeUp(this.#register(stream, channel))
      }
    })
  }

  /** Acts on what was asked for in the database: streams to end. */
  look(): void {
    this.#later('requests to end streams', async () => {
      for (const { id, stopReason } of await listStopRequests(this.#desk.ctx.db)) {
        const open = this.#open.get(id)
        if (open && !open.ending) this.#end(open, stopReason ?? 'kicked')
      }
    })
  }

  /** Resolves when all that was said so far is dealt with. */
  settled(): Promise<void> {
    return this.#next(async () => {})
  }

  /** Streams stay open: the next start goes on with them, or ends them. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#lookTimer)
    await this.#next(async () => {
      for (const open of this.#open.all()) {
        clearTimeout(open.timer)
        if (open.isConnected && !open.ending) await life.interrupt(this.#desk.ctx, open.stream)
      }
      this.#open.clear()
    })
  }

  async #decide(request: PublishRequest): Promise<PublishAnswer> {
    const { ctx } = this.#desk
    const found = await findPublisher(ctx.db, request.key)
    if (!found) return this.#refuse('bad-key', badKey.title, true)
    const { key, channel } = found
    if (request.mount !== undefined && request.mount !== channel.slug)
      return this.#refuse('bad-mount', `This key is for the channel /${channel.slug}.`)
    const camera = cameraOf(key, request.query)
    if (typeof camera === 'string') return this.#refuse('bad-camera', camera)
    if (this.#barred.has(key.id, camera))
      return this.#refuse('barred', 'The stream was ended by the team a moment ago.')
    const current = this.#open.camerasOf(channel.id).find(({ stream }) => stream.camera === camera)
    if (current?.isConnected && ctx.settings.get().onSecondPublisher === 'refuse')
      return this.#refuse('already-live', alreadyLive.title)
    this.#count('accepted')
    ctx.log.info(
      { channel: channel.slug, camera, keyHint: key.hint, encoder: request.encoder },
      'a publisher was let in',
    )
    if (current?.stream.keyId === key.id) return this.#letContinue(current, channel)
    const showId = await findShow(ctx.db, this.#open, { channelId: channel.id, camera })
    const answer = await this.#letStart(channel, key, { camera, showId })
    // Another DJ: the first one's recording ends here.
    if (current) this.#end(current, 'taken-over')
    return answer
  }

  async #letContinue(open: Open, channel: Channel): Promise<PublishAnswer> {
    clearTimeout(open.timer)
    open.isConnected = true
    this.#desk.health.reset(open.stream.id)
    this.#clocks.reconnected(open.stream.id)
    await touchKey(this.#desk.ctx.db, open.stream.keyId)
    return { accept: true, stream: life.targetOf(this.#desk.ctx, open.stream.id, channel) }
  }

  async #letStart(channel: Channel, key: StreamKeyRow, place: life.Place): Promise<PublishAnswer> {
    const open = this.#register(await life.begin(this.#desk.ctx, channel, key, place), channel)
    open.isConnected = true
    return { accept: true, stream: life.targetOf(this.#desk.ctx, open.stream.id, channel) }
  }

  #refuse(result: string, reason: string, isWrongKey = false): PublishAnswer {
    this.#count(result)
    return { accept: false, reason, isWrongKey }
  }

  async #follow(open: Open, news: Followed): Promise<void> {
    if (news.type === 'ended') return this.#onEnded(open, news)
    if (open.ending) return
    // The last media of a publisher that is gone already says nothing about the next one.
    if (news.type === 'playing') return open.isConnected ? this.#onPlaying(open, news) : undefined
    open.isConnected = false
    if (news.because) this.#end(open, news.because)
    else if (open.stream.status === 'starting') this.#end(open, 'unpublished')
    else if (news.cause === 'unpublished')
      await this.#interrupt(open, Math.min(afterGoodbyeMs, this.#graceMs), 'unpublished')
    else await this.#interrupt(open, this.#graceMs)
  }

  /** First media after a publish: from now on viewers see the channel live. */
  async #onPlaying(open: Open, news: News<'playing'>): Promise<void> {
    open.stream = await life.play(this.#desk.ctx, open.stream, news)
    clearTimeout(open.timer)
    this.#desk.health.tell(open.stream, open.slug)
    void this.#desk.simulcast?.begin(open.stream, open.slug)
    await announceChannel(this.#desk, open.stream.channelId)
  }

  #onHealth(open: Open, { health }: News<'health'>): void {
    this.#desk.health.measured(open.stream, open.slug, health)
    const clock = this.#clocks.measured(open.stream, health)
    if (!clock) return
    this.#later('the clock of a camera', async () => {
      open.stream = { ...open.stream, ...clock }
      await setClock(this.#desk.ctx.db, open.stream.id, clock)
      const { channelId } = open.stream
      if (this.#open.camerasOf(channelId).length > 1) await announceChannel(this.#desk, channelId)
    })
  }

  async #onEnded(open: Open, news: News<'ended'>): Promise<void> {
    const { id, channelId, startedAt } = open.stream
    // Where this fails (the disk may be full), the timer set by #end asks the ingest again.
    await life.end(this.#desk.ctx, open.stream, { ...news, clock: this.#clocks.of(id) })
    this.#clocks.forget(id)
    clearTimeout(open.timer)
    this.#open.remove(id)
    this.#line.disown(id)
    this.#desk.health.reset(id)
    void this.#desk.simulcast?.end(open.stream)
    this.#desk.forget(id)
    if (this.#open.size === 0) this.#stopLooking()
    if (!startedAt) return
    await announceChannel(this.#desk, channelId)
    if (news.recording.durationMs > 0) await announceReplay(this.#desk, id)
  }

  /** The publisher is gone: viewers wait for it. */
  async #interrupt(open: Open, graceMs: number, reason: EndReason = 'grace-over'): Promise<void> {
    clearTimeout(open.timer)
    const over = async () => this.#graceOver(open, reason)
    open.timer = setTimeout(() => this.#later('the end of the grace time', over), graceMs)
    open.isConnected = false
    open.stream = await life.interrupt(this.#desk.ctx, open.stream)
    this.#desk.health.tell(open.stream, open.slug)
    await announceChannel(this.#desk, open.stream.channelId)
  }

  #graceOver(open: Open, reason: EndReason): void {
    if (!open.isConnected && !open.ending) this.#end(open, reason)
  }

  async #takeUp(open: Open): Promise<void> {
    const { stream } = open
    if (stream.stopReason) return this.#end(open, stream.stopReason)
    if (stream.status === 'starting') return this.#end(open, 'grace-over')
    const silentMs = Date.now() - (await life.mend(this.#desk.ctx, stream.id))
    if (silentMs < this.#graceMs) return this.#interrupt(open, this.#graceMs)
    open.stream = await life.interrupt(this.#desk.ctx, stream)
    this.#end(open, 'grace-over')
  }

  #end(open: Open, reason: EndReason): void {
    open.ending = reason
    open.isConnected = false
    if (reason === 'kicked') this.#barred.add(open.stream.keyId, open.stream.camera)
    const streamId = open.stream.id
    this.#line.send({ type: 'end', streamId, reason, target: life.targetOf(this.#desk.ctx, streamId) })
    clearTimeout(open.timer)
    if (!this.#isStopped) open.timer = setTimeout(() => this.#end(open, reason), askAgainMs)
  }

  #register(stream: Stream, channel: Channel): Open {
    const open = this.#open.add(stream, channel.slug)
    this.#line.own(stream.id, this)
    this.#lookTimer ??= setInterval(() => this.look(), lookEveryMs)
    return open
  }

  #stopLooking(): void {
    clearInterval(this.#lookTimer)
    this.#lookTimer = undefined
  }

  get #graceMs(): number {
    return this.#desk.ctx.settings.get().graceS * 1000
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }

  #later(what: string, work: () => Promise<void>): void {
    this.#next(work).catch((error: unknown) => {
      this.#desk.ctx.log.error({ err: error }, `${what} could not be dealt with`)
    })
  }
}
