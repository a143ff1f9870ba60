import { close, fdatasync, fsync, open, writev } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

// Many small files a second: the calls behind promises cost less than file handles do.
const opened = promisify(open)
const closed = promisify(close)
const datasynced = promisify(fdatasync)
const synced = promisify(fsync)
const writtenv = promisify(writev)

/** Waits until the content of a file is on the disk itself, where no power cut takes it. */
export async function syncFile(path: string): Promise<void> {
  const file = await opened(path, 'r+')
  try {
    await datasynced(file)
  } finally {
    await closed(file)
  }
}

/** For a syncer, which closes it. */
export const openToSync = (path: string): Promise<number> => opened(path, 'r+')

/** Waits until the names in a folder are on the disk itself. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await opened(dir, 'r')
  try {
    await synced(folder)
  } finally {
    await closed(folder)
  }
}

/** Puts a file in the place of the one before; after a power cut it is one of the two, whole. */
export async function writeDurably(dir: string, name: string, body: Buffer | string): Promise<void> {
  const temporary = join(dir, `.${name}.tmp`)
  const file = await opened(temporary, 'w')
  try {
    await writeAll(file, Buffer.from(body))
    await datasynced(file)
  } finally {
    await closed(file)
  }
  await rename(temporary, join(dir, name))
  await syncFolder(dir)
}

/** A disk that is nearly full takes less at a time; the next try tells the error. */
export async function writeAll(file: number, body: Buffer): Promise<void> {
  for (let rest = body; rest.length > 0; ) rest = rest.subarray((await writtenv(file, [rest])).bytesWritten)
}
