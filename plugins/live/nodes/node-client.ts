import type { IncomingMessage } from 'node:http'
import type { LiveContext } from '../settings.ts'
import { type DoorKey, doorHeader } from './door-key.ts'
import { findOrigin } from './origins.ts'

const rememberedMs = 5_000

export interface AskOptions {
  method?: 'GET' | 'HEAD' | 'POST'
  headers?: Record<string, string>
  signal?: AbortSignal
  /** A feed, or what is sent as fast as a viewer takes it. */
  isLong?: boolean
}

/** Asks at the door of the machine that holds a stream. */
export class NodeClient {
  readonly #ctx: LiveContext
  readonly #key: DoorKey
  readonly #addresses = new Map<string, { address: string | null; at: number }>()

  constructor(ctx: LiveContext, key: DoorKey) {
    this.#ctx = ctx
    this.#key = key
  }

  /** `what` is `<streamId>/feed` and so on. Rejects where the machine cannot be reached; its refusals come as status. */
  async ask(originId: string, what: string, options: AskOptions = {}): Promise<IncomingMessage> {
    const { site, askNode } = this.#ctx
    const address = await this.#addressOf(originId)
    if (address === null) throw new Error('The machine that holds this stream has no address.')
    const path = `/live-feed/${what}`
    const method = options.method ?? 'GET'
    const headers = {
      ...options.headers,
      // Several sites may answer at that address.
      host: new URL(site.url).host,
      [doorHeader]: this.#key.sign({ method, path, nodeId: originId }),
    }
    return askNode(address + path, { ...options, method, headers })
  }

  /** Only from our own table; what was found last serves while the database is away. */
  async #addressOf(originId: string): Promise<string | null> {
    const known = this.#addresses.get(originId)
    if (known && Date.now() - known.at < rememberedMs) return known.address
    try {
      const address = (await findOrigin(this.#ctx.db, originId))?.address ?? null
      this.#addresses.set(originId, { address, at: Date.now() })
      return address
    } catch (error) {
      if (!known) throw error
      return known.address
    }
  }
}
