const SLAB_BYTES = 256 * 1024
/** Empty ones are kept up to 8 MB. */
const MOST_EMPTY = 32

interface Slab {
  bytes: Buffer
  used: number
  /** Frames in it that were not given back. */
  frames: number
}

const slabOf = new WeakMap<ArrayBufferLike, Slab>()
const empty: Slab[] = []
let open = createSlab()

function createSlab(): Slab {
  const slab = { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), used: 0, frames: 0 }
  slabOf.set(slab.bytes.buffer, slab)
  return slab
}

/**
 * Memory for a frame of a publisher, from its first byte until it was copied into a part: less than a second. Left to
 * the garbage collector, frames make it run every second, for a fifth of all the work. What is not
 * given back is its again.
 */
export function takeFrame(size: number): Buffer {
  if (size > SLAB_BYTES) return Buffer.allocUnsafeSlow(size)
  if (open.used + size > SLAB_BYTES) open = empty.pop() ?? createSlab()
  const frame = open.bytes.subarray(open.used, open.used + size)
  open.used += size
  open.frames++
  return frame
}

/** The frame, or a part of it, will not be read again: its bytes may be another's from the next `takeFrame` on. */
export function giveBackFrame(frame: Buffer): void {
  const slab = slabOf.get(frame.buffer)
  if (slab === undefined || --slab.frames > 0) return
  slab.used = 0
  if (slab !== open && empty.length < MOST_EMPTY) empty.push(slab)
}
