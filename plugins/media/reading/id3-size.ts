/** Four bytes of seven bits each (ID3v2, 6.2). */
export function synchsafe(bytes: Buffer, at: number): number {
  return (
    ((bytes[at]! & 0x7f) << 21) |
    ((bytes[at + 1]! & 0x7f) << 14) |
    ((bytes[at + 2]! & 0x7f) << 7) |
    (bytes[at + 3]! & 0x7f)
  )
}

/** The whole length of the ID3v2 tag that begins at `at`, header and footer with it; 0 if there is none. */
export function id3LengthAt(bytes: Buffer, at: number): number {
  if (at + 10 > bytes.length || bytes.toString('latin1', at, at + 3) !== 'ID3') return 0
  if (bytes[at + 3] === 0xff || bytes.subarray(at + 6, at + 10).some((byte) => byte > 0x7f)) return 0
  const hasFooter = (bytes[at + 5]! & 0x10) !== 0
  return 10 + synchsafe(bytes, at + 6) + (hasFooter ? 10 : 0)
}
