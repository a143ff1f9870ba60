import type { ByteFile } from './byte-file.ts'
import { flacBlocks } from './essence-frames.ts'
import { oggPackets } from './ogg-packets.ts'
import {
  bytesAsFile,
  type Candidate,
  damaged,
  emptySource,
  mayRead,
  type TagBudget,
  type TagSource,
  tooMuch,
} from './tag-budget.ts'
import { addValue, fieldOfName } from './tag-fields.ts'

const mostComments = 5000
const mostPictures = 100
/** Of the header packets of an Ogg file; pictures are in them. */
const longestHeaders = 24 * 1024 * 1024

/** Comments and pictures of a FLAC file whose `fLaC` stands at `at`. */
export async function readFlac(file: ByteFile, at: number, budget: TagBudget): Promise<TagSource> {
  const source = emptySource()
  for await (const { type, bodyAt, end } of flacBlocks(file, at + 4)) {
    if (type === 4) addComments(source, await file.read(bodyAt, end - bodyAt), budget)
    if (type === 6 && source.pictures.length < mostPictures)
      source.pictures.push(...(await picturesAt(file, bodyAt, Math.min(end, file.size))))
  }
  return source
}

/** Comments and pictures of the first stream with audio in an Ogg file. */
export async function readOgg(file: ByteFile, budget: TagBudget): Promise<TagSource> {
  const source = emptySource()
  let isFlac = false
  let count = 0
  for await (const packet of oggPackets(file, longestHeaders)) {
    const begins = packet.toString('latin1', 0, 8)
    if (count === 0) isFlac = packet[0] === 0x7f
    // In FLAC they are metadata blocks, as many as there are; the others have all in the second packet.
    else if (isFlac) await addBlock(source, packet, budget)
    else if (begins.startsWith('\x03vorbis')) addComments(source, packet.subarray(7), budget)
    else if (begins === 'OpusTags') addComments(source, packet.subarray(8), budget)
    if (++count >= (isFlac ? mostHeaders : 2) || (isFlac && packet[0] === 0xff)) return source
  }
  budget.warnings.add(file.size > longestHeaders ? tooMuch : damaged)
  return source
}

const mostHeaders = 64

async function addBlock(source: TagSource, packet: Buffer, budget: TagBudget): Promise<void> {
  const type = (packet[0] ?? 0) & 0x7f
  if (type === 4) addComments(source, packet.subarray(4), budget)
  if (type === 6) source.pictures.push(...(await picturesAt(bytesAsFile(packet), 4, packet.length)))
}

/** A list of comments (Vorbis I, 5.2.1); what does not fit its own sizes is left out. */
export function addComments(source: TagSource, bytes: Buffer, budget: TagBudget): void {
  const sizeAt = (at: number) => (at + 4 <= bytes.length ? bytes.readUInt32LE(at) : null)
  let at = 4 + (sizeAt(0) ?? bytes.length)
  const count = sizeAt(at)
  at += 4
  for (let left = Math.min(count ?? 0, mostComments); left > 0; left--) {
    const size = sizeAt(at)
    if (size === null || at + 4 + size > bytes.length) return void budget.warnings.add(damaged)
    addComment(source, bytes.subarray(at + 4, at + 4 + size), budget)
    at += 4 + size
  }
  if (count === null) budget.warnings.add(damaged)
}

function addComment(source: TagSource, comment: Buffer, budget: TagBudget): void {
  const split = comment.indexOf('=')
  if (split <= 0) return
  const name = comment.toString('latin1', 0, split)
  if (name.toUpperCase() === 'METADATA_BLOCK_PICTURE') {
    if (source.pictures.length < mostPictures)
      source.pictures.push(...encodedPicture(comment.subarray(split + 1)))
    return
  }
  const field = fieldOfName(name)
  if (field && mayRead(budget, comment.length))
    for (const value of comment.toString('utf8', split + 1).split('\0', 200))
      addValue(source.values, field, value)
}

/** A picture block (RFC 9639, 8.8): only its beginning is looked at. */
async function picturesAt(file: ByteFile, at: number, end: number): Promise<Candidate[]> {
  const head = await file.read(at, 8)
  if (head.length < 8) return []
  const descriptionAt = at + 8 + head.readUInt32BE(4)
  const description = await file.read(descriptionAt, 4)
  if (descriptionAt >= end || description.length < 4) return []
  const sizeAt = descriptionAt + 4 + description.readUInt32BE(0) + 16
  const size = await file.read(sizeAt, 4)
  if (sizeAt + 4 > end || size.length < 4) return []
  const length = Math.min(size.readUInt32BE(0), end - sizeAt - 4)
  return [{ type: head.readUInt32BE(0), length, bytes: () => file.read(sizeAt + 4, length) }]
}

function encodedPicture(base64: Buffer): Candidate[] {
  const head = Buffer.from(base64.toString('latin1', 0, 8), 'base64')
  if (head.length < 4) return []
  const bytes = async () => {
    const block = Buffer.from(base64.toString('latin1'), 'base64')
    const [picture] = await picturesAt(bytesAsFile(block), 0, block.length)
    return picture ? picture.bytes() : Buffer.alloc(0)
  }
  return [{ type: head.readUInt32BE(0), length: Math.floor((base64.length * 3) / 4), bytes }]
}
