import type { OpenPart } from './spool.ts'
import type { FeedMessage, ToFeed } from './types.ts'

/** Far above what a part of 12 seconds needs; a larger length means the stream of bytes is broken. */
const MAX_BODY = 64 * 1024 * 1024
const MAX_JSON = 64 * 1024
const LENGTHS = 8

/** A message as it travels: lengths and JSON, then the body, which is never copied. */
export interface FeedFrame {
  head: Buffer
  body: Buffer | null
}

export function encodeFrame(message: FeedMessage | ToFeed | OpenPart, body?: Buffer): FeedFrame {
  const json = Buffer.from(JSON.stringify(message))
  const lengths = Buffer.allocUnsafe(LENGTHS)
  lengths.writeUInt32BE(json.length, 0)
  lengths.writeUInt32BE(body?.length ?? 0, 4)
  return { head: Buffer.concat([lengths, json]), body: body ?? null }
}

/** Reads frames from chunks as a socket cuts them; a chunk may be overwritten afterwards, as everything kept is copied. */
export class FrameReader<Message = FeedMessage> {
  readonly #onMessage: (message: Message, body: Buffer) => void
  readonly #maxBody: number
  #head: Buffer = Buffer.alloc(0)
  #message: Message | null = null
  #body: Buffer | null = null
  #filled = 0

  constructor(onMessage: (message: Message, body: Buffer) => void, maxBody = MAX_BODY) {
    this.#onMessage = onMessage
    this.#maxBody = maxBody
  }

  /** Throws a RangeError when the bytes cannot be frames. */
  push(chunk: Buffer): void {
    let rest = chunk
    while (rest.length > 0) rest = this.#body === null ? this.#takeHead(rest) : this.#takeBody(rest)
  }

  #takeHead(chunk: Buffer): Buffer {
    const data = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    this.#head = Buffer.alloc(0)
    if (data.length < LENGTHS) return this.#wait(data)
    const lengths = { json: data.readUInt32BE(0), body: data.readUInt32BE(4) }
    if (lengths.json > MAX_JSON || lengths.body > this.#maxBody) throw new RangeError('feed frame too large')
    const end = LENGTHS + lengths.json
    if (data.length < end) return this.#wait(data)
    this.#message = JSON.parse(data.toString('utf8', LENGTHS, end)) as Message
    this.#body = Buffer.allocUnsafeSlow(lengths.body)
    this.#filled = 0
    if (lengths.body === 0) this.#finish()
    return data.subarray(end)
  }

  #wait(data: Buffer): Buffer {
    this.#head = Buffer.from(data)
    return data.subarray(data.length)
  }

  #takeBody(chunk: Buffer): Buffer {
    const body = this.#body!
    const taken = chunk.copy(body, this.#filled)
    this.#filled += taken
    if (this.#filled === body.length) this.#finish()
    return chunk.subarray(taken)
  }

  #finish(): void {
    const message = this.#message!
    const body = this.#body!
    this.#message = null
    this.#body = null
    this.#onMessage(message, body)
  }
}
