export type PictureKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif'

const starts: [PictureKind, number[]][] = [
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['gif', [0x47, 0x49, 0x46, 0x38]],
]

/** What the first bytes say a file is; null for all but pictures that are taken. Names and types given are not read. */
export function kindOf(bytes: Buffer): PictureKind | null {
  for (const [kind, start] of starts) if (start.every((byte, at) => bytes[at] === byte)) return kind
  const text = bytes.toString('latin1', 0, 64)
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  return isAvif(bytes, text) ? 'avif' : null
}

/** ISO/IEC 14496-12, section 4.3: a box `ftyp` with a major brand, a version and compatible brands. */
function isAvif(bytes: Buffer, text: string): boolean {
  if (text.slice(4, 8) !== 'ftyp') return false
  const end = Math.min(bytes.readUInt32BE(0), text.length)
  for (let at = 8; at + 4 <= end; at += 4) {
    const brand = text.slice(at, at + 4)
    if (at !== 12 && (brand === 'avif' || brand === 'avis')) return true
  }
  return false
}
