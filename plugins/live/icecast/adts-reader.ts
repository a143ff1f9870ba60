/** What comes out of a source: raw AAC access units and the settings they need. */
export interface FrameSink {
  /** An AudioSpecificConfig; again whenever it changes. */
  config(asc: Buffer, sampleRateHz: number): void
  /** One access unit; a buffer of its own. */
  frame(accessUnit: Buffer): void
  /** AAC of a kind that browsers do not play. */
  unsupported(codec: string): void
}

const rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
const profiles = ['AAC Main', 'AAC-LC', 'AAC SSR', 'AAC LTP']
const lowComplexity = 1
const headerLength = 7
const crcLength = 2
/** The fixed header (ISO/IEC 14496-3 1.A.2.2.1): what may not change from frame to frame. */
const fixedMask = 0xfffffff0
const none = Buffer.alloc(0)

/** Cuts an ADTS stream into access units; finds its place again behind bytes that are none. */
export class AdtsReader {
  readonly #sink: FrameSink
  #held: Buffer = none
  #fixed: number | null = null
  #isOver = false

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  push(bytes: Buffer): void {
    if (this.#isOver) return
    let data = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    for (;;) {
      const { at, length } = this.#find(data)
      data = data.subarray(at)
      if (length === 0 || data.length < length || this.#isOver) break
      this.#frame(data.subarray(0, length))
      data = data.subarray(length)
    }
    // A copy, so that a large chunk is not kept for its last few bytes.
    this.#held = Buffer.from(data)
  }

  /** Where the next frame is; a length of 0 where what follows it must come first to be sure, or there is none. */
  #find(data: Buffer): { at: number; length: number } {
    for (let at = 0; at < data.length; at++) {
      if (data[at] !== 0xff) continue
      if (data.length - at < headerLength) return { at, length: 0 }
      const length = lengthAt(data, at)
      if (length === 0) continue
      if (this.#fixed !== null && fixedAt(data, at) === this.#fixed) return { at, length }
      // A new header counts when another like it follows.
      const next = at + length
      if (data.length < next + headerLength) return { at, length: 0 }
      if (lengthAt(data, next) > 0 && fixedAt(data, next) === fixedAt(data, at)) return { at, length }
    }
    return { at: data.length, length: 0 }
  }

  #frame(frame: Buffer): void {
    const fixed = fixedAt(frame, 0)
    if (fixed !== this.#fixed) this.#configure(frame, fixed)
    const hasCrc = (frame[1]! & 1) === 0
    if (!this.#isOver) this.#sink.frame(Buffer.from(frame.subarray(headerLength + (hasCrc ? crcLength : 0))))
  }

  #configure(frame: Buffer, fixed: number): void {
    const profile = frame[2]! >> 6
    const rate = (frame[2]! >> 2) & 15
    const channels = ((frame[2]! & 1) << 2) | (frame[3]! >> 6)
    if (profile !== lowComplexity) {
      this.#isOver = true
      this.#sink.unsupported(profiles[profile]!)
      return
    }
    this.#fixed = fixed
    const asc = Buffer.alloc(2)
    asc.writeUInt16BE(((profile + 1) << 11) | (rate << 7) | (channels << 3))
    this.#sink.config(asc, rates[rate]!)
  }
}

/** Length of the frame that begins here, header included; 0 where none begins. */
function lengthAt(data: Buffer, at: number): number {
  const isHeader = data[at] === 0xff && (data[at + 1]! & 0xf6) === 0xf0
  if (!isHeader || ((data[at + 2]! >> 2) & 15) >= rates.length) return 0
  const length = ((data[at + 3]! & 3) << 11) | (data[at + 4]! << 3) | (data[at + 5]! >> 5)
  const isOneBlock = (data[at + 6]! & 3) === 0
  const least = headerLength + ((data[at + 1]! & 1) === 0 ? crcLength : 0)
  return isOneBlock && length > least ? length : 0
}

function fixedAt(data: Buffer, at: number): number {
  return data.readUInt32BE(at) & fixedMask
}
