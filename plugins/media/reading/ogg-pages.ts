/** One page (RFC 3533, 6) with the lengths its packets are laced by. */
export interface OggPage {
  serial: number
  isContinued: boolean
  isFirst: boolean
  isLast: boolean
  lacing: Buffer
  body: Buffer
}

const longestPage = 27 + 255 + 255 * 255

/** Takes a file in pieces of any length and gives its pages. What is no page is passed over. */
export class OggPages {
  #rest: Buffer = Buffer.alloc(0);

  /** Pages share the memory of the piece. */
  *take(piece: Buffer): Generator<OggPage> {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece
    let at = 0
    while (true) {
      const start = bytes.indexOf('OggS', at)
      if (start < 0) {
        at = Math.max(at, bytes.length - 3)
        break
      }
      const page = pageAt(bytes, start)
      at = start
      if (!page) break
      yield page
      at = start + 27 + page.lacing.length + page.body.length
    }
    // A copy: the caller fills its piece anew.
    this.#rest = Buffer.from(bytes.subarray(at, at + longestPage))
  }

  /** Whether a page has begun and not ended. */
  get isWithinPage(): boolean {
    return this.#rest.toString('latin1', 0, 4) === 'OggS'
  }
}

function pageAt(bytes: Buffer, at: number): OggPage | null {
  if (at + 27 > bytes.length) return null
  const bodyAt = at + 27 + bytes[at + 26]!
  if (bodyAt > bytes.length) return null
  const lacing = bytes.subarray(at + 27, bodyAt)
  let length = 0
  for (const one of lacing) length += one
  if (bodyAt + length > bytes.length) return null
  const flags = bytes[at + 5]!
  return {
    serial: bytes.readUInt32LE(at + 14),
    isContinued: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    lacing,
    body: bytes.subarray(bodyAt, bodyAt + length),
  }
}
