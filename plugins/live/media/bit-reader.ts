/** Reads a byte string bit by bit; throws a RangeError past its end, so hostile headers cannot loop. */
export class BitReader {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** The next `count` bits (at most 32) as an unsigned number. */
  bits(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) value = value * 2 + this.#bit()
    return value
  }

  flag(): boolean {
    return this.#bit() === 1
  }

  /** Unsigned Exp-Golomb code, ue(v) of ITU-T H.264 9.1. */
  unsigned(): number {
    let zeros = 0
    while (this.#bit() === 0) if (++zeros > 31) throw new RangeError('Exp-Golomb code too long')
    return 2 ** zeros - 1 + this.bits(zeros)
  }

  /** Signed Exp-Golomb code, se(v). */
  signed(): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }

  #bit(): number {
    const byte = this.#bytes[this.#position >> 3]
    if (byte === undefined) throw new RangeError('header ends too early')
    const bit = (byte >> (7 - (this.#position & 7))) & 1
    this.#position++
    return bit
  }
}
