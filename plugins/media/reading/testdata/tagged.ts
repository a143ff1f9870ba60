import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readTags } from '../tags.ts'
import type { AudioKind, ReadTags, TagLimits } from '../types.ts'
import { latin, mp3Frames } from './bytes.ts'

/** Tags of a file with these bytes. */
export async function tagsOf(
  folder: string,
  kind: AudioKind,
  bytes: Buffer,
  limits?: TagLimits,
): Promise<ReadTags> {
  const path = join(folder, 'made')
  await writeFile(path, bytes)
  return readTags(path, kind, limits)
}

/** Three frames of sound behind the tag. */
export const song = (tag: Buffer) => Buffer.concat([tag, mp3Frames(3)])
/** A block of Vorbis comments. */
export const comments = (...list: (string | Buffer)[]) => {
  const sized = (text: string | Buffer) => {
    const body = Buffer.from(text)
    const size = Buffer.alloc(4)
    size.writeUInt32LE(body.length)
    return Buffer.concat([size, body])
  }
  const count = Buffer.alloc(4)
  count.writeUInt32LE(list.length)
  return Buffer.concat([sized('maker'), count, ...list.map(sized)])
}
/** A FLAC file of these metadata blocks. */
export function flac(...blocks: [type: number, body: Buffer][]): Buffer {
  const all: typeof blocks = [[0, Buffer.alloc(34)], ...blocks]
  const parts = all.map(([type, body], index) => {
    const header = Buffer.of(type + (index === all.length - 1 ? 0x80 : 0), 0, 0, 0)
    header.writeUIntBE(body.length, 1, 3)
    return Buffer.concat([header, body])
  })
  return Buffer.concat([latin('fLaC'), ...parts, Buffer.alloc(50, 0xff)])
}
/** A FLAC picture block. */
export function pictureBlock(type: number, picture: Buffer): Buffer {
  const numbers = (...values: number[]) =>
    Buffer.concat(values.map((value) => Buffer.of(0, 0, value >> 8, value & 255)))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(picture.length)
  return Buffer.concat([numbers(type, 10), latin('image/jpeg'), numbers(0, 1, 1, 24, 0), size, picture])
}
