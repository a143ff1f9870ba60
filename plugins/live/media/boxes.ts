/** Small ISO base media file format pieces (ISO/IEC 14496-12), assembled once for each initialisation segment. */

/** A box: size, four-letter type, content. */
export function box(type: string, ...content: Buffer[]): Buffer {
  const size = content.reduce((sum, part) => sum + part.length, 8)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(size, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, ...content], size)
}

/** A full box: a box that starts with a version and 24 flag bits. */
export function fullBox(type: string, version: number, flags: number, ...content: Buffer[]): Buffer {
  return box(type, u32(version * 0x1000000 + flags), ...content)
}

export function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) out.writeUInt32BE(value >>> 0, i * 4)
  return out
}

export function u16(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 2)
  for (const [i, value] of values.entries()) out.writeUInt16BE(value & 0xffff, i * 2)
  return out
}

export function text(value: string): Buffer {
  return Buffer.from(value, 'latin1')
}

/** An MPEG-4 descriptor (ISO/IEC 14496-1 8.3.3) with its length in one to four bytes. */
export function descriptor(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const length: number[] = []
  for (let rest = body.length; length.length === 0 || rest > 0; rest >>= 7) length.unshift(rest & 0x7f)
  const marked = length.map((byte, i) => (i < length.length - 1 ? byte | 0x80 : byte))
  return Buffer.concat([Buffer.from([tag, ...marked]), body])
}
