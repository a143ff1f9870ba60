import { type FileHandle, open } from 'node:fs/promises'

/** A fragmented MP4 of one track: where its initialisation and its fragments lie, and how many samples each holds. */
export interface Fragments {
  init: [offset: number, length: number]
  segments: [offset: number, length: number, samples: number][]
}

export interface Box {
  type: string
  offset: number
  size: number
}

/** Boxes as by ISO/IEC 14496-12. Throws for what is not such a file. */
export async function readFragments(path: string): Promise<Fragments> {
  const file = await open(path)
  try {
    const found: Fragments = { init: [0, 0], segments: [] }
    let moof: Box | null = null
    for await (const box of boxesOf(file)) {
      if (box.type === 'moov') found.init = [0, box.offset + box.size]
      else if (box.type === 'moof') moof = box
      else if (box.type === 'mdat' && moof) {
        const samples = samplesOf(await bytesOf(file, moof))
        found.segments.push([moof.offset, box.offset + box.size - moof.offset, samples])
        moof = null
      }
    }
    if (found.init[1] === 0 || found.segments.length === 0 || moof)
      throw new Error(`${path}: no fragmented MP4`)
    return found
  } finally {
    await file.close()
  }
}

export async function* boxesOf(file: FileHandle): AsyncIterable<Box> {
  const { size: fileSize } = await file.stat()
  const header = Buffer.alloc(16)
  for (let offset = 0; offset < fileSize; ) {
    await file.read(header, 0, 16, offset)
    const short = header.readUInt32BE(0)
    const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short || fileSize - offset
    if (size < 8 || offset + size > fileSize) throw new Error(`a box at ${offset} does not fit its file`)
    yield { type: header.toString('latin1', 4, 8), offset, size }
    offset += size
  }
}

export async function bytesOf(file: FileHandle, { offset, size }: Box): Promise<Buffer> {
  const bytes = Buffer.alloc(size)
  await file.read(bytes, 0, size, offset)
  return bytes
}

/** The boxes inside bytes, without their headers. */
export function* childrenOf(bytes: Buffer): Iterable<{ type: string; body: Buffer }> {
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(offset)
    if (size < 8 || offset + size > bytes.length) throw new Error('a box does not fit the one around it')
    yield {
      type: bytes.toString('latin1', offset + 4, offset + 8),
      body: bytes.subarray(offset + 8, offset + size),
    }
    offset += size
  }
}

const child = (bytes: Buffer, type: string): Buffer => {
  for (const box of childrenOf(bytes)) if (box.type === type) return box.body
  throw new Error(`no ${type} in a fragment`)
}

function samplesOf(moof: Buffer): number {
  const traf = child(moof.subarray(8), 'traf')
  const usual = defaultDuration(child(traf, 'tfhd'))
  let samples = 0
  for (const { type, body } of childrenOf(traf)) if (type === 'trun') samples += durationOf(body, usual)
  return samples
}

const tfhd = { baseOffset: 0x1, description: 0x2, duration: 0x8 }
const trun = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, time: 0x800 }
const flagsOf = (body: Buffer) => body.readUInt32BE(0) & 0xffffff

function defaultDuration(body: Buffer): number {
  const flags = flagsOf(body)
  if (!(flags & tfhd.duration)) return 0
  return body.readUInt32BE(8 + (flags & tfhd.baseOffset ? 8 : 0) + (flags & tfhd.description ? 4 : 0))
}

function durationOf(body: Buffer, usual: number): number {
  const flags = flagsOf(body)
  const count = body.readUInt32BE(4)
  if (!(flags & trun.duration)) return count * usual
  const fields = [trun.duration, trun.size, trun.flags, trun.time].filter((one) => flags & one).length
  let at = 8 + (flags & trun.dataOffset ? 4 : 0) + (flags & trun.firstFlags ? 4 : 0)
  let samples = 0
  for (let i = 0; i < count; i++, at += fields * 4) samples += body.readUInt32BE(at)
  return samples
}
