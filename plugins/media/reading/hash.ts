import { createHash } from 'node:crypto'
import { type ByteFile, type ReadOptions, withFile } from './byte-file.ts'
import { essenceOf, type Region } from './essence.ts'
import { OggEssence } from './essence-ogg.ts'
import { ReadingError } from './reading-error.ts'
import type { AudioKind, HashedFile } from './types.ts'

const pieceLength = 512 * 1024

/**
 * Both hashes by one pass over the file. Throws ReadingError: `empty`, `no-audio`, `truncated` where nothing of the
 * audio is left, `broken`, `unreadable`, `aborted`.
 */
export function hashFile(path: string, kind: AudioKind, options: ReadOptions = {}): Promise<HashedFile> {
  return withFile(path, options, async (file) => {
    if (file.size === 0) throw new ReadingError('empty')
    const essence = await essenceOf(file, kind)
    return essence ? hashRegions(file, essence.regions, essence.isTruncated) : hashOgg(file)
  })
}

async function hashRegions(file: ByteFile, regions: Region[], isTruncated: boolean): Promise<HashedFile> {
  const [content, audio] = [createHash('sha256'), createHash('sha256')]
  let next = 0
  for await (const { at, piece } of piecesOf(file)) {
    content.update(piece)
    for (let region = regions[next]; region && region.at < at + piece.length; region = regions[next]) {
      audio.update(piece.subarray(Math.max(0, region.at - at), region.end - at))
      if (region.end > at + piece.length) break
      next++
    }
  }
  return result(content.digest('hex'), audio.digest('hex'), file.size, isTruncated)
}

async function hashOgg(file: ByteFile): Promise<HashedFile> {
  const [content, audio] = [createHash('sha256'), createHash('sha256')]
  const essence = new OggEssence((bytes) => audio.update(bytes))
  for await (const { piece } of piecesOf(file)) {
    content.update(piece)
    essence.take(piece)
  }
  essence.end()
  if (essence.audioBytes === 0) throw new ReadingError(essence.isTruncated ? 'truncated' : 'no-audio')
  return result(content.digest('hex'), audio.digest('hex'), file.size, essence.isTruncated)
}

const result = (contentHash: string, audioHash: string, sizeBytes: number, isTruncated: boolean) => ({
  contentHash,
  audioHash,
  sizeBytes,
  isTruncated,
})

/** The next piece is read while this one is hashed. A piece is only good until the next is asked for. */
async function* piecesOf(file: ByteFile): AsyncGenerator<{ at: number; piece: Buffer }> {
  const length = Math.min(pieceLength, file.size)
  let [filled, other] = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)]
  let at = 0
  let reading = file.readInto(filled, at)
  while (at < file.size) {
    const bytes = await reading
    if (bytes === 0) throw new ReadingError('unreadable')
    reading = at + bytes < file.size ? file.readInto(other, at + bytes) : Promise.resolve(0)
    // A failure counts when its piece is wanted.
    reading.catch(() => {})
    yield { at, piece: filled.subarray(0, Math.min(bytes, file.size - at)) }
    at += bytes
    ;[filled, other] = [other, filled]
  }
}
