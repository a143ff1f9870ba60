import type { ByteFile } from './byte-file.ts'
import { type Chunk, chunksOf, wideSizes } from './chunks.ts'
import type { Essence } from './essence.ts'
import { ReadingError } from './reading-error.ts'

/** The `data` chunk of WAVE. One without a size comes from a program that could not go back: it lasts to the end. */
export async function wavEssence(file: ByteFile): Promise<Essence> {
  const isWide = ['RF64', 'BW64'].includes((await file.read(0, 4)).toString('latin1'))
  for await (const chunk of chunksOf(file, 'little', 12, await wideSizes(file))) {
    if (chunk.id !== 'data') {
      if (isBeyond(file, chunk)) throw new ReadingError('truncated')
      continue
    }
    const isStream = chunk.size === 0xffffffff || (isWide && chunk.size === 0)
    if (isStream || (chunk.size === 0 && !(await chunksFill(file, chunk.bodyAt))))
      return { regions: [{ at: chunk.bodyAt, end: file.size }], isTruncated: false }
    return regionOf(file, chunk.bodyAt, chunk)
  }
  throw new ReadingError('no-audio')
}

/** The `SSND` chunk of AIFF and AIFC: eight bytes, then an offset, then the samples. */
export async function aiffEssence(file: ByteFile): Promise<Essence> {
  for await (const chunk of chunksOf(file, 'big', 12)) {
    if (chunk.id !== 'SSND') {
      if (isBeyond(file, chunk)) throw new ReadingError('truncated')
      continue
    }
    const header = await file.read(chunk.bodyAt, 4)
    const offset = header.length === 4 ? header.readUInt32BE(0) : 0
    return regionOf(file, Math.min(chunk.bodyAt + 8 + offset, chunk.bodyAt + chunk.size), chunk)
  }
  throw new ReadingError('no-audio')
}

const isBeyond = (file: ByteFile, { bodyAt, size }: Chunk) => bodyAt + size > file.size

function regionOf(file: ByteFile, at: number, chunk: Chunk): Essence {
  const end = chunk.bodyAt + chunk.size
  return { regions: [{ at, end: Math.min(end, file.size) }], isTruncated: end > file.size }
}

/** Whether what follows an empty `data` chunk is nothing but further chunks: then it is empty indeed. */
async function chunksFill(file: ByteFile, from: number): Promise<boolean> {
  let at = from
  for await (const { id, bodyAt, size } of chunksOf(file, 'little', from)) {
    if (!/^[\x20-\x7e]{4}$/.test(id)) return false
    at = bodyAt + size + (size % 2)
  }
  return at === file.size || at === file.size + 1
}
