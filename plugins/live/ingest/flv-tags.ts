/** What one RTMP audio or video message carries. `data` and `config` are views of the message, not copies. */
export type FlvTag =
  | { kind: 'config'; config: Buffer }
  | { kind: 'sample'; isKey: boolean; ctsMs: number; data: Buffer }
  | { kind: 'unsupported'; codec: string }
  /** A track beside the first one. */
  | { kind: 'extra' }
  /** End of sequence, metadata and empty messages: to be passed over. */
  | { kind: 'nothing' }

const nothing: FlvTag = { kind: 'nothing' }
const enhanced = { start: 0, frames: 1, framesWithoutOffset: 3, videoMultitrack: 6, audioMultitrack: 5 }
/** How tracks share a message: one alone, or several, of one codec or each of its own. */
const shared = { one: 0, ownCodecs: 2 }
const firstTrack = 0

const fourCcNames: Record<string, string> = {
  hvc1: 'HEVC (H.265)',
  av01: 'AV1',
  vp09: 'VP9',
  vp08: 'VP8',
  vvc1: 'VVC (H.266)',
  Opus: 'Opus',
  '.mp3': 'MP3',
  fLaC: 'FLAC',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
}
const videoNames: Record<number, string> = {
  2: 'Sorenson H.263',
  3: 'Screen Video',
  4: 'VP6',
  5: 'VP6 with alpha',
  6: 'Screen Video 2',
  8: 'H.263',
  9: 'MPEG-4 Part 2',
  12: 'HEVC (H.265)',
  13: 'AV1',
}
const audioNames: Record<number, string> = {
  0: 'PCM',
  1: 'ADPCM',
  2: 'MP3',
  3: 'PCM',
  4: 'Nellymoser',
  5: 'Nellymoser',
  6: 'Nellymoser',
  7: 'G.711 A-law',
  8: 'G.711 mu-law',
  11: 'Speex',
  13: 'Opus',
  14: 'MP3',
}

/** Reads a video message (FLV 10.1 annex E.4.3; Enhanced RTMP v2 for the four-letter codecs). */
export function parseVideoTag(bytes: Buffer): FlvTag {
  const first = bytes[0]
  if (first === undefined) return nothing
  const frameType = (first >> 4) & 7
  if (first & 0x80) {
    const track = (first & 15) === enhanced.videoMultitrack ? mainTrack(bytes) : bytes
    return track ? parseEnhancedVideo(track, track[0]! & 15, frameType === 1) : { kind: 'extra' }
  }
  if (frameType === 5) return nothing
  const codec = first & 15
  if (codec !== 7) return { kind: 'unsupported', codec: videoNames[codec] ?? `video codec ${codec}` }
  if (bytes.length <= 5) return nothing
  if (bytes[1] === 0) return { kind: 'config', config: bytes.subarray(5) }
  if (bytes[1] !== 1) return nothing
  return { kind: 'sample', isKey: frameType === 1, ctsMs: bytes.readIntBE(2, 3), data: bytes.subarray(5) }
}

/** Reads an audio message (FLV 10.1 annex E.4.2; Enhanced RTMP v2 for the four-letter codecs). */
export function parseAudioTag(bytes: Buffer): FlvTag {
  const first = bytes[0]
  if (first === undefined) return nothing
  const codec = first >> 4
  if (codec === 9) {
    const track = (first & 15) === enhanced.audioMultitrack ? mainTrack(bytes) : bytes
    return track ? parseEnhancedAudio(track, track[0]! & 15) : { kind: 'extra' }
  }
  if (codec !== 10) return { kind: 'unsupported', codec: audioNames[codec] ?? `audio codec ${codec}` }
  if (bytes.length <= 2) return nothing
  if (bytes[1] === 0) return { kind: 'config', config: bytes.subarray(2) }
  return { kind: 'sample', isKey: true, ctsMs: 0, data: bytes.subarray(2) }
}

function parseEnhancedVideo(bytes: Buffer, type: number, isKey: boolean): FlvTag {
  if (bytes.length <= 5) return nothing
  const codec = fourCc(bytes)
  if (codec !== 'avc1') return unsupportedFourCc(codec)
  if (type === enhanced.start) return { kind: 'config', config: bytes.subarray(5) }
  if (type === enhanced.framesWithoutOffset) {
    return { kind: 'sample', isKey, ctsMs: 0, data: bytes.subarray(5) }
  }
  if (type !== enhanced.frames || bytes.length <= 8) return nothing
  return { kind: 'sample', isKey, ctsMs: bytes.readIntBE(5, 3), data: bytes.subarray(8) }
}

function parseEnhancedAudio(bytes: Buffer, type: number): FlvTag {
  if (bytes.length <= 5) return nothing
  const codec = fourCc(bytes)
  if (codec !== 'mp4a') return unsupportedFourCc(codec)
  if (type === enhanced.start) return { kind: 'config', config: bytes.subarray(5) }
  return type === enhanced.frames
    ? { kind: 'sample', isKey: true, ctsMs: 0, data: bytes.subarray(5) }
    : nothing
}

/** Track 0 as a message of its own; null where this one does not have it. */
function mainTrack(bytes: Buffer): Buffer | null {
  const [first = 0, second = 0] = bytes
  const share = second >> 4
  let at = 2
  const take = (count: number): Buffer => {
    const from = at
    at += count
    return bytes.subarray(from, at)
  }
  const codecOfAll = share === shared.ownCodecs ? null : take(4)
  while (at < bytes.length) {
    const codec = codecOfAll ?? take(4)
    const [id] = take(1)
    const size = share === shared.one ? null : take(3)
    if (size !== null && size.length < 3) break
    const data = take(size?.readUIntBE(0, 3) ?? bytes.length)
    if (id === firstTrack) return Buffer.concat([Buffer.from([(first & 0xf0) | (second & 15)]), codec, data])
  }
  return null
}

function fourCc(bytes: Buffer): string {
  return bytes.toString('latin1', 1, 5)
}

function unsupportedFourCc(codec: string): FlvTag {
  return { kind: 'unsupported', codec: fourCcNames[codec] ?? codec.replace(/[^\x21-\x7e]/g, '?') }
}
