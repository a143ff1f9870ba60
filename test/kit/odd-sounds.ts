import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Files of a second made by ffmpeg at once, by their names: its output arguments. */
export async function makeSounds(
  wanted: Readonly<Record<string, readonly string[]>>,
  seconds = 1,
): Promise<Record<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'veza-odd-'))
  try {
    const inputs = [
      '-f',
      'lavfi',
      '-i',
      `anoisesrc=duration=${seconds}:sample_rate=44100:amplitude=0.3:seed=3`,
    ]
    const film = ['-f', 'lavfi', '-i', `color=size=64x64:rate=5:duration=${seconds}`]
    const outputs = Object.entries(wanted).flatMap(([name, args]) => [
      ...(args.includes('1:v') ? [] : ['-map', '0:a']),
      ...args,
      join(folder, name),
    ])
    await run('ffmpeg', ['-v', 'error', '-nostdin', ...inputs, ...film, ...outputs])
    const names = Object.keys(wanted)
    const files = await Promise.all(names.map((name) => readFile(join(folder, name))))
    return Object.fromEntries(names.map((name, at) => [name, files[at] as Buffer]))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const sevenBits = (size: number) => Buffer.from([21, 14, 7, 0].map((shift) => (size >> shift) & 127))

/** An ID3v2.3 tag; texts are bytes with their encoding in front. */
export function id3(frames: readonly (readonly [id: string, body: Buffer])[]): Buffer {
  const all = frames.map(([id, body]) => {
    const size = Buffer.alloc(4)
    size.writeUInt32BE(body.length)
    return Buffer.concat([Buffer.from(id), size, Buffer.alloc(2), body])
  })
  const body = Buffer.concat(all)
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), sevenBits(body.length), body])
}

export const latinText = (text: string) => Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'latin1')])
export const utf16Text = (text: string) =>
  Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(text, 'utf16le')])

/** The FLAC says it has so many samples. */
export function flacSaying(samples: number, flac: Buffer): Buffer {
  const bytes = Buffer.from(flac)
  // STREAMINFO: 36 bits behind rate, channels and depth (RFC 9639, section 8.2).
  bytes.writeUInt8((bytes.readUInt8(21) & 0xf0) | Math.floor(samples / 2 ** 32), 21)
  bytes.writeUInt32BE(samples % 2 ** 32, 22)
  return bytes
}

/** A front cover. */
export const pictureFrame = (png: Buffer) =>
  Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), png])
