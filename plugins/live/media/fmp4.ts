import type { AacDescription } from './aac.ts'
import type { AvcDescription } from './avc.ts'
import { box, descriptor, fullBox, text, u16, u32 } from './boxes.ts'

/** Ticks a second of every video track; a whole multiple of the publisher's milliseconds. */
export const VIDEO_TIMESCALE = 90_000
const VIDEO_ID = 1
const AUDIO_ID = 2

/** One sample as a fragment stores it; times in the track's timescale. */
export interface CodedSample {
  data: Buffer
  durationTicks: number
  /** Presentation minus decoding time; may be negative. */
  offsetTicks: number
  isKey: boolean
}

/** CMAF initialisation segment (ftyp + moov) of an H.264 track. */
export function videoInit(avcC: Buffer, video: AvcDescription): Buffer {
  const entry = box(
    'avc1',
    u32(0),
    u16(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, video.width, video.height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    box('avcC', avcC),
  )
  const header = fullBox('vmhd', 0, 1, u16(0, 0, 0, 0))
  return init({ id: VIDEO_ID, timescale: VIDEO_TIMESCALE, handler: 'vide', header, entry, ...video })
}

/** CMAF initialisation segment (ftyp + moov) of an AAC track; its timescale is the sample rate. */
export function audioInit(asc: Buffer, audio: AacDescription): Buffer {
  const decoder = descriptor(4, Buffer.from([0x40, 0x15, 0, 0, 0]), u32(0, 0), descriptor(5, asc))
  const stream = descriptor(3, u16(AUDIO_ID), Buffer.from([0]), decoder, descriptor(6, Buffer.from([2])))
  const rate = audio.sampleRateHz < 65_536 ? audio.sampleRateHz : 0
  const entry = box(
    'mp4a',
    u32(0),
    u16(0, 1, 0, 0, 0, 0, audio.channels, 16, 0, 0, rate, 0),
    fullBox('esds', 0, 0, stream),
  )
  const header = fullBox('smhd', 0, 0, u16(0, 0))
  return init({
    id: AUDIO_ID,
    timescale: audio.sampleRateHz,
    handler: 'soun',
    header,
    entry,
    width: 0,
    height: 0,
  })
}

interface InitTrack {
  id: number
  timescale: number
  handler: 'vide' | 'soun'
  header: Buffer
  entry: Buffer
  width: number
  height: number
}

const UNITY = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

function init(track: InitTrack): Buffer {
  const volume = track.handler === 'soun' ? 0x100 : 0
  const size = u32(track.width * 0x10000, track.height * 0x10000)
  const moov = box(
    'moov',
    fullBox(
      'mvhd',
      0,
      0,
      u32(0, 0, 1000, 0, 0x10000),
      u16(0x100, 0),
      u32(0, 0),
      UNITY,
      Buffer.alloc(24),
      u32(3),
    ),
    box(
      'trak',
      fullBox('tkhd', 0, 7, u32(0, 0, track.id, 0, 0, 0, 0), u16(0, 0, volume, 0), UNITY, size),
      box(
        'mdia',
        fullBox('mdhd', 0, 0, u32(0, 0, track.timescale, 0), u16(0x55c4, 0)),
        fullBox('hdlr', 0, 0, u32(0), text(track.handler), u32(0, 0, 0), text(`${track.handler}\0`)),
        box('minf', track.header, dataInformation(), sampleTable(track.entry)),
      ),
    ),
    box('mvex', fullBox('trex', 0, 0, u32(track.id, 1, 0, 0, 0))),
  )
  return Buffer.concat([box('ftyp', text('iso6'), u32(0), text('iso6cmfcmp41')), moov])
}

function dataInformation(): Buffer {
  return box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)))
}

function sampleTable(entry: Buffer): Buffer {
  const empty = (type: string) => fullBox(type, 0, 0, u32(0))
  const sizes = fullBox('stsz', 0, 0, u32(0, 0))
  return box('stbl', fullBox('stsd', 0, 0, u32(1), entry), empty('stts'), empty('stsc'), sizes, empty('stco'))
}

const KEY_FLAGS = 0x02000000
const DELTA_FLAGS = 0x01010000
/** Bytes from the fragment's start to the first entry of its trun, and those of one entry. */
const TABLE_AT = 8 + 16 + 8 + 20 + 20 + 20
const VIDEO_ROW = 16
const AUDIO_ROW = 8

/** What a fragment holds beside its samples. */
export interface FragmentHead {
  track: 'video' | 'audio'
  /** Counts the fragments of the track. */
  sequence: number
  /** Decoding time of the first sample, in the track's timescale. */
  baseTicks: number
}

/** One CMAF fragment (moof + mdat) in one buffer; each sample is copied once. */
export function fragment(head: FragmentHead, samples: readonly CodedSample[]): Buffer {
  const isVideo = head.track === 'video'
  const row = isVideo ? VIDEO_ROW : AUDIO_ROW
  const moofSize = TABLE_AT + samples.length * row
  let dataSize = 0
  for (const sample of samples) dataSize += sample.data.length
  const out = Buffer.allocUnsafeSlow(moofSize + 8 + dataSize)
  writeMoof(out, head, samples.length, moofSize)
  let at = TABLE_AT
  let dataAt = moofSize + 8
  out.writeUInt32BE(dataSize + 8, moofSize)
  out.write('mdat', moofSize + 4, 'latin1')
  for (const sample of samples) {
    out.writeUInt32BE(sample.durationTicks, at)
    out.writeUInt32BE(sample.data.length, at + 4)
    if (isVideo) {
      out.writeUInt32BE(sample.isKey ? KEY_FLAGS : DELTA_FLAGS, at + 8)
      out.writeInt32BE(sample.offsetTicks, at + 12)
    }
    at += row
    sample.data.copy(out, dataAt)
    dataAt += sample.data.length
  }
  return out
}

function writeMoof(out: Buffer, head: FragmentHead, count: number, moofSize: number): void {
  const isVideo = head.track === 'video'
  const trunSize = 20 + count * (isVideo ? VIDEO_ROW : AUDIO_ROW)
  writeBox(out, 0, moofSize, 'moof')
  writeBox(out, 8, 16, 'mfhd', 0)
  out.writeUInt32BE(head.sequence, 20)
  writeBox(out, 24, moofSize - 24, 'traf')
  // tfhd: default-base-is-moof, default sample flags.
  writeBox(out, 32, 20, 'tfhd', 0x020020)
  out.writeUInt32BE(isVideo ? VIDEO_ID : AUDIO_ID, 44)
  out.writeUInt32BE(isVideo ? DELTA_FLAGS : KEY_FLAGS, 48)
  writeBox(out, 52, 20, 'tfdt', 0x01000000)
  out.writeBigUInt64BE(BigInt(head.baseTicks), 64)
  // trun version 1 (signed offsets): data offset, then duration, size and for video flags and offset of each.
  writeBox(out, 72, trunSize, 'trun', isVideo ? 0x01000f01 : 0x01000301)
  out.writeUInt32BE(count, 84)
  out.writeUInt32BE(moofSize + 8, 88)
}

function writeBox(out: Buffer, at: number, size: number, type: string, versionAndFlags?: number): void {
  out.writeUInt32BE(size, at)
  out.write(type, at + 4, 'latin1')
  if (versionAndFlags !== undefined) out.writeUInt32BE(versionAndFlags, at + 8)
}
