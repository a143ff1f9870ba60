import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { storageFull } from '#contract'
import { problem } from '#sdk'
import { temporaryName } from './temporary-files.ts'

/**
 * Writes a file that is there whole or not at all, also after a power cut. On a full disk it throws `storage-full`
 * and leaves nothing behind.
 */
export async function writeAtomically(path: string, data: Buffer | Readable): Promise<{ sizeBytes: number }> {
  const folder = dirname(path)
  const temporary = join(folder, temporaryName())
  let made: string | undefined
  try {
    const opened = await openIn(folder, temporary)
    made = opened.made
    const sizeBytes = await fill(opened.file, data)
    await rename(temporary, path)
    await syncFolders(folder, made)
    return { sizeBytes }
  } catch (error) {
    if (!Buffer.isBuffer(data)) data.destroy()
    await rm(temporary, { force: true })
    if (made) await removeEmpty(folder, dirname(made))
    throw asProblem(error)
  }
}

/** Moves a file of this machine to where it belongs; a folder on another disk costs a copy. */
export async function moveAtomically(path: string, from: string): Promise<{ sizeBytes: number }> {
  try {
    const { size } = await stat(from)
    const file = await open(from, 'r+')
    await file.sync().finally(() => file.close())
    const made = await mkdir(dirname(path), { recursive: true })
    await rename(from, path)
    await syncFolders(dirname(path), made)
    return { sizeBytes: size }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw asProblem(error)
    const written = await writeAtomically(path, createReadStream(from))
    await rm(from, { force: true })
    return written
  }
}

/** A full disk or quota becomes the problem with its remedy; everything else stays as it is. */
export function asProblem(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return code === 'ENOSPC' || code === 'EDQUOT' ? problem(storageFull) : error
}

async function openIn(folder: string, path: string): Promise<{ file: FileHandle; made: string | undefined }> {
  for (let attempt = 1; ; attempt += 1) {
    const made = await mkdir(folder, { recursive: true })
    try {
      return { file: await open(path, 'wx', 0o640), made }
    } catch (error) {
      // Another writer that failed may have removed the empty folder in between.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && attempt < 5) continue
      if (made) await removeEmpty(folder, dirname(made))
      throw error
    }
  }
}

async function fill(file: FileHandle, data: Buffer | Readable): Promise<number> {
  let sizeBytes = 0
  try {
    for await (const chunk of Buffer.isBuffer(data) ? [data] : data) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk)
      await file.writeFile(bytes)
      sizeBytes += bytes.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return sizeBytes
}

/** Makes a rename last, and the folders that were made for it. */
async function syncFolders(folder: string, made: string | undefined): Promise<void> {
  const upTo = made === undefined ? folder : dirname(made)
  for (let current = folder; current.length >= upTo.length; current = dirname(current)) {
    await syncFolder(current)
    if (current === upTo) return
  }
}

/** Names in a folder are content of its own. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function removeEmpty(folder: string, upTo: string): Promise<void> {
  for (let current = folder; current.length > upTo.length; current = dirname(current)) {
    const isGone = await rmdir(current).then(
      () => true,
      () => false,
    )
    if (!isGone) return
  }
}
