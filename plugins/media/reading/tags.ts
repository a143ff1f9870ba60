import { type ByteFile, withFile } from './byte-file.ts'
import { chooseCover } from './cover.ts'
import { id3LengthAt } from './id3-size.ts'
import { normalTags } from './normal-tags.ts'
import { ReadingError } from './reading-error.ts'
import { readTrailing } from './tag-ape.ts'
import { damaged, type TagBudget, type TagSource } from './tag-budget.ts'
import { readAiff, readWav } from './tag-chunks.ts'
import type { Values } from './tag-fields.ts'
import { readId3 } from './tag-id3.ts'
import { readMp4 } from './tag-mp4.ts'
import { readFlac, readOgg } from './tag-vorbis.ts'
import type { AudioKind, ReadTags, TagLimits } from './types.ts'

const mib = 1024 * 1024

/**
 * The tags of a file. Damaged ones never fail: what can be read is there, `warnings` tell the rest. Throws
 * ReadingError `unreadable` where the file itself cannot be read.
 */
export function readTags(path: string, kind: AudioKind, limits: TagLimits = {}): Promise<ReadTags> {
  const deadline = Date.now() + (limits.timeoutMs ?? 5000)
  const budget: TagBudget = {
    bytesLeft: limits.maxTagBytes ?? 4 * mib,
    maxPictureBytes: limits.maxPictureBytes ?? 10 * mib,
    warnings: new Set(),
    deadline,
  }
  return withFile(path, { deadline }, async (file) => {
    const sources: TagSource[] = []
    await attempt(budget, () => collect(file, kind, budget, sources))
    const pictures = sources.flatMap((source) => source.pictures)
    const cover = await attempt(budget, () => chooseCover(pictures, budget))
    return normalTags(merged(sources), cover ?? null, budget.warnings)
  })
}

async function attempt<T>(budget: TagBudget, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    const reason = error instanceof ReadingError ? error.reason : null
    if (reason === 'unreadable') throw error
    budget.warnings.add(reason === 'aborted' ? 'Reading the tags took too long and was stopped.' : damaged)
    return null
  }
}

const mostLeadingTags = 4

/** Best source first. */
async function collect(
  file: ByteFile,
  kind: AudioKind,
  budget: TagBudget,
  sources: TagSource[],
): Promise<void> {
  if (kind === 'ogg') return void sources.push(await readOgg(file, budget))
  if (kind === 'm4a') return void sources.push(await readMp4(file, budget))
  if (kind === 'wav') return void sources.push(...(await readWav(file, budget)))
  if (kind === 'aiff') return void sources.push(...(await readAiff(file, budget)))
  let at = 0
  for (let left = mostLeadingTags; left > 0; left--) {
    const length = id3LengthAt(await file.read(at, 10), 0)
    if (length === 0) break
    sources.push(await readId3(file, at, budget))
    at += length
  }
  if (kind === 'flac') return void sources.unshift(await readFlac(file, at, budget))
  sources.push(...(await readTrailing(file, Math.min(at, file.size), budget)))
}

/** Each field from the first source that has it. */
function merged(sources: TagSource[]): Values {
  const values: Values = new Map()
  for (const source of sources)
    for (const [field, list] of source.values) if (!values.has(field)) values.set(field, list)
  return values
}
