import { gzip, gzipSync } from 'node:zlib'

/** Compressing this much takes less time than another turn of the event loop. */
const AT_ONCE_BYTES = 32 * 1024

/** A playlist's text, rendered once for all requests, with its compressed form. */
export class Rendered {
  readonly plain: Buffer
  #packed: Buffer | null = null
  #isPacking = false

  constructor(text: string) {
    this.plain = Buffer.from(text)
  }

  /** Compressed once; a long one in the background from the first call on, null until then. */
  get packed(): Buffer | null {
    if (this.#isPacking) return this.#packed
    this.#isPacking = true
    if (this.plain.length <= AT_ONCE_BYTES) {
      this.#packed = gzipSync(this.plain)
      return this.#packed
    }
    gzip(this.plain, (error, packed) => {
      if (error === null) this.#packed = packed
    })
    return null
  }
}
