import { type Entry, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { ZipRefused } from './reading-error.ts'
import type { ZipLimits } from './types.ts'

export interface ZipEntry {
  entry: Entry
  /** In NFC, with `/` between the folders. */
  name: string
}

const mib = 1024 * 1024
const longestName = 1024

export const zipDefaults: Required<ZipLimits> = { maxEntries: 500, maxTotalBytes: 8192 * mib, maxRatio: 200 }

/** The files of an archive by its directory; refuses it before anything is unpacked. */
export async function entriesOf(zip: ZipFile, limits: Required<ZipLimits>): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = []
  const names = new Set<string>()
  let [count, packed, unpacked] = [0, 0, 0]
  for await (const entry of zip.eachEntry()) {
    if (++count > limits.maxEntries) throw new ZipRefused('zip-too-many-entries')
    const name = nameOf(entry)
    refuseUnsafe(entry, name)
    const key = name.replace(/\/$/, '').toLowerCase()
    if (names.has(key)) throw new ZipRefused('zip-duplicate', name)
    names.add(key)
    packed += entry.compressedSize
    unpacked += entry.uncompressedSize
    if (unpacked > limits.maxTotalBytes) throw new ZipRefused('zip-too-large', name)
    if (isBomb(entry.uncompressedSize, entry.compressedSize, limits)) throw new ZipRefused('zip-bomb', name)
    // Entries that share their bytes unpack one small file many times.
    if (packed > zip.fileSize) throw new ZipRefused('zip-bomb', name)
    if (!name.endsWith('/')) entries.push({ entry, name })
  }
  return entries
}

export function isBomb(unpacked: number, packed: number, { maxRatio }: Required<ZipLimits>): boolean {
  return unpacked > mib && unpacked > packed * maxRatio
}

function nameOf(entry: Entry): string {
  try {
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
    return name.normalize('NFC')
  } catch (cause) {
    throw new ZipRefused('zip-broken', null, { cause })
  }
}

const unixOf = (entry: Entry) => (entry.externalFileAttributes >>> 16) & 0o170000
const [unset, regular, directory] = [0, 0o100000, 0o040000]

function refuseUnsafe(entry: Entry, name: string): void {
  const isOutside = /^[/\\]|^[a-z]:/i.test(name) || name.split(/[/\\]/).includes('..')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they have no place in a name.
  if (isOutside || /[\x00-\x1f\x7f]/.test(name) || name.length > longestName || name === '')
    throw new ZipRefused('zip-unsafe-path', name)
  if (entry.isEncrypted()) throw new ZipRefused('zip-encrypted', name)
  if (![unset, regular, directory].includes(unixOf(entry))) throw new ZipRefused('zip-link', name)
  if (!entry.canDecodeFileData()) throw new ZipRefused('zip-method', name)
}
