import type { ITag } from 'music-metadata'
import type { ByteFile } from './byte-file.ts'
import { boxesOf, type Mp4Box } from './mp4-boxes.ts'
import { damaged, emptySource, mayRead, type TagBudget, type TagSource } from './tag-budget.ts'
import { addValue, type Field, fieldOfName, fieldsOfItems } from './tag-fields.ts'
import { decodeUnits, type Unit } from './tag-library.ts'

const mostItems = 1000
const mostPictures = 100

/** The items of iTunes' list, where players look for it: in `moov/udta/meta/ilst`. */
export async function readMp4(file: ByteFile, budget: TagBudget): Promise<TagSource> {
  const source = emptySource()
  const units: Unit[] = []
  for (const item of (await itemsOf(file, budget)).slice(0, mostItems)) {
    if (item.type === 'covr') await addPictures(source, file, item)
    else if (mayRead(budget, item.end - item.bodyAt)) {
      const body = await file.read(item.bodyAt, item.end - item.bodyAt)
      if (await isWhole(file, item)) units.push(box(item.type, body))
      else budget.warnings.add(damaged)
    }
  }
  for (const one of await decodeUnits(units, wrapItems, budget)) addItem(source, one)
  return source
}

async function itemsOf(file: ByteFile, budget: TagBudget): Promise<Mp4Box[]> {
  const [movie] = await inside(file, { type: '', bodyAt: 0, end: file.size }, 'moov')
  if (!movie) return []
  const data = await inside(file, movie, 'udta')
  const metas = [...(await Promise.all(data.map((one) => inside(file, one, 'meta')))).flat()]
  metas.push(...(await inside(file, movie, 'meta')))
  for (const meta of metas.slice(0, 4)) {
    // ISO says four bytes of version and flags, QuickTime has none: a box begins where its type can be read.
    const start = (await file.read(meta.bodyAt + 4, 4)).toString('latin1') === 'hdlr' ? 0 : 4
    const [list] = await inside(file, { ...meta, bodyAt: meta.bodyAt + start }, 'ilst')
    if (!list) continue
    const { boxes, isCut } = await boxesOf(file, list.bodyAt, list.end)
    if (isCut) budget.warnings.add(damaged)
    return boxes
  }
  return []
}

async function inside(file: ByteFile, parent: Mp4Box, type: string): Promise<Mp4Box[]> {
  const { boxes } = await boxesOf(file, parent.bodyAt, parent.end)
  return boxes.filter((one) => one.type === type).slice(0, 8)
}

/** An item is nothing but boxes of a length they keep to. */
async function isWhole(file: ByteFile, item: Mp4Box): Promise<boolean> {
  const { boxes, isCut } = await boxesOf(file, item.bodyAt, item.end)
  return !isCut && boxes.length > 0 && boxes.length <= 200 && boxes.at(-1)?.end === item.end
}

async function addPictures(source: TagSource, file: ByteFile, item: Mp4Box): Promise<void> {
  const { boxes } = await boxesOf(file, item.bodyAt, item.end)
  for (const { type, bodyAt, end } of boxes) {
    const at = bodyAt + 8
    if (type !== 'data' || at >= end || source.pictures.length >= mostPictures) continue
    source.pictures.push({ type: 3, length: end - at, bytes: () => file.read(at, end - at) })
  }
}

function box(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + body.length)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, body])
}

function wrapItems(units: Unit[]): { bytes: Buffer; mimeType: string } {
  const meta = box('meta', Buffer.concat([Buffer.alloc(4), box('ilst', Buffer.concat(units))]))
  const brand = box('ftyp', Buffer.from('M4A \0\0\0\0M4A ', 'latin1'))
  return { bytes: Buffer.concat([brand, box('moov', box('udta', meta))]), mimeType: 'audio/mp4' }
}

const freeform = /^----:[^:]*:(.*)$/s

function addItem(source: TagSource, { id, value }: ITag): void {
  const known: Field | undefined = Object.hasOwn(fieldsOfItems, id) ? fieldsOfItems[id] : undefined
  const field = known ?? fieldOfName(freeform.exec(id)?.[1] ?? '')
  // 1 was explicit before 4 was; 0 says nothing.
  const advisory = value === 0 ? null : value === 2 ? 'clean' : 'explicit'
  addValue(source.values, field, id === 'rtng' ? advisory : value)
}
