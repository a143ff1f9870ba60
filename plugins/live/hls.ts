import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Db } from '#sdk'
import { channelsByIds } from './channels.ts'
import { type Desk, recordingPrefix } from './desk.ts'
import { feedAddress } from './ingest-link.ts'
import { FeedClient } from './media/feed-client.ts'
import { createHlsHandler, type HlsHandler } from './media/hls-handler.ts'
import { LiveWindows } from './media/live-windows.ts'
import { findStream } from './streams.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const recheckMs = 5_000
const rememberedStreams = 2_000

interface Known {
  /** Null for a stream that this site does not serve. */
  slug: string | null
  isOnAir: boolean
  checkedAt: number
}

/** Media in front of Koa: a signed address, one map look-up, then bytes. Only this site's own streams. */
export class HlsDesk {
  readonly #desk: Desk
  readonly #known = new Map<string, Known>()
  #handler: HlsHandler | undefined

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** Connects to the ingest's feed; the windows are shared by all sites of the process. */
  async start(): Promise<void> {
    const { ctx, viewers } = this.#desk
    const feed = await ctx.shared('live.windows', async () => {
      const windows = new LiveWindows()
      const client = new FeedClient(feedAddress(ctx.appliance), windows)
      return { windows, close: async () => client.close() }
    })
    const dirFor = (streamId: string) => ctx.storage.localFolder(recordingPrefix(streamId))
    this.#handler = createHlsHandler({ windows: feed.windows, dirFor, viewers })
  }

  /** `rest` is `<token>/<streamId>/<file>`. */
  handle(req: IncomingMessage, res: ServerResponse, rest: string): void | Promise<void> {
    const [token = '', streamId = '', file = '', more] = rest.split('/')
    if (more !== undefined || !uuid.test(streamId))
      return answer(res, 404, 'There is nothing at this address.')
    if (req.method !== 'OPTIONS' && !this.#desk.tokens.isGood(token, streamId))
      return answer(res, 403, 'This address is not good or has expired; reload the page.')
    const known = this.#known.get(streamId)
    if (known && Date.now() - known.checkedAt < recheckMs)
      return this.#serve(known, req, res, [streamId, file])
    // One request asks again; what is known serves the others meanwhile, and all of them while the database is away.
    if (known) known.checkedAt = Date.now()
    const looked = this.#look(streamId).catch((error: unknown) => {
      if (!known) throw error
      return known
    })
    return looked.then((found) => this.#serve(found, req, res, [streamId, file]))
  }

  /** What a viewer count belongs to; null when it is nobody's concern (replays, removed streams). */
  channelOf(streamId: string): string | null {
    const known = this.#known.get(streamId)
    return known?.isOnAir ? known.slug : null
  }

  forget(streamId: string): void {
    this.#known.delete(streamId)
  }

  #serve(
    known: Known,
    req: IncomingMessage,
    res: ServerResponse,
    path: [string, string],
  ): void | Promise<void> {
    if (known.slug === null) return answer(res, 404, 'This recording is not here any more.')
    if (!this.#handler) return answer(res, 503, 'The server is starting.')
    return this.#handler(req, res, ...path)
  }

  async #look(streamId: string): Promise<Known> {
    const known = await lookUp(this.#desk.ctx.db, streamId)
    if (this.#known.size >= rememberedStreams) this.#known.clear()
    this.#known.set(streamId, known)
    return known
  }
}

async function lookUp(db: Db, streamId: string): Promise<Known> {
  const stream = await findStream(db, streamId)
  const checkedAt = Date.now()
  if (!stream || stream.isRemoved) return { slug: null, isOnAir: false, checkedAt }
  const channel = (await channelsByIds(db, [stream.channelId])).get(stream.channelId)
  return { slug: channel?.slug ?? null, isOnAir: stream.status !== 'ended', checkedAt }
}

function answer(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
  })
  res.end(`${text}\n`)
}
