import { type ReadOptions, withFile } from './byte-file.ts'
import { id3LengthAt } from './id3-size.ts'
import { findMpegFrames } from './mpeg-frame.ts'
import { signatureOf, textOf } from './signatures.ts'
import { mp4File, mp4Head } from './sniff-mp4.ts'
import type { AudioKind, Sniffed } from './types.ts'

/** How much of a file `sniff` wants to see. */
export const headLength = 64 * 1024

const demuxers = { mp3: 'mp3', wav: 'wav', flac: 'flac', aiff: 'aiff', ogg: 'ogg', m4a: 'mov' } as const

/** The demuxer for ffmpeg's `-f`, so that it never guesses by itself. */
export const formatOf = (kind: AudioKind): string => demuxers[kind]

/**
 * What a file is by its first 64 KiB. A picture in an ID3v2 tag can fill all of them: then it is taken for an MP3;
 * `sniffFile` looks behind the tag.
 */
export function sniff(head: Buffer): Sniffed {
  if (head.length === 0) return { other: 'empty' }
  const tag = id3LengthAt(head, 0)
  if (tag === 0) return sniffContent(head)
  const body = afterTags(head)
  return body.length === 0 ? { kind: 'mp3' } : sniffTagged(body)
}

/** What a file is, with a look behind its tags and at the tracks of an MP4 wherever they are described. */
export function sniffFile(path: string, options: ReadOptions = {}): Promise<Sniffed> {
  return withFile(path, options, async (file) => {
    const head = await file.read(0, headLength)
    const tag = id3LengthAt(head, 0)
    if (tag >= file.size && tag > 0) return { other: 'unknown', name: 'ID3' }
    if (tag > 0) return sniffTagged(afterTags(await file.read(tag, headLength)))
    const sniffed = sniff(head)
    const isMp4 = head.toString('latin1', 4, 8) === 'ftyp'
    return isMp4 && ('kind' in sniffed || sniffed.other === 'video') ? mp4File(file, head) : sniffed
  })
}

function afterTags(bytes: Buffer): Buffer {
  let at = 0
  for (let length = id3LengthAt(bytes, at); length > 0; length = id3LengthAt(bytes, at)) at += length
  return bytes.subarray(at)
}

/** Behind an ID3v2 tag: padding is allowed, other containers are not. */
function sniffTagged(body: Buffer): Sniffed {
  if (body.length === 0) return { other: 'unknown', name: 'ID3' }
  const sniffed = sniffContent(body)
  return 'kind' in sniffed && !['mp3', 'flac'].includes(sniffed.kind) ? { other: 'unknown' } : sniffed
}

function sniffContent(head: Buffer): Sniffed {
  return (
    container(head) ??
    signatureOf(head) ??
    (isAdts(head) ? { other: 'unknown', name: 'AAC without a container' } : null) ??
    mpeg(head) ??
    textOf(head) ?? { other: 'unknown' }
  )
}

function container(head: Buffer): Sniffed | null {
  const [first, third] = [head.toString('latin1', 0, 4), head.toString('latin1', 8, 12)]
  if (first === 'fLaC') return { kind: 'flac' }
  if (first === 'OggS') return ogg(head)
  if (['RIFF', 'RF64', 'BW64'].includes(first)) return riff(third)
  if (first === 'FORM' && ['AIFF', 'AIFC'].includes(third)) return { kind: 'aiff' }
  return head.toString('latin1', 4, 8) === 'ftyp' ? mp4Head(head) : null
}

function riff(form: string): Sniffed {
  if (form === 'WAVE') return { kind: 'wav' }
  if (form === 'AVI ') return { other: 'video', name: 'AVI' }
  if (form === 'WEBP') return { other: 'picture', name: 'WebP' }
  return form === 'RMID' ? { other: 'midi', name: 'MIDI' } : { other: 'unknown', name: 'RIFF' }
}

const oggCodecs: [begins: string, sniffed: Sniffed][] = [
  ['\x01vorbis', { kind: 'ogg' }],
  ['OpusHead', { kind: 'ogg' }],
  ['\x7fFLAC', { kind: 'ogg' }],
  ['\x80theora', { other: 'video', name: 'Theora' }],
  ['BBCD\0', { other: 'video', name: 'Dirac' }],
  ['Speex   ', { other: 'unknown', name: 'Speex' }],
]

/** All streams begin before any goes on (RFC 3533, 4): one with pictures makes it a video. */
function ogg(head: Buffer): Sniffed {
  const found: Sniffed[] = []
  let at = 0
  while (head.toString('latin1', at, at + 4) === 'OggS' && (head[at + 5]! & 2) !== 0) {
    const count = head[at + 26] ?? 0
    const body = at + 27 + count
    const codec = oggCodecs.find(([name]) => head.toString('latin1', body, body + name.length) === name)
    if (codec) found.push(codec[1])
    at = body + head.subarray(at + 27, body).reduce((sum, length) => sum + length, 0)
  }
  return (
    found.find((one) => 'other' in one && one.other === 'video') ??
    found.find((one) => 'kind' in one) ??
    found[0] ?? { other: 'unknown', name: 'Ogg' }
  )
}

function isAdts(head: Buffer): boolean {
  const start = head.findIndex((byte) => byte !== 0)
  const length = adtsLength(head, start)
  return length > 0 && adtsLength(head, start + length) > 0
}

/** Length of the frame with an ADTS header (ISO 13818-7, 6.2), 0 if there is none. */
function adtsLength(bytes: Buffer, at: number): number {
  if (at < 0 || at + 7 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return 0
  const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5)
  return length > 7 ? length : 0
}

/** A cut may have left the rest of a frame in front; what follows it has to be beyond doubt. */
const longestRest = 2048

function mpeg(head: Buffer): Sniffed | null {
  const start = head.findIndex((byte) => byte !== 0)
  if (start < 0) return null
  if (findMpegFrames(head, start, 0, 2) >= 0) return { kind: 'mp3' }
  return findMpegFrames(head, start, longestRest, 4) >= 0 ? { kind: 'mp3' } : null
}
