import { mkdirSync } from 'node:fs'
import { constants, type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { notFound } from '#contract'
import { problem, type Storage } from '#sdk'
import { asProblem, moveAtomically, writeAtomically } from './atomic-write.ts'
import type { FileFacts, StorageDriver } from './driver.ts'
import { checkFolder, checkKey } from './keys.ts'
import { type MediaSigner, secondsToTomorrowsEnd, signMediaUrl, verifyMediaUrl } from './signed-url.ts'
import { isTemporary, sweepTemporaryFiles } from './temporary-files.ts'

export interface DiskStorageOptions {
  /** Made when missing; nothing else may write files with a `~` in it. */
  dir: string
  signer: MediaSigner
  /** Wall clock in milliseconds. */
  now?: () => number
}

/** Storage in a folder of this machine. Sweeps what a crash left half-written before it resolves. */
export async function createDiskStorage(options: DiskStorageOptions): Promise<StorageDriver> {
  const root = resolve(options.dir)
  const now = options.now ?? Date.now
  await mkdir(root, { recursive: true })
  await sweepTemporaryFiles(root)
  const pathOf = (key: string) => join(root, checkKey(key))
  const elsewhere = new Map<string, (key: string) => Promise<boolean>>()
  const bring = async (key: string) => {
    const [, from] = [...elsewhere].find(([prefix]) => key.startsWith(`${prefix}/`)) ?? []
    return from ? from(key) : false
  }
  const facts = async (key: string) => {
    const found = await factsOf(pathOf(key))
    return found ?? ((await bring(key)) ? factsOf(pathOf(key)) : null)
  }
  const read: Storage['read'] = async (key, range) => {
    const found = await readFrom(pathOf(key), range)
    return found ?? ((await bring(key)) ? readFrom(pathOf(key), range) : null)
  }
  return {
    write: async (key, data) => writeAtomically(pathOf(key), data),
    read,
    facts,
    onMissing: (prefix, bring) => void elsewhere.set(checkFolder(prefix), bring),
    size: async (key) => (await facts(key))?.sizeBytes ?? null,
    remove: async (key) => unlessMissing(rm(pathOf(key)), undefined),
    removeFolder: async (prefix) =>
      unlessMissing(rm(join(root, checkFolder(prefix)), { recursive: true, force: true }), undefined),
    list: (prefix) => listFolder(root, prefix === '' ? '' : checkFolder(prefix)),
    take: async (key, path) => moveAtomically(pathOf(key), path),
    withLocalFile: async (key, work) => {
      if (!(await facts(key))) throw problem(notFound, 'This file is not in the storage.')
      return work(pathOf(key))
    },
    url: (key, seconds) => signMediaUrl(options.signer, key, seconds, now()),
    dayUrl: (key) => signMediaUrl(options.signer, key, secondsToTomorrowsEnd(now()), now()),
    verifyMediaUrl: (rest) => verifyMediaUrl(options.signer, rest, now()),
    localFolder: (prefix) => makeFolder(join(root, checkFolder(prefix))),
  }
}

async function factsOf(path: string): Promise<FileFacts | null> {
  const found = await unlessMissing(stat(path), null)
  if (!found?.isFile()) return null
  const etag = `"${found.size.toString(16)}-${Math.round(found.mtimeMs * 1000).toString(16)}"`
  return { sizeBytes: found.size, etag }
}

async function readFrom(path: string, range?: { start: number; end?: number }): ReturnType<Storage['read']> {
  const file = await unlessMissing(open(path, constants.O_RDONLY | constants.O_NOFOLLOW), null)
  if (!file) return null
  try {
    return await streamOf(file, range)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function streamOf(file: FileHandle, range: { start: number; end?: number } = { start: 0 }) {
  const facts = await file.stat()
  if (!facts.isFile()) {
    await file.close()
    return null
  }
  const end = Math.min(range.end ?? Number.POSITIVE_INFINITY, facts.size - 1)
  const isInside = Number.isSafeInteger(range.start) && range.start >= 0 && range.start <= end
  if (!isInside && (facts.size > 0 || range.start > 0))
    throw new RangeError(`Bytes ${range.start} to ${end} are not in a file of ${facts.size}.`)
  // An empty file has no last byte to name.
  const stream = file.createReadStream(facts.size === 0 ? {} : { start: range.start, end })
  return { stream, sizeBytes: facts.size }
}

async function* listFolder(root: string, folder: string): AsyncIterable<{ key: string; sizeBytes: number }> {
  const entries = await unlessMissing(readdir(join(root, folder), { withFileTypes: true }), [])
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* listFolder(root, key)
    if (!entry.isFile() || isTemporary(entry.name)) continue
    const found = await unlessMissing(stat(join(root, key)), null)
    if (found) yield { key, sizeBytes: found.size }
  }
}

function makeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    return path
  } catch (error) {
    throw asProblem(error)
  }
}

/** A path that is not there, or whose parent is a file, is simply missing. */
async function unlessMissing<T, M>(work: Promise<T>, missing: M): Promise<T | M> {
  try {
    return await work
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return missing
    throw error
  }
}
