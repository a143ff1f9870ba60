import { type FileHandle, open } from 'node:fs/promises'

/** Sizes that programs write who do not know it yet. */
const unknownSizes = [0, 0xffffffff]
const mostChunks = 1_000

/** Whether a WAV, RF64 or AIFF ends before its chunk of samples does; no other format is looked at. */
export async function isCutOff(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const end = await endOfSamples(file, size)
    // Some programs leave the last byte that makes an odd size even.
    return end !== null && end > size + 1
  } finally {
    await file.close()
  }
}

async function endOfSamples(file: FileHandle, fileSize: number): Promise<number | null> {
  const head = await read(file, 0, 12)
  const kind = head.toString('latin1', 0, 4)
  const isAiff = kind === 'FORM'
  if (!isAiff && kind !== 'RIFF' && kind !== 'RF64') return null
  let longSize: number | null = null
  for (let at = 12, chunks = 0; at + 8 <= fileSize && chunks < mostChunks; chunks++) {
    const chunk = await read(file, at, 24)
    const type = chunk.toString('latin1', 0, 4)
    const size = isAiff ? chunk.readUInt32BE(4) : chunk.readUInt32LE(4)
    // EBU Tech 3306: sizes of more than 32 bits lie in a chunk of their own.
    if (type === 'ds64') longSize = Number(chunk.readBigUInt64LE(16))
    if (type === 'data' || type === 'SSND') return endOf(at, size, longSize)
    at += 8 + size + (size % 2)
  }
  return null
}

function endOf(at: number, size: number, longSize: number | null): number | null {
  if (!unknownSizes.includes(size)) return at + 8 + size
  return longSize === null ? null : at + 8 + longSize
}

/** What lies behind the end is read as zeros. */
async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  await file.read(bytes, 0, length, at)
  return bytes
}
