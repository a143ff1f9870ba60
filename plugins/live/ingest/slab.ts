const slabBytes = 64 * 1024

/**
 * Cuts the messages of one connection out of larger buffers. They come and go together, with their segment, and
 * a buffer for each would cost the garbage collector more than all the rest of its work.
 */
export class Slab {
  private bytes: Buffer = Buffer.alloc(0)
  private used = 0

  /** Memory for one message, not cleared, that nobody else is given. */
  take(length: number): Buffer {
    if (length > slabBytes / 2) return Buffer.allocUnsafeSlow(length)
    if (this.used + length > this.bytes.length) {
      // The first messages are commands; who sends no more than those shall not cost us a slab.
      if (this.bytes.length === 0 && length < 1024) return Buffer.allocUnsafe(length)
      this.bytes = Buffer.allocUnsafeSlow(slabBytes)
      this.used = 0
    }
    const start = this.used
    this.used += length
    return this.bytes.subarray(start, this.used)
  }
}
