import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from '../stats/peer-address.ts'

/** No player asks for so much at once on one connection: whoever does is cut off. */
const MOST_OF_A_CONNECTION = 16
/** Some kilobytes each; beyond that a request is told to come again. */
const MOST = 20_000
/** Once there are so many, one address may have no more than its part of them. */
const CROWDED = MOST / 2
const MOST_OF_AN_ADDRESS = MOST / 8
/** Answers written in one go; others get their turn in between. */
const SLICE = 64

/** A request that waits for its stream to go on. */
export interface Waiter {
  res: ServerResponse
  /** Whether it need not wait any longer. */
  isDue: () => boolean
  answer: () => void
  /** It waited long enough. */
  expire: () => void
  maxMs: number
}

interface Entry extends Waiter {
  timer: NodeJS.Timeout
  leave: () => void
}

/** Requests that wait for something to come, by stream. Those whose client leaves are forgotten. */
export class Waiting {
  readonly #streams = new Map<string, Set<Entry>>()
  readonly #bySocket = new WeakMap<Socket, number>()
  readonly #byAddress = new Map<string, number>()
  #waiting = 0
  #due: Entry[] = []
  #isAnswering = false

  get size(): number {
    return this.#waiting + this.#due.length
  }

  add(streamId: string, waiter: Waiter): void {
    // Of requests in a row on one connection only the first answer has a socket yet.
    const { socket } = waiter.res.req
    const own = this.#bySocket.get(socket) ?? 0
    if (own >= MOST_OF_A_CONNECTION) socket.destroy()
    else if (this.#waiting >= MOST) waiter.expire()
    else this.#keep(streamId, waiter, socket)
  }

  #keep(streamId: string, waiter: Waiter, socket: Socket): void {
    const network = networkOf(waiter.res.req)
    const ofNetwork = (network !== null && this.#byAddress.get(network)) || 0
    if (this.#waiting >= CROWDED && ofNetwork >= MOST_OF_AN_ADDRESS) {
      waiter.expire()
      return
    }
    this.#count(socket, network, 1)
    const entries = this.#streams.get(streamId) ?? new Set()
    this.#streams.set(streamId, entries)
    const forget = () => {
      clearTimeout(entry.timer)
      waiter.res.off('close', forget)
      if (entries.delete(entry)) this.#count(socket, network, -1)
      if (entries.size === 0 && this.#streams.get(streamId) === entries) this.#streams.delete(streamId)
    }
    const timer = setTimeout(() => {
      forget()
      waiter.expire()
    }, waiter.maxMs)
    const entry: Entry = { ...waiter, timer: timer.unref(), leave: forget }
    entries.add(entry)
    waiter.res.on('close', forget)
  }

  /** Something came: answers those that waited for it, without holding up everybody else for long. */
  wake(streamId: string): void {
    for (const entry of this.#streams.get(streamId) ?? []) {
      if (!entry.isDue()) continue
      entry.leave()
      this.#due.push(entry)
    }
    if (!this.#isAnswering) this.#answerSome()
  }

  #count(socket: Socket, network: string | null, change: 1 | -1): void {
    this.#waiting += change
    this.#bySocket.set(socket, (this.#bySocket.get(socket) ?? 0) + change)
    if (network === null) return
    const left = (this.#byAddress.get(network) ?? 0) + change
    if (left > 0) this.#byAddress.set(network, left)
    else this.#byAddress.delete(network)
  }

  #answerSome(): void {
    for (const entry of this.#due.splice(0, SLICE)) if (!entry.res.destroyed) entry.answer()
    this.#isAnswering = this.#due.length > 0
    if (this.#isAnswering) setImmediate(() => this.#answerSome())
  }
}
