import type { ByteFile } from './byte-file.ts'

export interface Chunk {
  id: string
  bodyAt: number
  /** As the header says it, perhaps beyond the end of the file. */
  size: number
}

export type ByteOrder = 'little' | 'big'

/** A file has some ten; a hostile one has as many as fit. */
const mostChunks = 20_000

/**
 * The chunks of RIFF (little) or IFF (big) from `from` to the end of the file, one at a time. `sizeOf` may know a
 * size better than the header, as in RF64.
 */
export async function* chunksOf(
  file: ByteFile,
  order: ByteOrder,
  from: number,
  sizeOf: (id: string, size: number) => number = (_id, size) => size,
): AsyncGenerator<Chunk> {
  let at = from
  for (let left = mostChunks; left > 0 && at + 8 <= file.size; left--) {
    const header = await file.read(at, 8)
    if (header.length < 8) return
    const id = header.toString('latin1', 0, 4)
    const size = sizeOf(id, order === 'little' ? header.readUInt32LE(4) : header.readUInt32BE(4))
    yield { id, bodyAt: at + 8, size }
    at += 8 + size + (size % 2)
  }
}

/** Sizes of an RF64 or BW64 file that do not fit in 32 bits (EBU Tech 3306), asked by what `chunksOf` finds. */
export async function wideSizes(file: ByteFile): Promise<(id: string, size: number) => number> {
  const head = await file.read(0, 36)
  const isWide = ['RF64', 'BW64'].includes(head.toString('latin1', 0, 4))
  if (!isWide || head.length < 36 || head.toString('latin1', 12, 16) !== 'ds64') return (_id, size) => size
  const dataSize = head.readBigUInt64LE(28)
  const data = dataSize > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(dataSize)
  return (id, size) => (id === 'data' && size === 0xffffffff ? data : size)
}
