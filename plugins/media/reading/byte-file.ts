import { type FileHandle, open } from 'node:fs/promises'
import { ReadingError } from './reading-error.ts'

/** Bytes by position; an answer is shorter where the file ends. */
export interface ByteFile {
  readonly size: number
  read(at: number, length: number): Promise<Buffer>
  /** Into a buffer of the caller, past the window; resolves with the number of bytes. */
  readInto(target: Buffer, at: number): Promise<number>
}

export interface ReadOptions {
  signal?: AbortSignal | undefined
  /** Milliseconds since the epoch after which reading stops as aborted. */
  deadline?: number
}

/** Headers lie close together: one read serves many of them. */
const windowLength = 16 * 1024

/** Opens the file for `work` and closes it whatever happens. Failures of the disk come as `unreadable`. */
export async function withFile<T>(
  path: string,
  options: ReadOptions,
  work: (file: ByteFile) => Promise<T>,
): Promise<T> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new ReadingError('unreadable', { cause })
  })
  try {
    const { size } = await handle.stat()
    return await work(bytesOf(handle, size, options))
  } finally {
    await handle.close().catch(() => {})
  }
}

function bytesOf(handle: FileHandle, size: number, options: ReadOptions): ByteFile {
  let window = Buffer.alloc(0)
  let windowAt = 0
  const readInto = async (target: Buffer, at: number) => {
    if (options.signal?.aborted || Date.now() > (options.deadline ?? Infinity))
      throw new ReadingError('aborted')
    return fill(handle, target, at)
  }
  return {
    size,
    readInto,
    async read(at, length) {
      const end = Math.min(size, at + length)
      if (end <= at) return Buffer.alloc(0)
      if (at >= windowAt && end <= windowAt + window.length)
        return window.subarray(at - windowAt, end - windowAt)
      const target = Buffer.allocUnsafe(Math.min(size - at, Math.max(end - at, windowLength)))
      const filled = target.subarray(0, await readInto(target, at))
      if (end - at <= windowLength) [window, windowAt] = [filled, at]
      return filled.subarray(0, end - at)
    },
  }
}

async function fill(handle: FileHandle, target: Buffer, at: number): Promise<number> {
  let filled = 0
  try {
    while (filled < target.length) {
      const { bytesRead } = await handle.read(target, filled, target.length - filled, at + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
  } catch (cause) {
    throw new ReadingError('unreadable', { cause })
  }
  return filled
}
