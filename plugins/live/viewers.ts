import type { IncomingMessage } from 'node:http'
import { keyOf, type Member } from './nodes/members.ts'
import { Crowd } from './stats/crowd.ts'
import { kindOf } from './stats/devices.ts'

const seenWithinMs = 12_000
const tickMs = 1_000
const maxIdLength = 64
const maxPerStream = 200_000

/** What a request tells of who sent it. */
export type Asking = Pick<IncomingMessage, 'headers' | 'url' | 'socket'>

interface Viewer extends Member {
  seenAtMs: number
  /** Its player says itself how far behind it is. */
  isTold: boolean
  /** Where it is counted. */
  network: string
}

interface Audience {
  /** By the id that the player was given. */
  own: Map<string, Viewer>
  ownKeys: Set<string>
  /** By hash, what other processes see, and not only there. */
  others: Map<string, Member>
}

export interface ViewersOptions {
  /** How far behind the newest a player stays that does not say it; null where it is not known. */
  guessBehind?(streamId: string, url: string): number | null
  countryOf?(asking: Asking): string | null
  /** Since when somebody watches who was there before this process was; in seconds since 1970. */
  rememberedSince?(streamId: string, key: string): number | undefined
  /** How many viewers one address may be, of all streams together; 0 for any number. */
  mostOfAddress?(): number
  /** An address is more: told once, until nobody watches any more. */
  crowded?(streamId: string): void
}

/**
 * Who is watching, from real playback: players put an id of their own (`?v=`) on playlist requests. In memory; one
 * timer, and only while somebody watches. Where several processes serve, each is told what the others see, and an id
 * that two of them saw counts once. Anybody may make ids up (to sign them would bound nothing: each request for a
 * multivariant playlist is given one), so an address is no more viewers than people can be there.
 */
export class Viewers {
  readonly #audiences = new Map<string, Audience>()
  readonly #told = new Map<string, number>()
  readonly #onChange: (streamId: string, viewers: number) => void
  readonly #now: () => number
  readonly #options: ViewersOptions
  readonly #crowd: Crowd
  #isCrowded = false
  #timer: NodeJS.Timeout | undefined

  constructor(
    onChange: (streamId: string, viewers: number) => void,
    now: () => number = Date.now,
    options: ViewersOptions = {},
  ) {
    this.#onChange = onChange
    this.#now = now
    this.#options = options
    this.#crowd = new Crowd(options.mostOfAddress && (() => options.mostOfAddress?.() ?? 0))
  }

  /** `asking` tells what somebody watches on, and how far behind they are. */
  seen(streamId: string, viewerId: string, asking?: Asking): void {
    if (viewerId === '' || viewerId.length > maxIdLength) return
    const audience = this.#audienceOf(streamId)
    const viewer = audience.own.get(viewerId) ?? this.#welcome(audience, { streamId, viewerId }, asking)
    if (!viewer) return
    viewer.seenAtMs = this.#now()
    if (asking) this.#measure(viewer, streamId, asking.url ?? '')
    this.#timer ??= setInterval(() => this.tick(), tickMs).unref()
  }

  count(streamId: string): number {
    const audience = this.#audiences.get(streamId)
    if (!audience) return 0
    if (audience.others.size === 0) return audience.own.size
    return (
      audience.ownKeys.size + [...audience.others.keys()].filter((key) => !audience.ownKeys.has(key)).length
    )
  }

  /** Over several cameras of one show: who watches two of them counts once. */
  countAny(streamIds: readonly string[]): number {
    const [first, ...more] = streamIds
    if (first !== undefined && more.length === 0) return this.count(first)
    return new Set(this.present(streamIds).map(({ key }) => key)).size
  }

