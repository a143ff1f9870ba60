import { BrokenMedia, type Fragment, findBox } from './fragments.ts'

/** Where the fields of a visual sample entry end and its boxes begin (ISO/IEC 14496-12 12.1.3). */
const ENTRY_HEAD = 8 + 78

/**
 * The parameter sets of an `avc1` sample entry as the beginning of a sample, each behind its length as all NAL units
 * there (ISO/IEC 14496-15 5.3.3.1).
 */
export function parameterSets(entry: Buffer): Buffer {
  const avcC = findBox(entry.subarray(ENTRY_HEAD), ['avcC'])
  const lengthBytes = (avcC.readUInt8(4) & 3) + 1
  const sets: Buffer[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = avcC.readUInt8(at++) & mask
    for (let i = 0; i < count; i++) {
      const size = avcC.readUInt16BE(at)
      const set = avcC.subarray(at + 2, at + 2 + size)
      if (set.length < size) throw new BrokenMedia('The decoder settings are cut off.')
      const length = Buffer.alloc(lengthBytes)
      length.writeUIntBE(size, 0, lengthBytes)
      sets.push(length, set)
      at += 2 + size
    }
  }
  return Buffer.concat(sets)
}

/** The same entry for samples that bring their parameter sets along (14496-15 5.4.2.1.2: `avc3`). */
export function inBand(entry: Buffer): Buffer {
  const changed = Buffer.from(entry)
  changed.write('avc3', 4, 'latin1')
  return changed
}

/** A fragment whose key frames begin with the settings, and where in its file these are to be put. */
export function withSettings(fragment: Fragment, settings: Buffer): { fragment: Fragment; places: number[] } {
  if (settings.length === 0) return { fragment, places: [] }
  const places: number[] = []
  let at = fragment.dataAt
  const sizes = fragment.sizes.map((size, i) => {
    const isKey = fragment.isSync[i] ?? false
    if (isKey) places.push(at)
    at += size
    return isKey ? size + settings.length : size
  })
  return { fragment: { ...fragment, sizes }, places }
}
