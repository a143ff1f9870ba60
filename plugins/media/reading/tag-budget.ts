import type { ByteFile } from './byte-file.ts'
import type { Values } from './tag-fields.ts'

/** What one reading of tags may still take, and what it has to tell. */
export interface TagBudget {
  bytesLeft: number
  readonly maxPictureBytes: number
  readonly warnings: Set<string>
  /** Milliseconds since the epoch. */
  readonly deadline: number
}

/** A picture that is only read if it is chosen. */
export interface Candidate {
  /** Of ID3v2 APIC, which FLAC shares: 3 is the front cover. */
  type: number
  length: number
  bytes: () => Promise<Buffer>
}

/** What one tag of a file says. */
export interface TagSource {
  values: Values
  pictures: Candidate[]
}

export const emptySource = (): TagSource => ({ values: new Map(), pictures: [] })

export const tooMuch = 'Some tags are larger than tags may be and were left out.'
export const damaged = 'Part of the tags is damaged and was left out.'

const longestValue = 256 * 1024

/** Takes a value's length from the budget; false (and a warning) if it is too large. */
export function mayRead(budget: TagBudget, length: number): boolean {
  if (length <= Math.min(budget.bytesLeft, longestValue)) {
    budget.bytesLeft -= length
    return true
  }
  budget.warnings.add(tooMuch)
  return false
}

/** Memory to be read like a file. */
export function bytesAsFile(bytes: Buffer): ByteFile {
  const read = async (at: number, length: number) => bytes.subarray(at, Math.max(at, at + length))
  return {
    size: bytes.length,
    read,
    async readInto(target, at) {
      return bytes.copy(target, 0, at)
    },
  }
}
