import { type OggPage, OggPages } from './ogg-pages.ts'
import { titleOfComments } from './vorbis-comments.ts'

/** Pictures in comments may be large; a head beyond this is not kept. */
const maxHead = 1024 * 1024
const maxComments = 256 * 1024
/** The comments are the second packet of every mapping we know. */
const commentPacket = 1

/**
 * Reads along with an Ogg source: the song titles in its comments, and the pages that a decoder started later needs
 * first.
 */
export class OggHead {
  readonly #onTitle: (title: string) => void
  readonly #pages = new OggPages((page) => this.#read(page))
  #head: Buffer[] = []
  #headBytes = 0
  #isReading = false
  #packet = 0
  #comments: Buffer[] = []
  #commentBytes = 0

  constructor(onTitle: (title: string) => void) {
    this.#onTitle = onTitle
  }

  push(bytes: Buffer): void {
    this.#pages.push(bytes)
  }

  /** What describes the sound that comes now. */
  get bytes(): Buffer {
    return Buffer.concat(this.#head)
  }

  #read(page: OggPage): void {
    if (page.isFirst) this.#begin()
    // Pages of the head end no sound; where none of their packets ends, their position is -1.
    else if (page.granule > 0n) this.#isReading = false
    if (!this.#isReading) return
    this.#headBytes += page.bytes.length
    if (this.#headBytes > maxHead) {
      this.#isReading = false
      this.#head = []
      return
    }
    this.#head.push(Buffer.from(page.bytes))
    for (const [i, piece] of page.pieces.entries()) {
      if (this.#packet === commentPacket) this.#collect(piece)
      const isWhole = i < page.pieces.length - 1 || !page.isOpen
      if (isWhole) this.#endPacket()
    }
  }

  #begin(): void {
    this.#isReading = true
    this.#head = []
    this.#headBytes = 0
    this.#packet = 0
    this.#comments = []
    this.#commentBytes = 0
  }

  #collect(piece: Buffer): void {
    this.#commentBytes += piece.length
    if (this.#commentBytes <= maxComments) this.#comments.push(Buffer.from(piece))
  }

  #endPacket(): void {
    if (this.#packet++ !== commentPacket) return
    const title = titleOfComments(Buffer.concat(this.#comments))
    this.#comments = []
    if (title !== '') this.#onTitle(title)
  }
}
