import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Movie } from './movie.ts'

const CHUNK = 256 * 1024

/** The bytes of a planned movie, whole or from `start` to `end` (inclusive); fails where a file is gone meanwhile. */
export function movieBytes(movie: Movie, range?: { start: number; end: number }): Readable {
  const { start, end } = range ?? { start: 0, end: movie.sizeBytes - 1 }
  return Readable.from(bytes(movie, start, end), { objectMode: false })
}

async function* bytes(movie: Movie, start: number, end: number): AsyncGenerator<Buffer> {
  if (start < movie.head.length) yield movie.head.subarray(start, end + 1)
  let at = movie.head.length
  for (const piece of movie.pieces) {
    const { sizeBytes } = piece
    const from = Math.max(start - at, 0)
    const to = Math.min(end - at, sizeBytes - 1)
    at += sizeBytes
    if (to < from) continue
    if ('bytes' in piece) yield piece.bytes.subarray(from, to + 1)
    else yield* stretchOf(piece.path, piece.from + from, piece.from + to)
  }
}

async function* stretchOf(path: string, start: number, end: number): AsyncGenerator<Buffer> {
  let left = end - start + 1
  for await (const chunk of createReadStream(path, { start, end, highWaterMark: CHUNK })) {
    left -= (chunk as Buffer).length
    yield chunk as Buffer
  }
  if (left !== 0) throw new Error('A segment is shorter than its index says.')
}
