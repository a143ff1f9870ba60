import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openPromise, type ZipFile } from 'yauzl'
import type { ReadOptions } from './byte-file.ts'
import { ReadingError, ZipRefused } from './reading-error.ts'
import { sniffFile } from './sniff.ts'
import type { AlbumZip, ZipLimits } from './types.ts'
import { entriesOf, type ZipEntry, zipDefaults } from './zip-entries.ts'
import { unpackEntry } from './zip-unpack.ts'

interface Unpacking {
  zip: ZipFile
  folder: string
  limits: Required<ZipLimits>
  signal: AbortSignal | undefined
  bytesLeft: number
  album: AlbumZip
  /** Everything that was written, to be taken back if it comes to that. */
  written: string[]
  pictures: { path: string; name: string }[]
}

/**
 * Unpacks the audio and one cover picture of an album into `folder`, under names of its own. Throws ZipRefused, or
 * ReadingError `unreadable`, `unwritable` or `aborted`; then nothing of it is left in the folder.
 */
export async function readAlbumZip(
  path: string,
  folder: string,
  limits: ZipLimits = {},
  options: Pick<ReadOptions, 'signal'> = {},
): Promise<AlbumZip> {
  await stat(path).catch((cause: unknown) => {
    throw new ReadingError('unreadable', { cause })
  })
  const zip = await openPromise(path, { decodeStrings: false, autoClose: false }).catch((cause: unknown) => {
    throw new ZipRefused('zip-broken', null, { cause })
  })
  const all = { ...zipDefaults, ...limits }
  const album: AlbumZip = { files: [], cover: null, refused: [], skipped: [] }
  const unpacking = { zip, folder, limits: all, signal: options.signal, bytesLeft: all.maxTotalBytes, album }
  const work: Unpacking = { ...unpacking, written: [], pictures: [] }
  try {
    await unpack(work)
    return album
  } catch (error) {
    for (const one of work.written) await rm(one, { force: true })
    throw error instanceof ReadingError ? error : new ZipRefused('zip-broken', null, { cause: error })
  } finally {
    zip.close()
  }
}

async function unpack(work: Unpacking): Promise<void> {
  const entries = await entriesOf(work.zip, work.limits)
  await mkdir(work.folder, { recursive: true }).catch((cause: unknown) => {
    throw new ReadingError('unwritable', { cause })
  })
  for (const [index, entry] of entries.entries()) await unpackOne(work, entry, index)
  if (work.album.files.length === 0) throw new ZipRefused('zip-no-audio')
  await keepCover(work)
}

const sounds = /\.(?:wav|wave|w64|rf64|flac|aiff?|aifc|mp3|m4a|mp4|aac|alac|ogg|oga|opus|wma|wv|ape)$/i
const ownFiles = /^__MACOSX\/|(?:^|\/)(?:\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$/i

async function unpackOne(work: Unpacking, { entry, name }: ZipEntry, index: number): Promise<void> {
  const skip = (reason: string) => void work.album.skipped.push({ path: name, reason })
  if (ownFiles.test(name)) return skip('The file belongs to the operating system it was packed on.')
  const path = join(work.folder, `entry-${String(index + 1).padStart(4, '0')}`)
  work.written.push(path)
  work.bytesLeft -= await unpackEntry(work.zip, { entry, name }, path, work)
  const sniffed = await sniffFile(path, { signal: work.signal })
  if ('kind' in sniffed) return void work.album.files.push({ path, relativePath: name, kind: sniffed.kind })
  if (sniffed.other === 'archive-zip') throw new ZipRefused('zip-nested', name)
  if (sniffed.other === 'picture' && ['JPEG', 'PNG', 'WebP', 'GIF'].includes(sniffed.name ?? ''))
    return void work.pictures.push({ path, name })
  await rm(path, { force: true })
  if (sounds.test(name)) work.album.refused.push({ relativePath: name, sniffed })
  const nature = sniffed.other === 'empty' ? 'empty' : (sniffed.name ?? sniffed.other)
  skip(
    sniffed.other === 'empty'
      ? 'The file is empty.'
      : `The file is no audio of a format taken here (${nature}).`,
  )
}

/** Of all pictures the one whose name says it; the others go. */
async function keepCover(work: Unpacking): Promise<void> {
  const rank = ({ name }: { name: string }) => {
    const file = name.split('/').at(-1)!
    if (/^(?:cover|folder|front|album ?art)\b/i.test(file)) return 0
    if (/cover|front/i.test(file)) return 1
    return /back|inlay|disc|label|booklet/i.test(file) ? 3 : 2
  }
  const [cover, ...others] = work.pictures.toSorted((one, other) => rank(one) - rank(other))
  work.album.cover = cover?.path ?? null
  for (const { path, name } of others) {
    await rm(path, { force: true })
    work.album.skipped.push({ path: name, reason: 'Another picture was taken for the cover.' })
  }
}
