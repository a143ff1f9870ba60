import type { ByteFile } from './byte-file.ts'
import { startOfTrailingTags } from './essence-frames.ts'
import { damaged, emptySource, mayRead, type TagBudget, type TagSource } from './tag-budget.ts'
import { addValue, fieldOfName } from './tag-fields.ts'
import { readId3v1 } from './tag-id3.ts'

const mostItems = 1000

/** What stands behind the audio of an MP3: APEv2, then ID3v1. */
export async function readTrailing(file: ByteFile, from: number, budget: TagBudget): Promise<TagSource[]> {
  const sources: TagSource[] = []
  let end = file.size
  const last = await file.read(Math.max(0, end - 128), 128)
  if (last.length === 128 && last.toString('latin1', 0, 3) === 'TAG') {
    sources.push(await readId3v1(last, budget))
    end -= 128
  }
  const start = await startOfTrailingTags(file, from)
  for (let at = end; at - 32 >= start; ) {
    const footer = await file.read(at - 32, 32)
    if (footer.toString('latin1', 0, 8) !== 'APETAGEX') break
    const size = footer.readUInt32LE(12)
    if (size < 32 || at - size < start) break
    sources.unshift(await readItems(file, at - size, at - 32, budget))
    at -= size
  }
  return sources
}

async function readItems(file: ByteFile, from: number, end: number, budget: TagBudget): Promise<TagSource> {
  const source = emptySource()
  let at = from
  for (let left = mostItems; left > 0 && at + 9 < end; left--) {
    const header = await file.read(at, 8 + 256)
    const length = header.readUInt32LE(0)
    const keyEnd = header.indexOf(0, 8)
    const valueAt = at + keyEnd + 1
    if (keyEnd < 8 || valueAt + length > end) {
      budget.warnings.add(damaged)
      break
    }
    const isText = (header[4]! & 6) === 0
    const key = header.toString('latin1', 8, keyEnd)
    await addItem(source, file, { key, isText, at: valueAt, length }, budget)
    at = valueAt + length
  }
  return source
}

interface Item {
  key: string
  isText: boolean
  at: number
  length: number
}

async function addItem(source: TagSource, file: ByteFile, item: Item, budget: TagBudget): Promise<void> {
  const { key, at, length } = item
  if (/^cover art \((?:front|back)\)$/i.test(key)) {
    const nameLength = (await file.read(at, Math.min(length, 512))).indexOf(0) + 1
    const bytes = () => file.read(at + nameLength, length - nameLength)
    source.pictures.push({ type: /front/i.test(key) ? 3 : 4, length: length - nameLength, bytes })
    return
  }
  const field = item.isText ? fieldOfName(key) : undefined
  if (!field || !mayRead(budget, length)) return
  const text = (await file.read(at, length)).toString('utf8')
  for (const value of text.split('\0', 200)) addValue(source.values, field === 'year' ? 'date' : field, value)
}
