import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { INDEX_FILE, nullWhenMissing } from './stream-files.ts'
import type { IndexEntry } from './types.ts'

const NEWLINE = 0x0a
/** Bytes of the first line that tell one index from another. */
const BEGINNING = 96

/** Follows a stream's growing index: each refresh reads only what was added, or all of one that was put in its place. Torn last lines wait for their end. */
export class IndexReader {
  readonly entries: IndexEntry[] = []
  /** Up to the end of the last whole line. */
  sizeBytes = 0
  readonly #path: string
  #beginning: Buffer = Buffer.alloc(0)

  constructor(dir: string) {
    this.#path = join(dir, INDEX_FILE)
  }

  /** Returns whether there was something new. */
  async refresh(): Promise<boolean> {
    const file = await open(this.#path, 'r').catch(nullWhenMissing)
    if (file === null) return false
    try {
      return await this.#readMore(file)
    } finally {
      await file.close()
    }
  }

  async #readMore(file: FileHandle): Promise<boolean> {
    const { size } = await file.stat()
    const isRewritten = await this.#isRewritten(file)
    if (isRewritten) {
      this.entries.length = 0
      this.sizeBytes = 0
    }
    if (size <= this.sizeBytes) return isRewritten
    const added = Buffer.allocUnsafe(size - this.sizeBytes)
    const { bytesRead } = await file.read(added, 0, added.length, this.sizeBytes)
    const end = added.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1
    if (end === 0) return isRewritten
    for (const line of added.toString('utf8', 0, end).split('\n')) {
      const entry = parseLine(line)
      if (entry !== null) this.entries.push(entry)
    }
    if (this.sizeBytes === 0) this.#beginning = Buffer.from(added.subarray(0, Math.min(end, BEGINNING)))
    this.sizeBytes += end
    return true
  }

  /** Another file in its place, without the segments that were given up, begins with another segment. */
  async #isRewritten(file: FileHandle): Promise<boolean> {
    if (this.sizeBytes === 0) return false
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, this.#beginning.length, 0)
    return !buffer.subarray(0, bytesRead).equals(this.#beginning)
  }
}

/** Null for a line that a power cut left unreadable. */
function parseLine(line: string): IndexEntry | null {
  if (line === '') return null
  try {
    const entry = JSON.parse(line) as Partial<IndexEntry>
    return typeof entry.seq === 'number' && typeof entry.durationMs === 'number'
      ? (entry as IndexEntry)
      : null
  } catch {
    return null
  }
}
