import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Account, Db } from '#sdk'
import { WatchDoor } from './access/door.ts'
import { sendPoster } from './access/poster.ts'
import { answerPrivately } from './access/private-answer.ts'
import { accessOf } from './access/rights.ts'
import { type Channel, channelsByIds } from './channels.ts'
import type { Desk } from './desk.ts'
import { TitleBook } from './icecast/title-book.ts'
import { titlesOf } from './icecast/titles.ts'
import { feedAddress } from './ingest-link.ts'
import { FeedClient } from './media/feed-client.ts'
import { createHlsHandler, type HlsHandler } from './media/hls-handler.ts'
import { LiveWindows } from './media/live-windows.ts'
import { settledWithin } from './media/timing.ts'
import type { PlacedAnswer } from './nodes/node-door.ts'
import { nodesOf } from './nodes/nodes.ts'
import { answerStills } from './replays/storyboard/make-stills.ts'
import { findStream, type Stream } from './streams.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const recheckMs = 5_000
/** A database that does not answer holds up nobody who watches already for longer. */
const lookWithinMs = 1_000
const rememberedStreams = 2_000

interface Known {
  /** Null for a stream that this site does not serve. */
  slug: string | null
  /** Who may watch it; null with `slug`. */
  subject: { channel: Channel; stream: Stream } | null
  isOnAir: boolean
  checkedAt: number
}

/** A request with the way to find out who sends it. */
export interface Asked {
  req: IncomingMessage
  res: ServerResponse
  caller: () => Promise<Account | null>
}
interface Wanted extends Asked {
  streamId: string
  file: string
  /** What its address is bound to. */
  to: 'public' | { mark: string }
}

/** Media in front of Koa: a signed address, one map look-up, then bytes. Only this site's own streams. */
export class HlsDesk {
  readonly #desk: Desk
  readonly #known = new Map<string, Known>()
  readonly #door: WatchDoor
  readonly #stills: PlacedAnswer
  #handler: HlsHandler | undefined
  /** The live windows of this process, once started. */
  windows: LiveWindows | undefined
  #replayed: (stream: Stream, file: string, req: IncomingMessage) => void = () => undefined

  constructor(desk: Desk) {
    this.#desk = desk
    this.#stills = answerStills(desk)
    this.#door = new WatchDoor({ db: desk.ctx.db, log: desk.ctx.log, rights: desk.rights })
  }

  /** Connects to the ingest's feed; the windows are shared by all sites of the process. */
  async start(): Promise<void> {
    const { ctx, viewers } = this.#desk
    const feed = await ctx.shared('live.windows', async () => {
      const windows = new LiveWindows()
      const client = new FeedClient(feedAddress(ctx.appliance), windows)
      return { windows, client, close: async () => client.close() }
    })
    const nodes = nodesOf(ctx)
    nodes.start(feed.windows)
    this.windows = feed.windows
    const dirFor = (streamId: string) => nodes.folderOf(streamId)
    const want = (streamId: string, height: number) => {
      if (nodes.isElsewhere(streamId)) void nodes.want(streamId, height)
      else feed.client.want(streamId, height)
    }
    const titles = new TitleBook(async (id) => (await titlesOf(ctx.db, [id])).get(id) ?? [])
    const songs = (streamId: string) => titles.of(streamId)
    const { windows } = feed
    this.#handler = createHlsHandler({ windows, dirFor, viewers, elsewhere: nodes, want, songs })
  }

  /** `rest` is `<token>/<streamId>/<file>`. What is thrown is told here: the path is a secret, which the server logs. */
  handle(asked: Asked, rest: string): void | Promise<void> {
    const failed = (error: unknown) => {
      this.#desk.ctx.log.error({ err: error }, 'media of a stream could not be sent')
      if (asked.res.headersSent) asked.res.destroy()
      else answer(asked.res, 503, 'This cannot be sent at the moment; try again.')
    }
    try {
      return this.#handle(asked, rest)?.catch(failed)
    } catch (error) {
      failed(error)
    }
  }

