import type { ByteFile } from './byte-file.ts'
import { chunksOf, wideSizes } from './chunks.ts'
import { damaged, emptySource, mayRead, type TagBudget, type TagSource } from './tag-budget.ts'
import { addValue, type Field, fieldsOfInfo } from './tag-fields.ts'
import { readId3 } from './tag-id3.ts'
import { chunk, decodeUnits, type Unit } from './tag-library.ts'

const mostUnits = 1000

/** ID3, INFO and the broadcasters' `bext` of a WAVE file, in the order of how much they can say. */
export async function readWav(file: ByteFile, budget: TagBudget): Promise<TagSource[]> {
  const sources: TagSource[] = []
  const info: Unit[] = []
  const broadcast: Unit[] = []
  for await (const { id, bodyAt, size } of chunksOf(file, 'little', 12, await wideSizes(file))) {
    if (id.toLowerCase() === 'id3 ') sources.push(await readId3(file, bodyAt, budget))
    else if (id === 'LIST' && (await file.read(bodyAt, 4)).toString('latin1') === 'INFO')
      info.push(...(await infoUnits(file, bodyAt + 4, Math.min(bodyAt + size, file.size), budget)))
    // Its coding history, of any length, comes behind the fields that are read.
    else if (id === 'bext' && size >= 602)
      broadcast.push(chunk('bext', Buffer.from(await file.read(bodyAt, 602)), 'little'))
    if (sources.length > 4 || info.length > mostUnits || broadcast.length > 4) break
  }
  for (const [units, wrap] of [[info, wrapInfo] as const, [broadcast, wrapWave] as const]) {
    const source = emptySource()
    for (const { id, value } of await decodeUnits(units.slice(0, mostUnits), wrap, budget))
      addValue(source.values, Object.hasOwn(fieldsOfInfo, id) ? fieldsOfInfo[id] : undefined, value)
    sources.push(source)
  }
  return sources
}

async function infoUnits(file: ByteFile, from: number, end: number, budget: TagBudget): Promise<Unit[]> {
  const units: Unit[] = []
  for await (const { id, bodyAt, size } of chunksOf(file, 'little', from)) {
    if (bodyAt >= end || units.length >= mostUnits) break
    if (bodyAt + size > end) {
      budget.warnings.add(damaged)
      break
    }
    if (size > 0 && mayRead(budget, size))
      units.push(chunk(id, Buffer.from(await file.read(bodyAt, size)), 'little'))
  }
  return units
}

function wrapWave(units: Unit[]): { bytes: Buffer; mimeType: string } {
  const bytes = chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...units]), 'little')
  return { bytes, mimeType: 'audio/wav' }
}

const wrapInfo = (units: Unit[]) =>
  wrapWave([chunk('LIST', Buffer.concat([Buffer.from('INFO'), ...units]), 'little')])

const fieldsOfText: Record<string, Field> = {
  NAME: 'title',
  AUTH: 'artist',
  '(c) ': 'copyright',
  ANNO: 'comment',
}

/** ID3 and the text chunks of an AIFF file. */
export async function readAiff(file: ByteFile, budget: TagBudget): Promise<TagSource[]> {
  const sources: TagSource[] = []
  const plain = emptySource()
  for await (const { id, bodyAt, size } of chunksOf(file, 'big', 12)) {
    if (id === 'ID3 ' && sources.length < 4) sources.push(await readId3(file, bodyAt, budget))
    const field = Object.hasOwn(fieldsOfText, id) ? fieldsOfText[id] : undefined
    if (field && mayRead(budget, size))
      addValue(plain.values, field, (await file.read(bodyAt, size)).toString('latin1'))
  }
  return [...sources, plain]
}
