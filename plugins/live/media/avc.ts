import { BitReader } from './bit-reader.ts'

/** What a player must know of an H.264 track before it loads it. */
export interface AvcDescription {
  /** RFC 6381 codec, as in avc1.640028. */
  codec: string
  width: number
  height: number
}

/** Reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1); throws a RangeError when it is not one. */
export function describeAvc(avcC: Buffer): AvcDescription {
  if (avcC.length < 9 || avcC[0] !== 1) throw new RangeError('not an AVC decoder configuration')
  const spsCount = avcC[5]! & 0x1f
  const spsLength = avcC.readUInt16BE(6)
  if (spsCount === 0 || 8 + spsLength > avcC.length) throw new RangeError('AVC configuration without SPS')
  const sps = avcC.subarray(8, 8 + spsLength)
  const codec = `avc1.${avcC.subarray(1, 4).toString('hex')}`
  return { codec, ...readSize(new BitReader(withoutEmulation(sps))) }
}

/** Profiles whose SPS carries chroma format and scaling lists (ITU-T H.264 7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])
const MAX_SIDE = 16384

function readSize(r: BitReader): { width: number; height: number } {
  r.bits(8)
  const profile = r.bits(8)
  r.bits(16)
  r.unsigned()
  const chromaArray = HIGH_PROFILES.has(profile) ? readChroma(r) : 1
  skipPictureOrder(r)
  r.unsigned()
  r.flag()
  const widthInBlocks = r.unsigned() + 1
  const heightInUnits = r.unsigned() + 1
  const fieldFactor = r.flag() ? 1 : 2
  if (fieldFactor === 2) r.flag()
  r.flag()
  const crop = r.flag() ? [r.unsigned(), r.unsigned(), r.unsigned(), r.unsigned()] : [0, 0, 0, 0]
  const unitX = chromaArray === 1 || chromaArray === 2 ? 2 : 1
  const unitY = (chromaArray === 1 ? 2 : 1) * fieldFactor
  const width = widthInBlocks * 16 - unitX * (crop[0]! + crop[1]!)
  const height = heightInUnits * 16 * fieldFactor - unitY * (crop[2]! + crop[3]!)
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) throw new RangeError('absurd size')
  return { width, height }
}

/** Returns ChromaArrayType, which scales the cropping. */
function readChroma(r: BitReader): number {
  const format = r.unsigned()
  const isSeparate = format === 3 && r.flag()
  r.unsigned()
  r.unsigned()
  r.flag()
  if (r.flag()) {
    const lists = format === 3 ? 12 : 8
    for (let i = 0; i < lists; i++) if (r.flag()) skipScalingList(r, i < 6 ? 16 : 64)
  }
  return isSeparate ? 0 : format
}

function skipScalingList(r: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + r.signed() + 256) % 256
    if (next !== 0) last = next
  }
}

function skipPictureOrder(r: BitReader): void {
  r.unsigned()
  const type = r.unsigned()
  if (type === 0) {
    r.unsigned()
  } else if (type === 1) {
    r.flag()
    r.signed()
    r.signed()
    const cycle = r.unsigned()
    if (cycle > 255) throw new RangeError('absurd picture order cycle')
    for (let i = 0; i < cycle; i++) r.signed()
  }
}

/** Drops the emulation prevention byte of each 00 00 03. */
function withoutEmulation(nal: Buffer): Buffer {
  const out = Buffer.allocUnsafe(nal.length)
  let length = 0
  let zeros = 0
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    out[length++] = byte
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return out.subarray(0, length)
}