  /** Everybody at these streams, each once, by whatever process. */
  present(streamIds: readonly string[]): Member[] {
    const people = new Map<string, Member>()
    for (const streamId of streamIds) {
      const { own, others } = this.#audiences.get(streamId) ?? { own: new Map(), others: new Map() }
      for (const member of [...others.values(), ...own.values()]) people.set(member.key, member)
    }
    return [...people.values()]
  }

  /** Streams that somebody watches by requests to this process. */
  get ownStreamIds(): string[] {
    return [...this.#audiences].filter(([, { own }]) => own.size > 0).map(([streamId]) => streamId)
  }

  get streamIds(): string[] {
    return [...this.#audiences.keys()]
  }

  own(streamId: string): Member[] {
    return [...(this.#audiences.get(streamId)?.own.values() ?? [])]
  }

  /** What the other processes see now of a stream. */
  setOthers(streamId: string, members: Iterable<Member>): void {
    const others = new Map([...members].map((member) => [member.key, member]))
    if (others.size === 0 && !this.#audiences.has(streamId)) return
    this.#audienceOf(streamId).others = others
    this.#timer ??= setInterval(() => this.tick(), tickMs).unref()
  }

  /** Over all streams and replays, by requests to this process. */
  get total(): number {
    let total = 0
    for (const { own } of this.#audiences.values()) total += own.size
    return total
  }

  /** Forgets who stopped asking and tells what changed since the last time. */
  tick(): void {
    const limit = this.#now() - seenWithinMs
    for (const [streamId, audience] of this.#audiences) {
      for (const [id, viewer] of audience.own)
        if (viewer.seenAtMs < limit) {
          audience.own.delete(id)
          audience.ownKeys.delete(viewer.key)
          this.#crowd.leave(viewer.network)
        }
      const count = this.count(streamId)
      if (this.#told.get(streamId) !== count) this.#onChange(streamId, count)
      this.#told.set(streamId, count)
      if (count > 0) continue
      this.#audiences.delete(streamId)
      this.#told.delete(streamId)
    }
    if (this.#audiences.size === 0) this.stop()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#isCrowded = false
  }

  #measure(viewer: Viewer, streamId: string, url: string): void {
    const told = delayOf(url)
    if (told !== null) viewer.isTold = true
    if (told === null && viewer.isTold) return
    viewer.delayMs = told ?? this.#options.guessBehind?.(streamId, url) ?? viewer.delayMs
  }

  #audienceOf(streamId: string): Audience {
    const known = this.#audiences.get(streamId)
    if (known) return known
    const made: Audience = { own: new Map(), ownKeys: new Set(), others: new Map() }
    this.#audiences.set(streamId, made)
    return made
  }

  #welcome(
    audience: Audience,
    { streamId, viewerId }: { streamId: string; viewerId: string },
    asking: Asking | undefined,
  ): Viewer | null {
    if (audience.own.size >= maxPerStream) return null
    const { rememberedSince, countryOf, crowded } = this.#options
    const network = this.#crowd.enter(asking)
    if (network === null) {
      if (!this.#isCrowded) crowded?.(streamId)
      this.#isCrowded = true
      return null
    }
    const key = keyOf(viewerId)
    const nowS = Math.floor(this.#now() / 1000)
    const sinceS = audience.others.get(key)?.sinceS ?? rememberedSince?.(streamId, key) ?? nowS
    const country = (asking && countryOf?.(asking)) ?? null
    const kind = kindOf(asking?.headers['user-agent'] ?? '')
    const viewer: Viewer = {
      key,
      sinceS,
      country,
      ...kind,
      delayMs: null,
      seenAtMs: 0,
      isTold: false,
      network,
    }
    audience.own.set(viewerId, viewer)
    audience.ownKeys.add(key)
    return viewer
  }
}

const delayParameter = /[?&]d=(\d{1,6})(?:&|$)/

/** What the player measured itself: `d=` in milliseconds. */
function delayOf(url: string): number | null {
  const told = delayParameter.exec(url)?.[1]
  return told === undefined ? null : Number(told)
}
