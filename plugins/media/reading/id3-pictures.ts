import { type Frame, type Id3Tag, withoutUnsync } from './id3-frames.ts'
import type { Candidate } from './tag-budget.ts'

/** Type, MIME and description stand in front of a picture. */
const longestPreface = 4096

/** The picture of an APIC or PIC frame: what it is, by its first bytes only. */
export async function pictureOfFrame(tag: Id3Tag, frame: Frame): Promise<Candidate | null> {
  const isFour = tag.major === 4
  const isEncoded = (frame.flags & (isFour ? 0x0c : 0xc0)) !== 0
  if (isEncoded) return null
  const extra = (frame.flags & (isFour ? 0x40 : 0x20) ? 1 : 0) + (isFour && frame.flags & 1 ? 4 : 0)
  const isUnsynced = isFour && (frame.flags & 2) !== 0
  const read = async (length: number) => {
    const bytes = await tag.bytes.read(frame.at + extra, Math.min(length, frame.length - extra))
    return isUnsynced ? withoutUnsync(bytes) : bytes
  }
  const preface = prefaceOf(await read(longestPreface), frame.id === 'PIC')
  if (!preface) return null
  return {
    type: preface.type,
    length: Math.max(0, frame.length - extra - preface.length),
    bytes: async () => (await read(frame.length)).subarray(preface.length),
  }
}

function prefaceOf(bytes: Buffer, isOld: boolean): { type: number; length: number } | null {
  const typeAt = isOld ? 4 : bytes.indexOf(0, 1) + 1
  if (typeAt <= 0 || typeAt >= bytes.length) return null
  const isWide = bytes[0] === 1 || bytes[0] === 2
  for (let at = typeAt + 1; at < bytes.length; at += isWide ? 2 : 1)
    if (bytes[at] === 0 && (!isWide || bytes[at + 1] === 0))
      return { type: bytes[typeAt]!, length: at + (isWide ? 2 : 1) }
  return null
}
