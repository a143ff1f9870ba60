import type { ServerResponse } from 'node:http'
import { IcyWriter } from './icy.ts'
import type { Taker } from './outlet.ts'
import type { Piece } from './sound-feed.ts'

/** Some 20 seconds of MP3: who is further behind is cut off. */
const mostUnsent = 512 * 1024

/** One response that does not end while the stream goes on. */
export class Listener implements Taker {
  readonly #res: ServerResponse
  readonly #icy: IcyWriter | null
  readonly #titleAt: (ms: number) => string

  constructor(res: ServerResponse, wantsTitles: boolean, titleAt: (ms: number) => string) {
    this.#res = res
    this.#icy = wantsTitles ? new IcyWriter() : null
    this.#titleAt = titleAt
  }

  take({ bytes, atMs }: Piece): void {
    if (this.#res.destroyed) return
    this.#res.write(this.#icy ? this.#icy.write(bytes, this.#titleAt(atMs)) : bytes)
    if (this.#res.writableLength > mostUnsent) this.#res.destroy()
  }

  end(): void {
    this.#res.end()
  }
}
