import type { Sample, TrackConfig } from '../media/types.ts'

/** An RTMP audio (8) or video (9) message, which is the body of an FLV tag as well. */
export interface FlvMessage {
  type: 8 | 9
  payload: Buffer
}

/** AAC, 44 kHz, 16 bit, stereo: what the format asks for with every AAC, whatever it is (FLV 10.1, E.4.2.1). */
const aac = 0xaf
const keyOfAvc = 0x17
const interOfAvc = 0x27
const sequenceHeader = 0
const frames = 1

/** The decoder settings, as a publisher sends them in front of its frames. */
export function configMessage({ track, config }: TrackConfig): FlvMessage {
  return track === 'video'
    ? { type: 9, payload: Buffer.concat([Buffer.from([keyOfAvc, sequenceHeader, 0, 0, 0]), config]) }
    : { type: 8, payload: Buffer.concat([Buffer.from([aac, sequenceHeader]), config]) }
}

/** One frame of H.264 or AAC, unchanged. */
export function sampleMessage({ track, isKey, ctsMs, data }: Sample): FlvMessage {
  if (track === 'audio') return { type: 8, payload: Buffer.concat([Buffer.from([aac, frames]), data]) }
  const payload = Buffer.allocUnsafe(5 + data.length)
  payload[0] = isKey ? keyOfAvc : interOfAvc
  payload[1] = frames
  payload.writeIntBE(ctsMs, 2, 3)
  data.copy(payload, 5)
  return { type: 9, payload }
}

/** The message as a tag of an FLV file (E.4.1), with the size behind it; the time in milliseconds. */
export function flvTag({ type, payload }: FlvMessage, timeMs: number): Buffer {
  const tag = Buffer.alloc(11 + payload.length + 4)
  tag[0] = type
  tag.writeUIntBE(payload.length, 1, 3)
  tag.writeUIntBE(timeMs & 0xffffff, 4, 3)
  tag[7] = (timeMs >>> 24) & 0xff
  payload.copy(tag, 11)
  tag.writeUInt32BE(11 + payload.length, 11 + payload.length)
  return tag
}
