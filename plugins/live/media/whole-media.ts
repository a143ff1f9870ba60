/** Of a fragment's bytes, as the ingest writes them: where the number of samples stands, and their rows. */
const COUNT_AT = 84
const ROWS_AT = COUNT_AT + 8
const ROW_BYTES = { video: 16, audio: 8 }
const BOX_HEAD = 8

/** The fragments at the beginning of a segment that are there with all their samples. */
export interface WholeFragments {
  sizeBytes: number
  /** How long their samples last, in the track's timescale. */
  ticks: number
}

export function wholeFragments(bytes: Buffer, track: 'video' | 'audio'): WholeFragments {
  const whole = { sizeBytes: 0, ticks: 0 }
  for (;;) {
    const fragment = fragmentAt(bytes, whole.sizeBytes, ROW_BYTES[track])
    if (fragment === null) return whole
    whole.sizeBytes += fragment.sizeBytes
    whole.ticks += fragment.ticks
  }
}

/** A moof and its mdat; null where one is cut off or does not hold what its rows say. */
function fragmentAt(bytes: Buffer, at: number, rowBytes: number): WholeFragments | null {
  const headBytes = boxBytes(bytes, at, 'moof')
  const dataBytes = boxBytes(bytes, at + headBytes, 'mdat')
  if (headBytes < ROWS_AT || dataBytes === 0) return null
  const count = bytes.readUInt32BE(at + COUNT_AT)
  if (headBytes !== ROWS_AT + count * rowBytes) return null
  let [ticks, sampleBytes] = [0, 0]
  for (let row = at + ROWS_AT; row < at + headBytes; row += rowBytes) {
    ticks += bytes.readUInt32BE(row)
    sampleBytes += bytes.readUInt32BE(row + 4)
  }
  return dataBytes === BOX_HEAD + sampleBytes ? { sizeBytes: headBytes + dataBytes, ticks } : null
}

/** Size of the box that begins there; 0 where it is another one, or cut off. */
function boxBytes(bytes: Buffer, at: number, type: string): number {
  if (at + BOX_HEAD > bytes.length || bytes.toString('latin1', at + 4, at + BOX_HEAD) !== type) return 0
  const size = bytes.readUInt32BE(at)
  return size >= BOX_HEAD && at + size <= bytes.length ? size : 0
}

/** The smallest that disks write. */
const sector = Buffer.alloc(512)

/**
 * Whether zeros stand where media should: file systems may keep the length of a file whose last blocks never came to
 * the disk. Neither H.264 (7.4.1, no three zero bytes in a unit) nor AAC has so many, but encoders that fill up to a
 * constant bit rate may.
 */
export const hasHole = (bytes: Buffer): boolean => bytes.at(-1) === 0 || bytes.includes(sector)
