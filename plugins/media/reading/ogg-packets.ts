import type { ByteFile } from './byte-file.ts'
import { type OggPage, OggPages } from './ogg-pages.ts'

const audioStream = /^(?:.vorbis|OpusHead|.FLAC)/s

/** The packets of the first stream with audio, from its identification on, out of the first `longest` bytes. */
export async function* oggPackets(file: ByteFile, longest: number): AsyncGenerator<Buffer> {
  const pages = new OggPages()
  let serial: number | null = null
  let rest: Buffer[] = []
  for (let at = 0; at < Math.min(file.size, longest); ) {
    const piece = await file.read(at, 64 * 1024)
    if (piece.length === 0) return
    at += piece.length
    for (const page of pages.take(piece)) {
      if (serial === null && page.isFirst && audioStream.test(page.body.toString('latin1', 0, 8)))
        serial = page.serial
      if (page.serial !== serial) continue
      const { whole, open } = packetsIn(page, rest)
      yield* whole
      rest = open
    }
  }
}

/** The packets that end in the page, and the parts of the one that does not. Copies: pages share memory. */
function packetsIn(page: OggPage, before: Buffer[]): { whole: Buffer[]; open: Buffer[] } {
  const whole: Buffer[] = []
  let parts = before
  let [from, at] = [0, 0]
  for (const length of page.lacing) {
    at += length
    if (length === 255) continue
    whole.push(Buffer.concat([...parts, page.body.subarray(from, at)]))
    parts = []
    from = at
  }
  return { whole, open: at > from ? [...parts, Buffer.from(page.body.subarray(from, at))] : parts }
}
