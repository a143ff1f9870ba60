import type { Account, Db, Log } from '#sdk'
import type { Channel } from '../channels.ts'
import type { Access, WatchGate } from '../contract.ts'
import { canPublish } from '../policy.ts'
import type { Stream } from '../streams.ts'
import { followedAmong } from './follows.ts'
import { passesOf } from './passes.ts'

/** What of a stream decides about who may watch it. */
export type Guarded = Pick<Stream, 'access' | 'eventId'>
export interface Subject {
  channel: Channel
  stream?: Guarded | null | undefined
}
export type MayWatch = (channel: Channel, stream?: Guarded | null) => boolean

/** Who looks: an account of a call, or one known by its id alone. */
export interface Watcher {
  id: string
  canPublish(channel: Channel): boolean
}

/** A planned set may be open to others than the rest of its channel. */
export function accessOf(channel: Pick<Channel, 'access'>, stream?: Guarded | null): Access {
  return stream?.access ?? channel.access
}

export const watcherOf = (account: Account): Watcher => ({
  id: account.id,
  canPublish: (channel) => canPublish(account, channel),
})

/** For who is nobody. */
export const mayStrangerWatch: MayWatch = (channel, stream) => accessOf(channel, stream) === 'public'

/** Decides who may watch what: in one query a kind of right, however many streams are asked for. */
export class Rights {
  readonly #db: Db
  readonly #log: Log
  readonly #gates: { kind: 'subscribers' | 'ticket'; check: WatchGate }[] = []

  constructor(db: Db, log: Log) {
    this.#db = db
    this.#log = log
  }

  addGate(kind: 'subscribers' | 'ticket', check: WatchGate): void {
    this.#gates.push({ kind, check })
  }

  async mayWatch(who: Watcher | null, { channel, stream }: Subject): Promise<boolean> {
    return (await this.of(who, [{ channel, stream }]))(channel, stream)
  }

  /** Good for these subjects only, and for this moment. */
  async of(who: Watcher | null, subjects: readonly Subject[]): Promise<MayWatch> {
    if (!who) return mayStrangerWatch
    const closed = subjects.filter(
      ({ channel, stream }) => !isOpenToAll(accessOf(channel, stream)) && !who.canPublish(channel),
    )
    if (closed.length === 0)
      return (channel, stream) => isOpenToAll(accessOf(channel, stream)) || who.canPublish(channel)
    const ids = [...new Set(closed.map(({ channel }) => channel.id))]
    const passes = new Set((await passesOf(this.#db, who.id, ids)).map(markOf))
    const wantsFollow = closed.some(({ channel, stream }) => accessOf(channel, stream) === 'followers')
    const followed = new Set(wantsFollow ? await followedAmong(this.#db, who.id, ids) : [])
    const isInvited = ({ channel, stream }: Subject) =>
      passes.has(markOf({ channelId: channel.id, eventId: null })) ||
      passes.has(markOf({ channelId: channel.id, eventId: stream?.eventId ?? null }))
    const sold = await this.#sold(
      who,
      closed.filter((subject) => !isInvited(subject)),
    )
    return (channel, stream) => {
      const access = accessOf(channel, stream)
      if (isOpenToAll(access) || who.canPublish(channel) || isInvited({ channel, stream })) return true
      if (access === 'followers') return followed.has(channel.id)
      return sold.has(`${access} ${markOf({ channelId: channel.id, eventId: stream?.eventId ?? null })}`)
    }
  }

  /** What other plugins have sold; one that fails has sold nothing. */
  async #sold(who: Watcher, subjects: readonly Subject[]): Promise<Set<string>> {
    const asked = subjects.flatMap(({ channel, stream }) => {
      const access = accessOf(channel, stream)
      const what = { channelId: channel.id, eventId: stream?.eventId ?? null }
      return this.#gates.filter(({ kind }) => kind === access).map(({ check }) => ({ access, what, check }))
    })
    const answers = await Promise.all(
      asked.map(async ({ access, what, check }) => {
        const isSold = await check(who.id, what).catch((error: unknown) => {
          this.#log.warn({ err: error, ...what }, 'a gate could not say who may watch')
          return false
        })
        return isSold ? `${access} ${markOf(what)}` : ''
      }),
    )
    return new Set(answers)
  }
}

/** To everybody with an account, at least. */
const isOpenToAll = (access: Access) => access === 'public' || access === 'members'
const markOf = ({ channelId, eventId }: { channelId: string; eventId: string | null }) =>
  `${channelId} ${eventId ?? ''}`
