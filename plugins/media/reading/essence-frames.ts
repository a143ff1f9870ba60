import type { ByteFile } from './byte-file.ts'
import type { Essence } from './essence.ts'
import { id3LengthAt, synchsafe } from './id3-size.ts'
import { findMpegFrames, mpegFrameAt, streamHeaderAt } from './mpeg-frame.ts'
import { ReadingError } from './reading-error.ts'

const searched = 64 * 1024
const mostTags = 100
/** What the header of an MP3 stream says of its length is not exact in all programs. */
const tolerance = 4096

/**
 * The frames of an MP3 between its tags. The first one, where it only describes the stream (Xing, Info, VBRI), is
 * left out: programs write it anew with the tags.
 */
export async function mp3Essence(file: ByteFile): Promise<Essence> {
  const from = await endOfLeadingTags(file)
  const end = await startOfTrailingTags(file, from)
  if (from >= end) throw new ReadingError('no-audio')
  const bytes = await file.read(from, Math.min(searched, end - from))
  const first = findMpegFrames(bytes, 0, searched, 2)
  if (first < 0) throw new ReadingError('broken')
  const header = streamHeaderAt(bytes, first)
  const at = from + first + (header ? mpegFrameAt(bytes, first)!.lengthBytes : 0)
  const announced = header?.streamBytes ?? 0
  const missing = announced - (end - from - first)
  return { regions: [{ at, end }], isTruncated: missing > Math.min(tolerance, announced / 8) }
}

/** The frames of a FLAC file behind its metadata (RFC 9639, 8.1) and before an ID3v1 tag. */
export async function flacEssence(file: ByteFile): Promise<Essence> {
  let at = await endOfLeadingTags(file)
  if ((await file.read(at, 4)).toString('latin1') !== 'fLaC') throw new ReadingError('broken')
  at += 4
  for await (const { end, isLast } of flacBlocks(file, at)) {
    if (end > file.size) throw new ReadingError('truncated')
    at = end
    if (isLast) return { regions: [{ at, end: await startOfTrailingTags(file, at) }], isTruncated: false }
  }
  throw new ReadingError(at >= file.size ? 'truncated' : 'broken')
}

const mostBlocks = 10_000

/** Metadata blocks of FLAC; `end` may lie beyond the file. */
export async function* flacBlocks(
  file: ByteFile,
  from: number,
): AsyncGenerator<{ type: number; bodyAt: number; end: number; isLast: boolean }> {
  let at = from
  for (let left = mostBlocks; left > 0; left--) {
    const header = await file.read(at, 4)
    if (header.length < 4) return
    const end = at + 4 + header.readUIntBE(1, 3)
    const isLast = (header[0]! & 0x80) !== 0
    yield { type: header[0]! & 0x7f, bodyAt: at + 4, end, isLast }
    if (isLast || end > file.size) return
    at = end
  }
}

/** Where the tags in front of the audio end: ID3v2, more than once perhaps, and the rare leading APEv2. */
export async function endOfLeadingTags(file: ByteFile): Promise<number> {
  let at = 0
  for (let left = mostTags; left > 0; left--) {
    const header = await file.read(at, 32)
    const length = id3LengthAt(header, 0) || leadingApeLength(header)
    if (length === 0) return at
    if (at + length > file.size) throw new ReadingError('truncated')
    at += length
  }
  return at
}

function leadingApeLength(header: Buffer): number {
  const isApe = header.length === 32 && header.toString('latin1', 0, 8) === 'APETAGEX'
  return isApe ? 32 + header.readUInt32LE(12) : 0
}

/** Where the tags behind the audio begin: ID3v1, Lyrics3, APEv1 and APEv2, an appended ID3v2.4, in any order. */
export async function startOfTrailingTags(file: ByteFile, from: number): Promise<number> {
  let end = file.size
  for (let left = mostTags; left > 0; left--) {
    const length = await trailingTagLength(file, end)
    if (length === 0 || end - length < from) return end
    end -= length
  }
  return end
}

async function trailingTagLength(file: ByteFile, end: number): Promise<number> {
  const tail = await file.read(Math.max(0, end - 160), Math.min(160, end))
  const text = tail.toString('latin1')
  if (tail.length >= 128 && text.startsWith('TAG', tail.length - 128)) return 128
  if (text.startsWith('APETAGEX', tail.length - 32)) return apeLength(tail.subarray(-32))
  const lyrics = /(\d{6})LYRICS200$/.exec(text)
  if (lyrics) return Number(lyrics[1]) + 15
  if (text.endsWith('LYRICSEND')) return oldLyricsLength(file, end)
  if (tail.length >= 10 && text.startsWith('3DI', tail.length - 10))
    return 20 + synchsafe(tail, tail.length - 4)
  return 0
}

/** From the footer (APEv2): its size counts the items and the footer, not the header. */
function apeLength(footer: Buffer): number {
  return footer.readUInt32LE(12) + ((footer.readUInt32LE(20) & 0x80000000) !== 0 ? 32 : 0)
}

/** Lyrics3v1 has no size; it holds at most 5100 characters. */
async function oldLyricsLength(file: ByteFile, end: number): Promise<number> {
  const at = Math.max(0, end - 5100 - 20)
  const begin = (await file.read(at, end - at)).lastIndexOf('LYRICSBEGIN')
  return begin < 0 ? 0 : end - at - begin
}
