import type { ByteFile } from './byte-file.ts'
import { aiffEssence, wavEssence } from './essence-chunks.ts'
import { flacEssence, mp3Essence } from './essence-frames.ts'
import { boxesOf } from './mp4-boxes.ts'
import { ReadingError } from './reading-error.ts'
import type { AudioKind } from './types.ts'

export interface Region {
  at: number
  end: number
}

/** Where the audio lies in a file, in the file's order. */
export interface Essence {
  regions: Region[]
  /** More audio was announced than there is. */
  isTruncated: boolean
}

const finders = { mp3: mp3Essence, flac: flacEssence, wav: wavEssence, aiff: aiffEssence, m4a: mp4Essence }

/** Finds the audio by the headers alone. Ogg is told apart page by page while it is read: null. */
export async function essenceOf(file: ByteFile, kind: AudioKind): Promise<Essence | null> {
  if (kind === 'ogg') return null
  const essence = await finders[kind](file)
  const regions = essence.regions.filter(({ at, end }) => end > at)
  if (regions.length === 0) throw new ReadingError(essence.isTruncated ? 'truncated' : 'no-audio')
  return { ...essence, regions }
}

async function mp4Essence(file: ByteFile): Promise<Essence> {
  const { boxes, isCut } = await boxesOf(file, 0, file.size)
  if (boxes.length === 0) throw new ReadingError('broken')
  const regions = boxes.filter(({ type }) => type === 'mdat').map(({ bodyAt, end }) => ({ at: bodyAt, end }))
  // Without the description of its samples no program can play what is there.
  const isDescribed = boxes.some(({ type }) => type === 'moov' || type === 'moof')
  if (!isDescribed) throw new ReadingError(regions.length > 0 ? 'truncated' : 'no-audio')
  return { regions, isTruncated: isCut }
}
