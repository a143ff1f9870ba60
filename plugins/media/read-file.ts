import type { AssetRow } from './assets.ts'
import type { FileTags } from './contract.ts'
import {
  type AudioKind,
  hashFile,
  type ReadCover,
  type ReadTags,
  readTags,
  sniffFile,
} from './reading/index.ts'
import { isNotAudio } from './refusals.ts'

/** What a file shows before any of its sound is decoded. */
export interface ReadFile {
  kind: AudioKind
  cover: ReadCover | null
  columns: Pick<
    AssetRow,
    'kind' | 'sizeBytes' | 'contentHash' | 'audioHash' | 'isDamaged' | 'format' | 'isLossless' | 'tagsJson'
  >
}

const formats: Record<AudioKind, string> = {
  mp3: 'MP3',
  wav: 'WAV',
  flac: 'FLAC',
  aiff: 'AIFF',
  ogg: 'Ogg',
  m4a: 'M4A',
}
const lossless: readonly AudioKind[] = ['wav', 'flac', 'aiff']

/** Throws notAudio for what is none, ReadingError for what is broken. */
export async function readFile(path: string, fileName: string, signal?: AbortSignal): Promise<ReadFile> {
  const options = signal ? { signal } : {}
  const sniffed = await sniffFile(path, options)
  if (!('kind' in sniffed)) throw isNotAudio(fileName, sniffed)
  const { kind } = sniffed
  const { contentHash, audioHash, sizeBytes, isTruncated } = await hashFile(path, kind, options)
  const { cover, tags } = apart(await readTags(path, kind))
  const guess = { format: formats[kind], isLossless: lossless.includes(kind) }
  return {
    kind,
    cover,
    columns: { kind, sizeBytes, contentHash, audioHash, isDamaged: isTruncated, ...guess, tagsJson: tags },
  }
}

function apart({ cover, warnings: _warnings, ...tags }: ReadTags): {
  cover: ReadCover | null
  tags: FileTags
} {
  return { cover, tags }
}

const endings: Record<ReadCover['mime'], string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
}
export const coverEnding = (mime: ReadCover['mime']): string => endings[mime]
