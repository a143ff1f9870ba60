/** Bytes of sound between two places for a title; what Icecast uses as well. */
export const metaEvery = 16_000
const blockSize = 16
const longest = 255 * blockSize
const nothing = Buffer.from([0])

/** Puts song titles between the bytes of one listener, who asked for it by `Icy-MetaData: 1`. */
export class IcyWriter {
  #left = metaEvery
  #told = ''

  /** The bytes with what goes between them; `title` is the one at their place. */
  write(bytes: Buffer, title: string): Buffer {
    const out: Buffer[] = []
    let rest = bytes
    while (rest.length >= this.#left) {
      out.push(rest.subarray(0, this.#left), this.#block(title))
      rest = rest.subarray(this.#left)
      this.#left = metaEvery
    }
    this.#left -= rest.length
    out.push(rest)
    return Buffer.concat(out)
  }

  #block(title: string): Buffer {
    if (title === this.#told) return nothing
    this.#told = title
    // Players read up to the mark that ends a value; whole characters only.
    const safe = title.replaceAll("';", '’;')
    let text = Buffer.from(`StreamTitle='${safe}';`)
    if (text.length > longest) text = Buffer.from("StreamTitle='';")
    const block = Buffer.alloc(1 + Math.ceil(text.length / blockSize) * blockSize)
    block[0] = (block.length - 1) / blockSize
    text.copy(block, 1)
    return block
  }
}

/** UTF-8 in a header, as players of radio streams read it, in the form that Node writes it so. */
export function icyText(text: string): string {
  const line = text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return Buffer.from([...line].slice(0, 200).join('')).toString('latin1')
}
