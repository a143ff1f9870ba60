const headerLength = 7
const anyFullness = 0x7ff

/** The ADTS header that belongs before an access unit of these settings; null where ADTS cannot say them. */
export function adtsHeader(asc: Buffer): ((length: number) => Buffer) | null {
  if (asc.length < 2) return null
  const bits = asc.readUInt16BE(0)
  // Above 31 and above 14 the value follows elsewhere; SBR and PS (5, 29) have a core of AAC-LC.
  const type = bits >> 11
  const rate = (bits >> 7) & 15
  const channels = (bits >> 3) & 15
  const profile = type === 5 || type === 29 ? 1 : type - 1
  if (profile < 0 || profile > 3 || rate > 12 || channels > 7) return null
  return (length) => {
    const size = length + headerLength
    const header = Buffer.allocUnsafe(headerLength)
    header[0] = 0xff
    header[1] = 0xf1
    header[2] = (profile << 6) | (rate << 2) | (channels >> 2)
    header[3] = ((channels & 3) << 6) | (size >> 11)
    header[4] = (size >> 3) & 0xff
    header[5] = ((size & 7) << 5) | (anyFullness >> 6)
    header[6] = (anyFullness & 0x3f) << 2
    return header
  }
}
