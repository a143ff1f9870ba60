import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import type { ZipFile } from 'yauzl'
import { ReadingError, ZipRefused } from './reading-error.ts'
import type { ZipLimits } from './types.ts'
import { isBomb, type ZipEntry } from './zip-entries.ts'

interface Room {
  limits: Required<ZipLimits>
  bytesLeft: number
  signal: AbortSignal | undefined
}

/** Writes one entry to `path` and resolves with its length. What the directory says of it is believed of nothing. */
export async function unpackEntry(
  zip: ZipFile,
  { entry, name }: ZipEntry,
  path: string,
  room: Room,
): Promise<number> {
  let [bytes, sum] = [0, 0]
  const count = new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length
      sum = crc32(piece, sum)
      if (bytes > room.bytesLeft) done(new ZipRefused('zip-too-large', name))
      else if (isBomb(bytes, entry.compressedSize, room.limits)) done(new ZipRefused('zip-bomb', name))
      else done(null, piece)
    },
  })
  try {
    const source = await zip.openReadStreamPromise(entry)
    const target = createWriteStream(path, { flags: 'wx' })
    await pipeline(source, count, target, room.signal ? { signal: room.signal } : {})
  } catch (error) {
    throw refusal(error, name, room.signal)
  }
  if (sum !== entry.crc32) throw new ZipRefused('zip-broken', name)
  return bytes
}

function refusal(error: unknown, name: string, signal: AbortSignal | undefined): ReadingError {
  if (error instanceof ReadingError) return error
  if (signal?.aborted) return new ReadingError('aborted', { cause: error })
  // Only calls of the operating system have one.
  const isDisk = typeof (error as NodeJS.ErrnoException).syscall === 'string'
  return isDisk
    ? new ReadingError('unwritable', { cause: error })
    : new ZipRefused('zip-broken', name, { cause: error })
}
