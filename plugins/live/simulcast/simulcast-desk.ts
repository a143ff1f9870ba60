import { lookup } from 'node:dns/promises'
import { FetchRefused } from '#sdk'
import { choicesOf } from '../cameras/cameras.ts'
import { simulcastRoom } from '../contract.ts'
import type { ToIngest } from '../media/types.ts'
import { nodeIdOf } from '../nodes/node-id.ts'
import type { LiveContext } from '../settings.ts'
import { camerasOnAir } from '../streams.ts'
import { type Destination, listDestinations, secretOf } from './destinations.ts'
import type { SimulcastTarget, ToldState } from './forwarders.ts'
import { Handover, handOverMs, lookEveryMs, type Stage } from './handover.ts'
import { masterOf } from './master.ts'

/** What the desk needs of a channel on air. */
interface Sent {
  channelId: string
  slug: string
  /** Its cameras whose media came here. */
  streamIds: Set<string>
  /** What the ingest was told last, to tell it only of changes. */
  told: string
  states: Map<string, ToldState>
  /** What is not connected to at all, and why. */
  refused: Map<string, ToldState>
  /** One look after the other: an older one must not be told last. */
  looks: Promise<void>
  handover: Handover
  /** Looks again when it is our turn. */
  turn: NodeJS.Timeout | undefined
}

const addressMs = 60_000
const portOf = { 'rtmp:': 1935, 'rtmps:': 443 }

/**
 * What of each channel on air is sent on, and where to: the main picture and the master sound, as the director chose;
 * where another machine takes that picture, it sends, and this one does not. Tells the ingest, and everybody at the
 * desk how it goes. Runs where the ingest runs; looks into the database now and then for what other processes changed.
 */
export class SimulcastDesk {
  readonly #ctx: LiveContext
  readonly #send: (message: ToIngest) => void
  readonly #waitsMs: number
  readonly #channels = new Map<string, Sent>()
  readonly #addresses = new Map<string, { address: string; until: number }>()
  #timer: NodeJS.Timeout | undefined

  /** `waitsMs`: how long another machine may take to see that it sends no more. */
  constructor(ctx: LiveContext, send: (message: ToIngest) => void, waitsMs = handOverMs) {
    this.#ctx = ctx
    this.#waitsMs = waitsMs
    this.#send = send
  }

  /** The stream became playable, for the first time or again. */
  async begin(stream: { id: string; channelId: string }, slug: string): Promise<void> {
    const { id, channelId } = stream
    const known = this.#channels.get(channelId)
    const sent = known ?? this.#sentOf(channelId, slug)
    sent.streamIds.add(id)
    // A new ingest process knows nothing of what the last one was told.
    sent.told = ''
    this.#channels.set(channelId, sent)
    this.#timer ??= setInterval(() => void this.look(), lookEveryMs)
    await this.#refresh(sent)
  }

  /** A camera of the channel came or is lost, or another one was chosen. */
  async changed(channelId: string): Promise<void> {
    const sent = this.#channels.get(channelId)
    if (sent) await this.#refresh(sent)
  }

  /** How it goes, from the ingest. */
  heard(channelId: string, states: readonly ToldState[]): void {
    const sent = this.#channels.get(channelId)
    if (!sent) return
    for (const { id, state, reason } of states)
      if (sent.states.get(id)?.state !== state && (state === 'refused' || state === 'waiting'))
        this.#ctx.log.warn({ channel: sent.slug, destination: id, reason }, 'a channel is not sent on')
    sent.states = new Map(states.map((state) => [state.id, state]))
    this.#tell(sent)
  }

  /** The stream is over; with the last one of its channel so is sending on. */
  async end({ id, channelId }: { id: string; channelId: string }): Promise<void> {
    const sent = this.#channels.get(channelId)
    if (!sent?.streamIds.delete(id)) return
    if (sent.streamIds.size > 0) return this.#refresh(sent)
    this.#channels.delete(channelId)
    clearTimeout(sent.turn)
    this.#send({ type: 'simulcast', channelId, streamIds: [], targets: [], ...masterOf([]) })
    // Another machine may be sending.
    if (allOf(sent).size > 0)
      this.#ctx.realtime.publish(simulcastRoom, { slug: sent.slug }, 'states', { items: [] })
    if (this.#channels.size === 0) this.stop()
  }

  statesOf(channelId: string): ReadonlyMap<string, ToldState> {
    const sent = this.#channels.get(channelId)
    return sent ? allOf(sent) : new Map()
  }

  /** Acts on what was changed in the database. */
  async look(): Promise<void> {
    for (const sent of this.#channels.values()) await this.#refresh(sent)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const { turn } of this.#channels.values()) clearTimeout(turn)
  }

  #sentOf(channelId: string, slug: string): Sent {
    const [states, refused, looks] = [new Map(), new Map(), Promise.resolve()]
    const handover = new Handover(this.#waitsMs)
    return {
      channelId,
      slug,
      streamIds: new Set(),
      told: '',
      states,
      refused,
      looks,
      handover,
      turn: undefined,
    }
  }

  #refresh(sent: Sent): Promise<void> {
    sent.looks = sent.looks.then(() => this.#tellIngest(sent))
    return sent.looks
  }

  async #tellIngest(sent: Sent): Promise<void> {
    try {
      const rows = (await listDestinations(this.#ctx.db, sent.channelId)).filter(({ isOn }) => isOn)
      sent.refused.clear()
      const stage = rows.length > 0 ? await this.#stageOf(sent) : { onAir: [] }
      const isOurs = this.#isOurTurn(sent, stage)
      const targets = isOurs ? (await Promise.all(rows.map((row) => this.#targetOf(sent, row)))).flat() : []
      const here = targets.length > 0 ? stage.onAir.filter(({ id }) => sent.streamIds.has(id)) : []
      const sentOn = { targets, streamIds: [...sent.streamIds], ...masterOf(here, stage.choice) }
      const told = JSON.stringify(sentOn)
      if (told === sent.told || this.#channels.get(sent.channelId) !== sent) return
      sent.told = told
      this.#send({ type: 'simulcast', channelId: sent.channelId, ...sentOn })
    } catch (error) {
      this.#ctx.log.warn({ err: error, channel: sent.slug }, 'destinations of a channel could not be read')
    }
  }

  async #stageOf({ channelId }: Sent): Promise<Stage> {
    const { db } = this.#ctx
    const [onAir, choices] = await Promise.all([camerasOnAir(db, [channelId]), choicesOf(db, [channelId])])
    return { onAir, choice: choices.get(channelId) }
  }

  #isOurTurn(sent: Sent, stage: Stage): boolean {
    const waitMs = sent.handover.waitMs(stage, nodeIdOf(this.#ctx), Date.now())
    clearTimeout(sent.turn)
    if (waitMs) sent.turn = setTimeout(() => void this.#refresh(sent), waitMs).unref()
    return waitMs === 0
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
      const isPrivate = error instanceof FetchRefused && error.reason === 'private-address'
      const fault = isPrivate ? 'not-public' : 'unknown-name'
      sent.refused.set(id, { id, state: 'refused', reason, fault, since: null, droppedFrames: 0 })
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

  #tell(sent: Sent): void {
    const items = [...allOf(sent).values()]
    this.#ctx.realtime.publish(simulcastRoom, { slug: sent.slug }, 'states', { items })
  }
}

const allOf = ({ states, refused }: Sent): Map<string, ToldState> => new Map([...states, ...refused])
