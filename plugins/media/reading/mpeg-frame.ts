const bitratesOfMpeg1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const bitratesOfMpeg2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const sampleRates = [44_100, 48_000, 32_000]

export interface MpegFrame {
  lengthBytes: number
  /** Where the tag of an encoder (Xing, Info) stands, from the frame's first byte. */
  xingAt: number
  /** What all frames of one stream share. */
  stream: string
}

/** The layer III frame whose header (ISO 11172-3, 2.4.1.3) stands at `at`, or null. */
export function mpegFrameAt(bytes: Buffer, at: number): MpegFrame | null {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) return null
  const [second, third, fourth] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!]
  const [version, layer] = [(second >> 3) & 3, (second >> 1) & 3]
  if ((second & 0xe0) !== 0xe0 || version === 1 || layer !== 1) return null
  const isMpeg1 = version === 3
  const bitrate = (isMpeg1 ? bitratesOfMpeg1 : bitratesOfMpeg2)[third >> 4]
  const rate = sampleRates[(third >> 2) & 3]
  if (!bitrate || !rate || (fourth & 3) === 2) return null
  const sampleRate = rate / (isMpeg1 ? 1 : version === 2 ? 2 : 4)
  const isMono = fourth >> 6 === 3
  const sideInfo = isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17
  return {
    lengthBytes: Math.floor(((isMpeg1 ? 144 : 72) * bitrate * 1000) / sampleRate) + ((third >> 1) & 1),
    xingAt: 4 + sideInfo,
    stream: `${version}/${sampleRate}`,
  }
}

/** Where the first of `count` frames in a row begins, at most `within` bytes after `from`; -1 if nowhere. */
export function findMpegFrames(bytes: Buffer, from: number, within: number, count: number): number {
  const last = Math.min(bytes.length - 4, from + within)
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at <= last; at = bytes.indexOf(0xff, at + 1))
    if (hasFrames(bytes, at, count)) return at
  return -1
}

function hasFrames(bytes: Buffer, start: number, count: number): boolean {
  let stream: string | null = null
  let at = start
  for (let left = count; left > 0; left--) {
    const frame = mpegFrameAt(bytes, at)
    if (!frame || frame.stream !== (stream ?? frame.stream)) return false
    stream = frame.stream
    at += frame.lengthBytes
  }
  return true
}

/** What the first frame says of the whole stream, where it is one that holds no sound: Xing, Info or VBRI. */
export function streamHeaderAt(bytes: Buffer, at: number): { streamBytes: number | null } | null {
  const frame = mpegFrameAt(bytes, at)
  if (!frame) return null
  const name = bytes.toString('latin1', at + frame.xingAt, at + frame.xingAt + 4)
  if (name === 'Xing' || name === 'Info') {
    const flags = at + frame.xingAt + 7
    const has = flags < bytes.length ? bytes[flags]! : 0
    const sizeAt = flags + 1 + (has & 1 ? 4 : 0)
    return { streamBytes: has & 2 && sizeAt + 4 <= bytes.length ? bytes.readUInt32BE(sizeAt) : null }
  }
  const isVbri = bytes.toString('latin1', at + 36, at + 40) === 'VBRI'
  return isVbri ? { streamBytes: at + 50 <= bytes.length ? bytes.readUInt32BE(at + 46) : null } : null
}
