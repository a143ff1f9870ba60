import { type OggPage, OggPages } from './ogg-pages.ts'
import { ReadingError } from './reading-error.ts'

type Codec = 'vorbis' | 'opus' | 'flac' | 'other'

interface Stream {
  codec: Codec
  packets: number
  /** Of the packet that goes on in the next page. */
  isAudio: boolean
  isEnded: boolean
}

/** Chained files end one stream before the next. */
const mostOpenStreams = 32

/** Passes the audio packets of an Ogg file on, without pages, headers and comments, however it is cut into pieces. */
export class OggEssence {
  isTruncated = false
  audioBytes = 0
  readonly #pages = new OggPages()
  readonly #streams = new Map<number, Stream>()
  readonly #use: (audio: Buffer) => void

  constructor(use: (audio: Buffer) => void) {
    this.#use = use
  }

  take(piece: Buffer): void {
    for (const page of this.#pages.take(piece)) this.#page(page)
  }

  /** After the last piece. */
  end(): void {
    const isOpen = [...this.#streams.values()].some((stream) => stream.codec !== 'other' && !stream.isEnded)
    this.isTruncated = isOpen || this.#pages.isWithinPage
  }

  #page(page: OggPage): void {
    const stream = page.isFirst ? this.#begin(page) : this.#streams.get(page.serial)
    if (!stream) return
    let at = 0
    let start = 0
    let isNew = !page.isContinued
    for (const length of page.lacing) {
      if (isNew) {
        this.#pass(stream, page.body.subarray(start, at))
        start = at
        stream.isAudio = isAudioPacket(stream, length > 0 ? page.body[at]! : 0)
        stream.packets++
      }
      at += length
      isNew = length < 255
    }
    this.#pass(stream, page.body.subarray(start, at))
    stream.isEnded ||= page.isLast
  }

  #pass(stream: Stream, bytes: Buffer): void {
    if (!stream.isAudio || bytes.length === 0) return
    this.audioBytes += bytes.length
    this.#use(bytes)
  }

  #begin(page: OggPage): Stream {
    for (const [serial, { isEnded }] of this.#streams) if (isEnded) this.#streams.delete(serial)
    if (this.#streams.size >= mostOpenStreams) throw new ReadingError('broken')
    const stream = { codec: codecOf(page.body), packets: 0, isAudio: false, isEnded: false }
    this.#streams.set(page.serial, stream)
    return stream
  }
}

function codecOf(body: Buffer): Codec {
  const begins = body.toString('latin1', 0, 8)
  if (begins.startsWith('\x01vorbis')) return 'vorbis'
  if (begins === 'OpusHead') return 'opus'
  return begins.startsWith('\x7fFLAC') ? 'flac' : 'other'
}

/** Headers are the odd types in Vorbis (I, 4.2.1), the first two packets in Opus, all but frames in FLAC. */
function isAudioPacket(stream: Stream, first: number): boolean {
  if (stream.codec === 'vorbis') return (first & 1) === 0
  if (stream.codec === 'opus') return stream.packets >= 2
  return stream.codec === 'flac' && first === 0xff
}
