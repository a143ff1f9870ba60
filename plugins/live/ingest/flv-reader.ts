const headerBytes = 9
const sizeBytes = 4
const tagHeaderBytes = 11
const mostBytes = 8 * 1024 * 1024

/** Reads the tags of an FLV file as its bytes come (FLV 10.1, annex E); payloads are the reader's to keep. */
export class FlvReader {
  readonly #onTag: (type: number, timeMs: number, payload: Buffer) => void
  #rest: Buffer = Buffer.alloc(0)
  #hasHeader = false

  constructor(onTag: (type: number, timeMs: number, payload: Buffer) => void) {
    this.#onTag = onTag
  }

  /** Throws a RangeError for bytes that cannot be FLV. */
  push(chunk: Buffer): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    if (!this.#hasHeader) {
      if (data.length < headerBytes + sizeBytes) {
        this.#rest = data
        return
      }
      if (data.toString('latin1', 0, 3) !== 'FLV') throw new RangeError('not FLV')
      this.#hasHeader = true
      data = data.subarray(headerBytes + sizeBytes)
    }
    while (data.length >= tagHeaderBytes) {
      const length = data.readUIntBE(1, 3)
      if (length > mostBytes) throw new RangeError('FLV tag too large')
      const end = tagHeaderBytes + length + sizeBytes
      if (data.length < end) break
      const timeMs = data.readUIntBE(4, 3) + data[7]! * 2 ** 24
      this.#onTag(
        data[0]! & 0x1f,
        timeMs,
        Buffer.from(data.subarray(tagHeaderBytes, tagHeaderBytes + length)),
      )
      data = data.subarray(end)
    }
    this.#rest = data
  }
}
