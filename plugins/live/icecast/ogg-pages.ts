/** One page of an Ogg stream (RFC 3533 6). `bytes` is the whole page. */
export interface OggPage {
  bytes: Buffer
  isFirst: boolean
  isContinued: boolean
  /** Position after the last packet that ends here, in the codec's units; -1 where none ends. */
  granule: bigint
  /** The parts of packets that it holds; the last goes on in the next page when `isOpen`. */
  pieces: Buffer[]
  isOpen: boolean
}

const headLength = 27
const capture = Buffer.from('OggS')
const none = Buffer.alloc(0)

/** Cuts a stream of bytes into Ogg pages; bytes that belong to none are passed over. Checksums are not checked. */
export class OggPages {
  readonly #take: (page: OggPage) => void
  #held: Buffer = none

  constructor(take: (page: OggPage) => void) {
    this.#take = take
  }

  push(bytes: Buffer): void {
    let data = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    for (;;) {
      const start = data.indexOf(capture)
      // What may be the beginning of the mark is held.
      data = data.subarray(start < 0 ? Math.max(0, data.length - capture.length + 1) : start)
      const length = start < 0 ? 0 : pageLength(data)
      if (length === 0 || data.length < length) break
      this.#take(readPage(data.subarray(0, length)))
      data = data.subarray(length)
    }
    this.#held = Buffer.from(data)
  }
}

/** 0 while its head is not all here. A page is at most 65,307 bytes. */
function pageLength(data: Buffer): number {
  if (data.length < headLength) return 0
  const segments = data[26]!
  if (data.length < headLength + segments) return 0
  let length = headLength + segments
  for (let i = 0; i < segments; i++) length += data[headLength + i]!
  return length
}

function readPage(bytes: Buffer): OggPage {
  const flags = bytes[5]!
  const lacing = bytes.subarray(headLength, headLength + bytes[26]!)
  const pieces: Buffer[] = []
  let start = headLength + lacing.length
  let end = start
  for (const size of lacing) {
    end += size
    if (size === 255) continue
    pieces.push(bytes.subarray(start, end))
    start = end
  }
  const isOpen = lacing.at(-1) === 255
  if (isOpen) pieces.push(bytes.subarray(start, end))
  const isContinued = (flags & 1) !== 0
  return { bytes, isContinued, isFirst: (flags & 2) !== 0, granule: bytes.readBigInt64LE(6), pieces, isOpen }
}