  #handle(asked: Asked, rest: string): void | Promise<void> {
    const { req, res } = asked
    const [token = '', streamId = '', file = '', more] = rest.split('/')
    if (more !== undefined || !uuid.test(streamId))
      return answer(res, 404, 'There is nothing at this address.')
    const to = req.method === 'OPTIONS' ? 'public' : this.#desk.tokens.check(token, streamId, req.headers)
    if (!to) return refuse(res)
    const wanted = { ...asked, streamId, file, to }
    const known = this.#known.get(streamId)
    if (known && Date.now() - known.checkedAt < recheckMs) return this.#enter(known, wanted)
    // One request asks again; what is known serves the others meanwhile, and all of them while the database is away.
    if (known) known.checkedAt = Date.now()
    const looked = this.#look(streamId).catch((error: unknown) => {
      if (!known) throw error
      return known
    })
    if (!known) return looked.then((found) => this.#enter(found, wanted))
    return settledWithin(looked, lookWithinMs).then((found) => this.#enter(found ?? known, wanted))
  }

  /** What a viewer count belongs to; null when it is nobody's concern (replays, removed streams). */
  channelOf(streamId: string): string | null {
    const known = this.#known.get(streamId)
    return known?.isOnAir ? known.slug : null
  }

  /** `listener` hears of everything that is fetched of streams that are over. */
  onReplay(listener: (stream: Stream, file: string, req: IncomingMessage) => void): void {
    this.#replayed = listener
  }

  /** Looks up what nobody asked this process for yet. */
  async know(streamId: string): Promise<void> {
    if (!this.#known.has(streamId)) await this.#look(streamId)
  }

  /** The stream's show; null where it is not known here. */
  showOf(streamId: string): { id: string; isOnAir: boolean } | null {
    const known = this.#known.get(streamId)
    return known?.subject ? { id: known.subject.stream.showId, isOnAir: known.isOnAir } : null
  }

  /** The cameras of a channel that somebody here asked for. */
  onAirAt(slug: string): string[] {
    return [...this.#known].filter(([, known]) => known.isOnAir && known.slug === slug).map(([id]) => id)
  }

  forget(streamId: string): void {
    this.#known.delete(streamId)
  }

  forgetViewer(accountId: string): void {
    this.#door.forget(accountId)
  }

  /** An address that was everybody's is worth nothing once the stream is not; a bound one as long as its right is. */
  #enter({ subject }: Known, wanted: Wanted): void | Promise<void> {
    const { req, res, streamId, to } = wanted
    if (subject === null) return answer(res, 404, 'This recording is not here any more.')
    if (to !== 'public') answerPrivately(res)
    const isOpen = accessOf(subject.channel, subject.stream) === 'public' || req.method === 'OPTIONS'
    if (isOpen) return this.#serve(subject.stream, wanted)
    if (to === 'public') return refuse(res)
    const admitted = this.#door.admits({ ...subject, streamId }, to.mark, wanted.caller)
    if (typeof admitted !== 'boolean')
      return admitted.then((isIn) => (isIn ? this.#serve(subject.stream, wanted) : refuse(res)))
    return admitted ? this.#serve(subject.stream, wanted) : refuse(res)
  }

  #serve(stream: Stream, { req, res, streamId, file }: Wanted): void | Promise<void> {
    if (file.startsWith('poster-')) return sendPoster(this.#desk.ctx, stream, { req, res, file })
    const isReading = req.method === 'GET' || req.method === 'HEAD'
    if (file === 'stills.json' && isReading && stream.status !== 'ended')
      return this.#stills(streamId, req, res)
    if (!this.#handler) return answer(res, 503, 'The server is starting.')
    if (stream.status === 'ended') this.#replayed(stream, file, req)
    const joined = stream.status === 'ended' ? undefined : nodesOf(this.#desk.ctx).watch(streamId)
    if (!joined) return this.#handler(req, res, streamId, file)
    return joined.then(() => this.#handler?.(req, res, streamId, file))
  }

  async #look(streamId: string): Promise<Known> {
    const before = this.#known.get(streamId)
    const known = await lookUp(this.#desk.ctx.db, streamId)
    // Over twice in a row: who was not connected when the feed said so would wait for more for minutes.
    if (isOver(before) && isOver(known)) this.windows?.end(streamId)
    if (this.#known.size >= rememberedStreams) this.#known.clear()
    this.#known.set(streamId, known)
    nodesOf(this.#desk.ctx).learn(streamId, known.subject?.stream.originId)
    return known
  }
}

const isOver = (known: Known | undefined) => known?.subject?.stream.status === 'ended'

async function lookUp(db: Db, streamId: string): Promise<Known> {
  const stream = await findStream(db, streamId)
  const checkedAt = Date.now()
  const channel = stream && (await channelsByIds(db, [stream.channelId])).get(stream.channelId)
  if (!stream || !channel || stream.isRemoved) return { slug: null, subject: null, isOnAir: false, checkedAt }
  return { slug: channel.slug, subject: { channel, stream }, isOnAir: stream.status !== 'ended', checkedAt }
}

/** One sentence for a bad address, another's, and a right that is gone: a stranger learns nothing of what is there. */
const refuse = (res: ServerResponse) =>
  answer(res, 403, 'This address is not good or has expired; reload the page.')

function answer(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
  })
  res.end(`${text}\n`)
}
