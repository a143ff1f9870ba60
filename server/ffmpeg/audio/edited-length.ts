import { open } from 'node:fs/promises'
import { boxesOf, bytesOf, childrenOf } from './boxes.ts'

const greatestMoovBytes = 64 * 1024 * 1024
const mostBoxes = 1_000

/**
 * Samples of the first sound track of an MP4 behind the priming that its edit list leaves out. The list itself says the
 * length in milliseconds, the track exactly. Null where there is no such list, or one that cuts more than priming.
 */
export async function editedLength(path: string, sampleRate: number): Promise<number | null> {
  try {
    return lengthIn(await moovOf(path), sampleRate)
  } catch {
    // Boxes that do not fit one another: the decoder will judge.
    return null
  }
}

function lengthIn(moov: Buffer | null, sampleRate: number): number | null {
  const track =
    moov && tracksOf(moov).find((one) => inside(one, 'mdia', 'hdlr')?.toString('latin1', 8, 12) === 'soun')
  const [mvhd, mdhd, elst] = [
    moov && inside(moov, 'mvhd'),
    track && inside(track, 'mdia', 'mdhd'),
    track && inside(track, 'edts', 'elst'),
  ]
  if (!mvhd || !mdhd || !elst || elst.readUInt32BE(4) !== 1) return null
  const media = timesOf(mdhd)
  const isLong = elst[0] === 1
  const editMs =
    ((isLong ? Number(elst.readBigUInt64BE(8)) : elst.readUInt32BE(8)) * 1000) / timesOf(mvhd).scale
  const start = isLong ? Number(elst.readBigInt64BE(16)) : elst.readInt32BE(12)
  const samples = media.duration - start
  const isWhole = Math.abs((samples * 1000) / media.scale - editMs) < 3
  return media.scale === sampleRate && start > 0 && isWhole ? samples : null
}

async function moovOf(path: string): Promise<Buffer | null> {
  const file = await open(path)
  try {
    let boxes = 0
    for await (const box of boxesOf(file)) {
      if (box.type === 'moov' && box.size < greatestMoovBytes) return (await bytesOf(file, box)).subarray(8)
      boxes += 1
      if (boxes > mostBoxes) return null
    }
    return null
  } finally {
    await file.close()
  }
}

const tracksOf = (moov: Buffer) =>
  [...childrenOf(moov)].filter(({ type }) => type === 'trak').map(({ body }) => body)

function inside(bytes: Buffer, ...way: string[]): Buffer | null {
  let at: Buffer | null = bytes
  for (const type of way) at = (at && [...childrenOf(at)].find((box) => box.type === type)?.body) ?? null
  return at
}

/** Of `mvhd` and `mdhd`, which begin alike. */
function timesOf(body: Buffer): { scale: number; duration: number } {
  if (body[0] !== 1) return { scale: body.readUInt32BE(12), duration: body.readUInt32BE(16) }
  return { scale: body.readUInt32BE(20), duration: Number(body.readBigUInt64BE(24)) }
}
