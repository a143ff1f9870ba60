import { inflateSync } from 'node:zlib'
import type { ByteFile } from './byte-file.ts'
import { id3LengthAt, synchsafe } from './id3-size.ts'
import { bytesAsFile, damaged, type TagBudget, tooMuch } from './tag-budget.ts'

export interface Id3Tag {
  major: number
  /** Where the frames are: the file, or memory where they had to be decoded as a whole. */
  bytes: ByteFile
  from: number
  end: number
}

export interface Frame {
  /** Of ID3v2.3 and later, whatever version it was written in. */
  id: string
  at: number
  length: number
  flags: number
}

/** The longest tag that is decoded in memory, which its unsynchronisation makes necessary. */
const longestDecoded = 24 * 1024 * 1024

export async function openId3(file: ByteFile, at: number, budget: TagBudget): Promise<Id3Tag | null> {
  const header = await file.read(at, 10)
  if (id3LengthAt(header, 0) === 0) return null
  const [major, flags, size] = [header[3]!, header[5]!, synchsafe(header, 6)]
  if (major < 2 || major > 4 || (major === 2 && (flags & 0x40) !== 0)) {
    budget.warnings.add('The ID3 tag is of a version that cannot be read.')
    return null
  }
  let tag: Id3Tag = { major, bytes: file, from: at + 10, end: Math.min(at + 10 + size, file.size) }
  if (at + 10 + size > file.size) budget.warnings.add(damaged)
  if (major < 4 && (flags & 0x80) !== 0) tag = await decoded(tag, budget)
  if ((flags & 0x40) === 0) return tag
  const extended = await tag.bytes.read(tag.from, 4)
  if (extended.length < 4) return null
  return { ...tag, from: tag.from + (major === 4 ? synchsafe(extended, 0) : 4 + extended.readUInt32BE(0)) }
}

async function decoded(tag: Id3Tag, budget: TagBudget): Promise<Id3Tag> {
  const length = Math.min(tag.end - tag.from, longestDecoded)
  if (length < tag.end - tag.from) budget.warnings.add(tooMuch)
  const bytes = withoutUnsync(await tag.bytes.read(tag.from, length))
  return { ...tag, bytes: bytesAsFile(bytes), from: 0, end: bytes.length }
}

/** Undoes the unsynchronisation (ID3v2.3, 5): FF 00 stands for FF. */
export function withoutUnsync(bytes: Buffer): Buffer {
  const result = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    result[length++] = bytes[at]!
    if (bytes[at] === 0xff && bytes[at + 1] === 0) at++
  }
  return result.subarray(0, length)
}

const mostFrames = 20_000

/** The frames up to the padding or the first thing that is none. */
export async function* framesOf(tag: Id3Tag, budget: TagBudget): AsyncGenerator<Frame> {
  const headerLength = tag.major === 2 ? 6 : 10
  let at = tag.from
  for (let left = mostFrames; left > 0 && at + headerLength < tag.end; left--) {
    const header = await tag.bytes.read(at, headerLength)
    if (header.length < headerLength || header[0] === 0) return
    const id = header.toString('latin1', 0, tag.major === 2 ? 3 : 4)
    if (!/^[A-Z][A-Z0-9]{2}[A-Z0-9 ]?$/.test(id)) return void budget.warnings.add(damaged)
    const length = await lengthOf(tag, header, at)
    const bodyAt = at + headerLength
    if (bodyAt + length > tag.end) budget.warnings.add(damaged)
    yield {
      id: tag.major === 2 ? (newNames[id] ?? id) : id,
      at: bodyAt,
      length: Math.min(length, Math.max(0, tag.end - bodyAt)),
      flags: tag.major === 2 ? 0 : header[9]!,
    }
    at = bodyAt + length
  }
}

async function lengthOf(tag: Id3Tag, header: Buffer, at: number): Promise<number> {
  if (tag.major === 2) return header.readUIntBE(3, 3)
  const plain = header.readUInt32BE(4)
  if (tag.major === 3 || plain < 0x80) return plain
  // Old versions of iTunes wrote plain sizes into ID3v2.4: the right one is where another frame begins.
  const safe = synchsafe(header, 4)
  if (header.subarray(4, 8).some((byte) => byte > 0x7f)) return plain
  return !(await isFrameAt(tag, at + 10 + safe)) && (await isFrameAt(tag, at + 10 + plain)) ? plain : safe
}

async function isFrameAt(tag: Id3Tag, at: number): Promise<boolean> {
  if (at >= tag.end) return at === tag.end
  const next = await tag.bytes.read(at, 4)
  return next[0] === 0 || /^[A-Z][A-Z0-9]{3}$/.test(next.toString('latin1'))
}

/** The content of a frame without what its flags (ID3v2.4, 4.1; ID3v2.3, 3.3.1) made of it; null if it cannot be had. */
export async function payloadOf(tag: Id3Tag, frame: Frame, budget: TagBudget): Promise<Buffer | null> {
  const raw = await tag.bytes.read(frame.at, frame.length)
  const is = (of4: number, of3: number) => (frame.flags & (tag.major === 4 ? of4 : of3)) !== 0
  if (is(0x04, 0x40)) return null
  const isCompressed = is(0x08, 0x80)
  const extra = (is(0x40, 0x20) ? 1 : 0) + (is(0x01, 0x80) ? 4 : 0)
  const bytes = is(0x02, 0) ? withoutUnsync(raw.subarray(extra)) : raw.subarray(extra)
  if (!isCompressed) return bytes
  try {
    const maxOutputLength = Math.max(1, Math.min(budget.bytesLeft, 256 * 1024))
    const plain = inflateSync(bytes, { maxOutputLength })
    budget.bytesLeft -= plain.length
    return plain
  } catch {
    budget.warnings.add(damaged)
    return null
  }
}

/** Names of ID3v2.2 as they are called since. */
const newNames: Record<string, string> = {
  TT1: 'TIT1',
  TT2: 'TIT2',
  TP1: 'TPE1',
  TP2: 'TPE2',
  TP3: 'TPE3',
  TP4: 'TPE4',
  TAL: 'TALB',
  TRK: 'TRCK',
  TPA: 'TPOS',
  TYE: 'TYER',
  TDA: 'TDAT',
  TOR: 'TORY',
  TCO: 'TCON',
  TBP: 'TBPM',
  TKE: 'TKEY',
  TRC: 'TSRC',
  TPB: 'TPUB',
  TCR: 'TCOP',
  TCM: 'TCOM',
  TXT: 'TEXT',
  TCP: 'TCMP',
  TXX: 'TXXX',
  COM: 'COMM',
  ULT: 'USLT',
  SLT: 'SYLT',
  IPL: 'IPLS',
  GP1: 'GRP1',
  WCP: 'WCOP',
}
