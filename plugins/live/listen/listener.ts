import type { ServerResponse } from 'node:http'
import { IcyWriter } from './icy.ts'
import type { Taker } from './outlet.ts'
import type { Piece } from './sound-feed.ts'

/** Some 20 seconds of MP3: who is further behind is cut off. */
const mostUnsent = 512 * 1024

/** What all listeners of a process together have not taken; beyond it each may be behind by their share alone. */
export class Backlog {
  readonly #most: number
  #listeners = 0
  #unsent = 0

  constructor(most = 128 * 1024 * 1024) {
    this.#most = most
  }

  /** How far one of them may be behind now. */
  get share(): number {
    return this.#unsent <= this.#most ? mostUnsent : Math.min(mostUnsent, this.#most / this.#listeners)
  }

  join(): void {
    this.#listeners += 1
  }

  /** By so many bytes more, or less. */
  change(bytes: number): void {
    this.#unsent += bytes
  }

  leave(unsent: number): void {
    this.#listeners -= 1
    this.#unsent -= unsent
  }
}

/** One response that does not end while the stream goes on. */
export class Listener implements Taker {
  readonly #res: ServerResponse
  readonly #icy: IcyWriter | null
  readonly #titleAt: (ms: number) => string
  readonly #backlog: Backlog
  #unsent = 0

  constructor(
    res: ServerResponse,
    options: { wantsTitles: boolean; titleAt: (ms: number) => string; backlog: Backlog },
  ) {
    this.#res = res
    this.#icy = options.wantsTitles ? new IcyWriter() : null
    this.#titleAt = options.titleAt
    this.#backlog = options.backlog
    this.#backlog.join()
    res.once('close', () => this.#backlog.leave(this.#unsent))
  }

  take({ bytes, atMs }: Piece): void {
    if (this.#res.destroyed) return
    this.#res.write(this.#icy ? this.#icy.write(bytes, this.#titleAt(atMs)) : bytes)
    const unsent = this.#res.writableLength
    this.#backlog.change(unsent - this.#unsent)
    this.#unsent = unsent
    if (unsent > this.#backlog.share) this.#res.destroy()
  }

  end(): void {
    this.#res.end()
  }
}
