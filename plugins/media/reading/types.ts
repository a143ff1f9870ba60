import type { FileTags } from '../contract.ts'
/** The formats the library takes. `m4a` is AAC or ALAC in MP4, `ogg` is Vorbis, Opus or FLAC in Ogg. */
export const audioKinds = ['mp3', 'wav', 'flac', 'aiff', 'ogg', 'm4a'] as const
export type AudioKind = (typeof audioKinds)[number]

export type OtherKind =
  | 'video'
  | 'picture'
  | 'archive-zip'
  | 'playlist'
  | 'text'
  | 'midi'
  | 'empty'
  | 'unknown'

/** What a file is by its content. `name` is the format in words (`Matroska`, `PNG`) where it was recognised. */
export type Sniffed = { kind: AudioKind } | { other: OtherKind; name?: string }

export interface HashedFile {
  /** SHA-256 over all bytes, lower-case hex. */
  contentHash: string
  /** SHA-256 over the audio alone, lower-case hex: the same after tags, cover or name were changed. */
  audioHash: string
  sizeBytes: number
  /** The file says it holds more audio than there is: a broken upload, download or export. */
  isTruncated: boolean
}

/** Tasks a tag can name beside the artists. */
export const creditRoles = [
  'composer',
  'lyricist',
  'writer',
  'arranger',
  'remixer',
  'producer',
  'mixer',
  'dj-mixer',
  'engineer',
  'mastering',
  'conductor',
  'performer',
  'featured',
] as const
export type CreditRole = (typeof creditRoles)[number]

export interface ReadCredit {
  name: string
  role: CreditRole
}

export interface ReadCover {
  /** By its content, not by what the tag says. */
  mime: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif'
  bytes: Buffer
}

/** What the tags of a file say, with its cover. */
export interface ReadTags extends FileTags {
  credits: ReadCredit[]
  cover: ReadCover | null
  /** Sentences: what could not be read, was cut or left out. */
  warnings: string[]
}

export interface TagLimits {
  /** A larger picture is left out with a warning. Default 10 MiB. */
  maxPictureBytes?: number
  /** Of all other tags together. Default 4 MiB. */
  maxTagBytes?: number
  /** Default 5 s. */
  timeoutMs?: number
}

/** What a path says about a file without tags. */
export type { PathGuess } from '../contract/facts.ts'

export interface ZipLimits {
  /** Default 500. */
  maxEntries?: number
  /** Unpacked, of all entries together. Default 8 GiB. */
  maxTotalBytes?: number
  /** Unpacked to packed, of entries over 1 MiB. Default 200. */
  maxRatio?: number
}

export interface AlbumZip {
  /** `path` is where the file lies now, `relativePath` its name in the archive with `/` between the folders. */
  files: { path: string; relativePath: string; kind: AudioKind }[]
  /** Where the cover picture lies now. */
  cover: string | null
  /** Entries that call themselves sound and are none. */
  refused: { relativePath: string; sniffed: Extract<Sniffed, { other: OtherKind }> }[]
  /** Entries that were not kept, those too: the name in the archive and a sentence. */
  skipped: { path: string; reason: string }[]
}
