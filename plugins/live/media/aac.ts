import { BitReader } from './bit-reader.ts'

/** What a player must know of an AAC track before it loads it. */
export interface AacDescription {
  /** RFC 6381 codec, as in mp4a.40.2. */
  codec: string
  sampleRateHz: number
  channels: number
  /** Samples per access unit, counted at `sampleRateHz`. */
  frameSamples: number
}

const RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
const SBR = 5
const PARAMETRIC_STEREO = 29

/** Reads an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1); throws a RangeError when it is not one. */
export function describeAac(asc: Buffer): AacDescription {
  const r = new BitReader(asc)
  const type = readObjectType(r)
  let sampleRateHz = readRate(r)
  let channels = channelCount(r.bits(4))
  let factor = 1
  if (type === SBR || type === PARAMETRIC_STEREO) {
    const coreRate = sampleRateHz
    sampleRateHz = readRate(r)
    factor = sampleRateHz / coreRate
    if (type === PARAMETRIC_STEREO) channels = 2
    readObjectType(r)
  }
  if (factor !== 1 && factor !== 2) throw new RangeError('absurd SBR rate')
  const coreSamples = r.flag() ? 960 : 1024
  return { codec: `mp4a.40.${type}`, sampleRateHz, channels, frameSamples: coreSamples * factor }
}

function readObjectType(r: BitReader): number {
  const type = r.bits(5)
  if (type === 0) throw new RangeError('no audio object type')
  return type === 31 ? 32 + r.bits(6) : type
}

function readRate(r: BitReader): number {
  const index = r.bits(4)
  const rate = index === 15 ? r.bits(24) : RATES[index]
  if (rate === undefined || rate < 1000 || rate > 192_000) throw new RangeError('unknown sample rate')
  return rate
}

/** Channel configuration 0 means "in the program config element": taken as stereo, decoders look there. */
function channelCount(configuration: number): number {
  if (configuration === 0) return 2
  if (configuration === 7) return 8
  if (configuration > 7) throw new RangeError('unknown channel configuration')
  return configuration
}
