import type { ITag } from 'music-metadata'
import type { ByteFile } from './byte-file.ts'
import { type Frame, framesOf, type Id3Tag, openId3, payloadOf } from './id3-frames.ts'
import { pictureOfFrame } from './id3-pictures.ts'
import { lrcOf } from './lyrics.ts'
import { emptySource, mayRead, type TagBudget, type TagSource, tooMuch } from './tag-budget.ts'
import { addValue, type Field, fieldOfName, fieldsOfFrames, roleOfTask, type Values } from './tag-fields.ts'
import { chunk, decodeUnits, type Unit } from './tag-library.ts'

const mostFrames = 2000
/** A frame with more values than this is hostile: each of them costs. */
const mostNulls = 200

/** The ID3v2 tag at `at` of the file. */
export async function readId3(file: ByteFile, at: number, budget: TagBudget): Promise<TagSource> {
  const source = emptySource()
  const tag = await openId3(file, at, budget)
  if (!tag) return source
  const units: Unit[] = []
  for await (const frame of framesOf(tag, budget)) {
    if (frame.id === 'APIC' || frame.id === 'PIC') {
      const picture = await pictureOfFrame(tag, frame)
      if (picture && source.pictures.length < mostFrames) source.pictures.push(picture)
    } else if (isWanted(frame.id) && mayRead(budget, frame.length)) {
      if (units.length >= mostFrames) {
        budget.warnings.add(tooMuch)
        break
      }
      const payload = await payloadOf(tag, frame, budget)
      if (payload) units.push(unitOf(frame, payload))
    }
  }
  for (const one of await decodeUnits(units, wrapFrames, budget)) addTag(source.values, one, tag)
  return source
}

/** An ID3v1 tag (128 bytes) as what ID3v2 would say. */
export async function readId3v1(bytes: Buffer, budget: TagBudget): Promise<TagSource> {
  const source = emptySource()
  const text = (at: number, length: number) => {
    const field = bytes.subarray(at, at + length)
    const end = field.indexOf(0)
    return end < 0 ? field : field.subarray(0, end)
  }
  const hasTrack = bytes[125] === 0 && bytes[126] !== 0
  const fields: [id: string, value: Buffer][] = [
    ['TIT2', text(3, 30)],
    ['TPE1', text(33, 30)],
    ['TALB', text(63, 30)],
    ['TYER', text(93, 4)],
    ['TCON', Buffer.from(bytes[127] === 255 ? '' : `(${bytes[127]})`)],
    ['TRCK', Buffer.from(hasTrack ? String(bytes[126]) : '')],
  ]
  const units = fields
    .filter(([, value]) => value.length > 0)
    .map(([id, value]) => unitOf({ id }, Buffer.concat([Buffer.of(0), value])))
  const tag = { major: 4 }
  for (const one of await decodeUnits(units, wrapFrames, budget)) addTag(source.values, one, tag)
  addValue(source.values, 'comment', text(97, hasTrack ? 28 : 30).toString('latin1'))
  return source
}

function isWanted(id: string): boolean {
  return id.startsWith('T') || ['COMM', 'USLT', 'SYLT', 'IPLS', 'GRP1', 'WCOP'].includes(id)
}

/** As a frame of ID3v2.4 without flags, whatever it was. */
function unitOf({ id }: Pick<Frame, 'id'>, payload: Buffer): Unit {
  const body = id.startsWith('T') || id === 'IPLS' ? fewValues(payload) : payload
  const header = Buffer.alloc(10)
  header.write(id, 'latin1')
  writeSynchsafe(header, 4, body.length)
  return Buffer.concat([header, body])
}

function writeSynchsafe(target: Buffer, at: number, value: number): void {
  for (let index = 0; index < 4; index++) target[at + index] = (value >> (7 * (3 - index))) & 0x7f
}

function fewValues(payload: Buffer): Buffer {
  const width = payload[0] === 1 || payload[0] === 2 ? 2 : 1
  let nulls = 0
  for (let at = 1; at + width <= payload.length; at += width) {
    if (payload[at] === 0 && payload[at + width - 1] === 0) nulls++
    if (nulls > mostNulls) return payload.subarray(0, at)
  }
  return payload
}

/** The smallest file that holds an ID3v2 tag and no audio to look for: AIFF. */
function wrapFrames(units: Unit[]): { bytes: Buffer; mimeType: string } {
  const frames = Buffer.concat(units)
  const header = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1')
  writeSynchsafe(header, 6, frames.length)
  const body = chunk('ID3 ', Buffer.concat([header, frames]), 'big')
  const bytes = chunk('FORM', Buffer.concat([Buffer.from('AIFF'), body]), 'big')
  return { bytes, mimeType: 'audio/aiff' }
}

/** iTunes keeps numbers for itself in comments. */
const ownComment = /^(?:iTun|Songs-DB_|ID3v1 Comment)/

function addTag(values: Values, { id, value }: ITag, tag: Pick<Id3Tag, 'major'>): void {
  if (id === 'COMM' || id === 'USLT') addNote(values, id === 'COMM' ? 'comment' : 'lyrics', value)
  else if (id === 'SYLT') addValue(values, 'syncedLyrics', lrcOf(value))
  else if (['TIPL', 'TMCL', 'IPLS'].includes(id)) addPeople(values, value)
  else if (id.startsWith('TXXX:')) addText(values, fieldOfName(id.slice(5)), value, tag)
  else addText(values, Object.hasOwn(fieldsOfFrames, id) ? fieldsOfFrames[id] : undefined, value, tag)
}

function addNote(values: Values, field: Field, value: unknown): void {
  const { descriptor, text } = value as { descriptor?: string; text?: string }
  if (!ownComment.test(descriptor ?? '')) addValue(values, field, text)
}

function addPeople(values: Values, value: unknown): void {
  for (const [task, names] of Object.entries((value ?? {}) as Record<string, unknown>))
    for (const name of Array.isArray(names) ? names : [names]) addValue(values, roleOfTask(task), name)
}

const people: (Field | undefined)[] = [
  'artist',
  'albumArtist',
  'composer',
  'lyricist',
  'conductor',
  'remixer',
  'writer',
]

function addText(values: Values, field: Field | undefined, value: unknown, tag: { major: number }): void {
  const text = String(value ?? '')
  // Before 2.4 there was no other way to write two names.
  const isSplit = tag.major < 4 && people.includes(field)
  for (const one of isSplit ? text.split(' / ') : [text]) addValue(values, field, one)
}
