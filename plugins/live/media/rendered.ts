import { gzip } from 'node:zlib'

/** A playlist's text, rendered once for all requests, with its compressed form once that is ready. */
export class Rendered {
  readonly plain: Buffer
  #packed: Buffer | null = null
  #isPacking = false

  constructor(text: string) {
    this.plain = Buffer.from(text)
  }

  /** Compressed in the background from the first call on; null until then, so nobody waits for it. */
  get packed(): Buffer | null {
    if (!this.#isPacking) {
      this.#isPacking = true
      gzip(this.plain, (error, packed) => {
        if (error === null) this.#packed = packed
      })
    }
    return this.#packed
  }
}
