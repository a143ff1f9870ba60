import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Header, Pax } from 'tar'

export interface WrittenEntry {
  path: string
  sizeBytes: number
  sha256: string
}

/** Writes a .tar.gz entry by entry, hashing as it goes: nothing is read twice and nothing is held in memory. */
export interface TarWriter {
  /** Adds a file of the disk, up to `atMost` bytes where it is still being appended to; null where it has vanished. */
  addFile(
    path: string,
    file: string,
    atMost?: { sizeBytes: number; ino: number },
  ): Promise<WrittenEntry | null>
  addText(path: string, text: string): Promise<WrittenEntry>
  close(): Promise<void>
  /** Ends without a whole archive. */
  destroy(): void
}

const block = 512

/** The file must not exist. */
export function createTarWriter(file: string): TarWriter {
  const into = new PassThrough()
  // Media is compressed already: the quickest level does for the databases.
  const done = pipeline(
    into,
    createGzip({ level: 1 }),
    createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }),
  )
  // Looked at by close(); until then a failure shows in write().
  done.catch(() => {})
  const write = async (chunk: Uint8Array) => {
    if (into.destroyed) await done
    if (!into.write(chunk)) await Promise.race([drained(into), done])
  }
  const head = async (path: string, sizeBytes: number) => {
    for (const part of headOf(path, sizeBytes)) await write(part)
  }
  const pad = async (sizeBytes: number) => {
    const over = sizeBytes % block
    if (over > 0) await write(Buffer.alloc(block - over))
  }
  return {
    addFile: async (path, name, atMost) => {
      const handle = await open(name).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
        throw error
      })
      if (!handle) return null
      try {
        const { size, ino } = await handle.stat()
        const sizeBytes = atMost && atMost.ino === ino ? Math.min(size, atMost.sizeBytes) : size
        const hash = createHash('sha256')
        await head(path, sizeBytes)
        let left = sizeBytes
        const chunks = handle.createReadStream({
          start: 0,
          end: Math.max(0, sizeBytes - 1),
          autoClose: false,
        })
        for await (const chunk of sizeBytes === 0 ? [] : chunks) {
          hash.update(chunk as Buffer)
          left -= (chunk as Buffer).length
          await write(chunk as Buffer)
        }
        if (left > 0) throw new Error(`${name} became shorter while it was read.`)
        await pad(sizeBytes)
        return { path, sizeBytes, sha256: hash.digest('hex') }
      } finally {
        await handle.close()
      }
    },
    addText: async (path, text) => {
      const body = Buffer.from(text)
      await head(path, body.length)
      await write(body)
      await pad(body.length)
      return { path, sizeBytes: body.length, sha256: createHash('sha256').update(body).digest('hex') }
    },
    close: async () => {
      into.end(Buffer.alloc(2 * block))
      await done
    },
    destroy: () => {
      into.destroy()
    },
  }
}

/** The entry's header; before it a longer one where its name does not fit (POSIX pax). */
function headOf(path: string, size: number): Buffer[] {
  const header = new Header({ path, size, mode: 0o600, type: 'File', mtime: new Date() })
  const buffer = Buffer.alloc(block)
  const isShort = !header.encode(buffer, 0)
  return isShort ? [buffer] : [new Pax({ path, size }).encode(), buffer]
}

async function drained(stream: PassThrough): Promise<void> {
  await new Promise<void>((resolve) => stream.once('drain', resolve))
}
