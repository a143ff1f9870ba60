import type { RequestHead } from './request-head.ts'

/** Thrown for a body that breaks its own framing. */
export class BodyError extends Error {
  override name = 'BodyError'
}

const maxSizeLine = 64
const maxChunk = 16 * 1024 * 1024

/** Takes the framing off what a source sends: nothing at all mostly, a length, or chunks (RFC 9112 6 and 7.1). */
export class BodyReader {
  readonly #take: (bytes: Buffer) => void
  readonly #isChunked: boolean
  #left: number
  #line = ''
  #isEnded = false

  constructor({ headers }: RequestHead, take: (bytes: Buffer) => void) {
    this.#take = take
    this.#isChunked = /(?:^|,)\s*chunked\s*$/i.test(headers.get('transfer-encoding') ?? '')
    const length = headers.get('content-length') ?? ''
    // Zero and the largest numbers are what clients put there that stream without end.
    const isLength = /^\d{1,15}$/.test(length) && Number(length) > 0
    this.#left = this.#isChunked ? 0 : isLength ? Number(length) : Number.POSITIVE_INFINITY
  }

  /** The sender said that this was all. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Throws a BodyError for impossible chunks. */
  push(bytes: Buffer): void {
    let rest = bytes
    while (rest.length > 0 && !this.#isEnded) rest = this.#left > 0 ? this.#pass(rest) : this.#readSize(rest)
  }

  #pass(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, Math.min(bytes.length, this.#left))
    this.#left -= part.length
    this.#take(part)
    if (this.#left === 0 && !this.#isChunked) this.#isEnded = true
    return bytes.subarray(part.length)
  }

  #readSize(bytes: Buffer): Buffer {
    const end = bytes.indexOf(0x0a)
    this.#line += bytes.toString('latin1', 0, end < 0 ? bytes.length : end)
    if (this.#line.length > maxSizeLine) throw new BodyError('Endless chunk size')
    if (end < 0) return bytes.subarray(bytes.length)
    const line = this.#line.trim()
    this.#line = ''
    // The line end behind the chunk before.
    if (line === '') return bytes.subarray(end + 1)
    const [, size] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line) ?? []
    if (size === undefined) throw new BodyError('No chunk size')
    this.#left = Number.parseInt(size, 16)
    if (this.#left > maxChunk) throw new BodyError('Chunk too large')
    if (this.#left === 0) this.#isEnded = true
    return bytes.subarray(end + 1)
  }
}
