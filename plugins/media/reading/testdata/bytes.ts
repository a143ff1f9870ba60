/** Headers made by hand, right or wrong. */
export function chunk(
  id: string,
  body: Buffer,
  size = body.length,
  order: 'little' | 'big' = 'little',
): Buffer {
  const header = Buffer.alloc(8)
  header.write(id, 'latin1')
  if (order === 'little') header.writeUInt32LE(size, 4)
  else header.writeUInt32BE(size, 4)
  return Buffer.concat([header, body, Buffer.alloc(body.length % 2)])
}

export const latin = (text: string) => Buffer.from(text, 'latin1')

export function wave(...chunks: Buffer[]): Buffer {
  return chunk('RIFF', Buffer.concat([latin('WAVE'), chunk('fmt ', Buffer.alloc(16)), ...chunks]))
}

export function box(type: string, body: Buffer, size = body.length + 8): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(size)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, body])
}

const seven = (value: number) => Buffer.of(value >> 21, (value >> 14) & 127, (value >> 7) & 127, value & 127)

export interface TestFrame {
  id: string
  body: Buffer
}

/** An ID3v2 tag of version 2, 3 or 4. */
export function id3(major: 2 | 3 | 4, frames: TestFrame[], flags = 0): Buffer {
  const body = Buffer.concat(
    frames.map(({ id, body }) => {
      const size = Buffer.alloc(4)
      size.writeUInt32BE(body.length)
      if (major === 2) return Buffer.concat([latin(id), size.subarray(1), body])
      return Buffer.concat([latin(id), major === 4 ? seven(body.length) : size, Buffer.alloc(2), body])
    }),
  )
  return Buffer.concat([latin('ID3'), Buffer.of(major, 0, flags), seven(body.length), body])
}

export const textFrame = (id: string, text: string): TestFrame => ({
  id,
  body: latin(`\x03${Buffer.from(text).toString('latin1')}`),
})

/** A picture frame; type 3 is the front cover. */
export function pictureFrame(type: number, picture: Buffer): TestFrame {
  return { id: 'APIC', body: Buffer.concat([latin('\0image/jpeg\0'), Buffer.of(type), latin('\0'), picture]) }
}

export const jpeg = (length: number, fill = 1) =>
  Buffer.concat([latin('\xff\xd8\xff\xe0'), Buffer.alloc(length, fill)])

/** Frames of silence, MPEG-1 layer III at 128 kbit/s and 44.1 kHz. */
export function mp3Frames(count: number, fill = 0): Buffer {
  const frame = Buffer.alloc(417, fill)
  latin('\xff\xfb\x90\x00').copy(frame)
  return Buffer.concat(Array.from({ length: count }, () => frame))
}

/** One page of Ogg whose packets all end in it. */
export function oggPage(serial: number, flags: number, packets: Buffer[]): Buffer {
  const lacing = packets.flatMap(({ length }) => [...Array(Math.floor(length / 255)).fill(255), length % 255])
  const header = Buffer.alloc(27)
  header.write('OggS', 'latin1')
  header[5] = flags
  header.writeUInt32LE(serial, 14)
  header[26] = lacing.length
  return Buffer.concat([header, Buffer.from(lacing), ...packets])
}
