import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Parser, type ReadEntry } from 'tar'
import { VezaError } from '../../server/errors.ts'
import { Manifest, manifestName } from './archive.ts'

const allowedName =
  /^(appliance\.db|config\.yaml|keys\/instance\.key|postgres\/[a-z0-9.-]+|sites\/[a-z0-9-]+\/veza\.db|sites\/[a-z0-9-]+\/storage\/.+|plugins\/.+)$/

interface Seen {
  sizeBytes: number
  sha256: string
}

/** Unpacks an archive into a folder, and throws unless every entry is just what its manifest says. */
export async function readArchive(file: string, folder: string): Promise<Manifest> {
  const seen = new Map<string, Seen>()
  let manifestText: string | null = null
  try {
    await eachEntry(file, async (entry, signal) => {
      const path = checkedName(entry)
      if (path === manifestName) manifestText = await textOf(entry, signal)
      else if (seen.has(path)) throw refused(`it holds ${path} twice`)
      else seen.set(path, await unpack(entry, join(folder, path), signal))
    })
  } catch (cause) {
    if (cause instanceof VezaError || (cause as NodeJS.ErrnoException).code === 'ENOSPC') throw cause
    throw new VezaError(
      `${file} cannot be read as an archive: ${cause instanceof Error ? cause.message : cause}.`,
      'It may be cut off; take another backup.',
      { cause },
    )
  }
  return checkedManifest(manifestText, seen)
}

const refused = (why: string): VezaError =>
  new VezaError(`The archive was refused: ${why}.`, 'Nothing was changed. Take another backup.')

/** One after the other: the parser goes on when an entry's bytes were taken. */
async function eachEntry(
  file: string,
  work: (entry: ReadEntry, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const giveUp = new AbortController()
  const source = createReadStream(file)
  const parser = new Parser({ strict: true, maxDecompressionRatio: Number.POSITIVE_INFINITY })
  let queue: Promise<void> = Promise.resolve()
  const over = new Promise<void>((resolve, reject) => {
    parser.on('entry', (entry) => {
      queue = queue.then(() => work(entry, giveUp.signal))
      queue.catch(reject)
    })
    parser.on('end', resolve)
    parser.on('error', reject)
    source.on('error', reject)
  })
  source.pipe(parser as unknown as NodeJS.WritableStream)
  try {
    await over
    await queue
  } finally {
    source.destroy()
    // An entry that was cut off would be waited for, and written, for ever.
    giveUp.abort()
    await queue.catch(() => {})
  }
}

function checkedName({ path, type }: ReadEntry): string {
  const isPlain = type === 'File' || type === 'OldFile'
  const isInside = path === manifestName || allowedName.test(path)
  if (!isPlain || !isInside || path.split('/').some((part) => part === '..' || part === '.' || part === ''))
    throw refused(`it holds ${path}, which no backup of Veza holds`)
  return path
}

async function unpack(entry: ReadEntry, target: string, signal: AbortSignal): Promise<Seen> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const through = new PassThrough()
  through.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    sizeBytes += chunk.length
  })
  const written = pipeline(through, createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }), {
    signal,
  })
  entry.pipe(through as unknown as NodeJS.WritableStream)
  await written
  return { sizeBytes, sha256: hash.digest('hex') }
}

async function textOf(entry: ReadEntry, signal: AbortSignal): Promise<string> {
  const chunks = await Promise.race([entry.collect(), once(signal, 'abort').then(() => [])])
  return Buffer.concat(chunks as Buffer[]).toString()
}

function checkedManifest(text: string | null, seen: ReadonlyMap<string, Seen>): Manifest {
  if (text === null) throw refused(`it has no ${manifestName}`)
  let manifest: Manifest
  try {
    manifest = Manifest.parse(JSON.parse(text))
  } catch {
    throw refused(`its ${manifestName} is not one of this version`)
  }
  for (const { path, sizeBytes, sha256 } of manifest.entries) {
    const found = seen.get(path)
    if (!found) throw refused(`${path} is missing`)
    if (found.sizeBytes !== sizeBytes || found.sha256 !== sha256)
      throw refused(`${path} was changed or damaged`)
  }
  const known = new Set(manifest.entries.map(({ path }) => path))
  for (const path of seen.keys())
    if (!known.has(path)) throw refused(`it holds ${path}, which is not in its list`)
  return manifest
}
