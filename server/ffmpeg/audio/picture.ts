import { open, readFile } from 'node:fs/promises'

const frontCover = 3
const pngHead = 0x89504e47

/** The value of METADATA_BLOCK_PICTURE: a picture block of FLAC (RFC 9639, 8.8) in base64. */
export async function pictureBlock(path: string): Promise<string> {
  const data = await readFile(path)
  const { width, height, mime } = sizeOf(data)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(frontCover, 0)
  head.writeUInt32BE(mime.length, 4)
  const tail = Buffer.alloc(24)
  for (const [i, value] of [0, width, height, 24, 0, data.length].entries()) tail.writeUInt32BE(value, i * 4)
  return Buffer.concat([head, Buffer.from(mime, 'latin1'), tail, data]).toString('base64')
}

/** ffmpeg's name of the format, told by the first bytes: a name with `%` in it would mean many files. */
export async function pictureFormat(path: string): Promise<'png_pipe' | 'jpeg_pipe'> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.readUInt32BE(0) === pngHead ? 'png_pipe' : 'jpeg_pipe'
  } finally {
    await file.close()
  }
}

/** Of PNG and JPEG; a size that cannot be found is said as 0, which readers take as unknown. */
function sizeOf(data: Buffer): { width: number; height: number; mime: string } {
  if (data.length > 24 && data.readUInt32BE(0) === pngHead)
    return { width: data.readUInt32BE(16), height: data.readUInt32BE(20), mime: 'image/png' }
  for (let at = 2; at + 9 < data.length && data[at] === 0xff; at += 2 + data.readUInt16BE(at + 2)) {
    const marker = data[at + 1] ?? 0
    // Start of frame, of any coding; DHT, JPG and DAC lie in the same range.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame)
      return { width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5), mime: 'image/jpeg' }
  }
  return { width: 0, height: 0, mime: 'image/jpeg' }
}
