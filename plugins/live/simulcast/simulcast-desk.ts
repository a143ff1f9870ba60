import { lookup } from 'node:dns/promises'
import { FetchRefused } from '#sdk'
import { simulcastRoom } from '../contract.ts'
import type { ToIngest } from '../media/types.ts'
import type { LiveContext } from '../settings.ts'
import { type Destination, listDestinations, secretOf } from './destinations.ts'
import type { SimulcastTarget, ToldState } from './forwarders.ts'

/** What the desk needs of a stream on air. */
interface Sent {
  streamId: string
  channelId: string
  slug: string
  /** What the ingest was told last, to tell it only of changes. */
  told: string
  states: Map<string, ToldState>
}

const lookEveryMs = 5_000
const addressMs = 60_000
const portOf = { 'rtmp:': 1935, 'rtmps:': 443 }

/**
 * Where the main picture of each channel on air is sent on to: tells the ingest, and everybody at the desk how it
 * goes. Runs where the ingest runs; looks into the database now and then for what other processes changed.
 */
export class SimulcastDesk {
  readonly #ctx: LiveContext
  readonly #send: (message: ToIngest) => void
  readonly #streams = new Map<string, Sent>()
  readonly #addresses = new Map<string, { address: string; until: number }>()
  #timer: NodeJS.Timeout | undefined

  constructor(ctx: LiveContext, send: (message: ToIngest) => void) {
    this.#ctx = ctx
    this.#send = send
  }

  /** The stream became playable, for the first time or again. */
  async begin(stream: { id: string; channelId: string }, slug: string): Promise<void> {
    const { id: streamId, channelId } = stream
    // A new ingest process knows nothing of what the last one was told.
    const sent: Sent = { streamId, channelId, slug, told: '', states: new Map() }
    this.#streams.set(streamId, sent)
    this.#timer ??= setInterval(() => void this.look(), lookEveryMs)
    await this.#refresh(sent)
  }

  /** How it goes, from the ingest. */
  heard(streamId: string, states: readonly ToldState[]): void {
    const sent = this.#streams.get(streamId)
    if (!sent) return
    for (const { id, state, reason } of states)
      if (sent.states.get(id)?.state !== state && (state === 'refused' || state === 'waiting'))
        this.#ctx.log.warn({ channel: sent.slug, destination: id, reason }, 'a channel is not sent on')
    sent.states = new Map(states.map((state) => [state.id, state]))
    this.#tell(sent)
  }

  end(streamId: string): void {
    const sent = this.#streams.get(streamId)
    this.#streams.delete(streamId)
    if (sent) this.#ctx.realtime.publish(simulcastRoom, { slug: sent.slug }, 'states', { items: [] })
    if (this.#streams.size === 0) this.stop()
  }

  statesOf(channelId: string): ReadonlyMap<string, ToldState> {
    const sent = [...this.#streams.values()].find((one) => one.channelId === channelId)
    return sent?.states ?? new Map()
  }

  /** Acts on what was changed in the database. */
  async look(): Promise<void> {
    for (const sent of this.#streams.values()) await this.#refresh(sent)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #refresh(sent: Sent): Promise<void> {
    try {
      const rows = (await listDestinations(this.#ctx.db, sent.channelId)).filter(({ isOn }) => isOn)
      const targets = (await Promise.all(rows.map((row) => this.#targetOf(sent, row)))).flat()
      const told = JSON.stringify(targets)
      if (told === sent.told || !this.#streams.has(sent.streamId)) return
      sent.told = told
      this.#send({ type: 'simulcast', streamId: sent.streamId, targets })
    } catch (error) {
      this.#ctx.log.warn({ err: error, channel: sent.slug }, 'destinations of a channel could not be read')
    }
  }

  /** Nothing for one that must not be connected to: its state says why. */
  async #targetOf(sent: Sent, { id, url }: Destination): Promise<SimulcastTarget[]> {
    const { protocol, hostname, port, pathname } = new URL(url)
    const streamKey = await this.#ctx.secrets.read(this.#ctx.db, secretOf(id))
    if (streamKey === null) return []
    const isTls = protocol.toLowerCase() === 'rtmps:'
    const hostName = hostname.replace(/^\[|\]$/g, '')
    try {
      const address = await this.#addressOf(hostName)
      const app = pathname.replace(/^\/|\/$/g, '')
      const given = Number(port) || portOf[isTls ? 'rtmps:' : 'rtmp:']
      return [{ id, address, port: given, isTls, hostName, app, streamKey }]
    } catch (error) {
      const reason = error instanceof FetchRefused ? error.message : 'The name has no address.'
      sent.states.set(id, { id, state: 'refused', reason, since: null, droppedFrames: 0 })
      this.#tell(sent)
      return []
    }
  }

  async #addressOf(hostName: string): Promise<string> {
    const known = this.#addresses.get(hostName)
    if (known && known.until > Date.now()) return known.address
    const address = this.#ctx.settings.get().simulcastToPrivate
      ? (await lookup(hostName)).address
      : await this.#ctx.publicAddress(hostName)
    if (this.#addresses.size > 200) this.#addresses.clear()
    this.#addresses.set(hostName, { address, until: Date.now() + addressMs })
    return address
  }

  #tell({ slug, states }: Sent): void {
    this.#ctx.realtime.publish(simulcastRoom, { slug }, 'states', { items: [...states.values()] })
  }
}
