import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { INDEX_FILE, nullWhenMissing } from './stream-files.ts'
import type { IndexEntry } from './types.ts'

const NEWLINE = 0x0a

/** Follows a stream's growing index: each refresh reads only what was added. Torn last lines wait for their end. */
export class IndexReader {
  readonly entries: IndexEntry[] = []
  /** Up to the end of the last whole line. */
  sizeBytes = 0
  readonly #path: string

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
    if (size <= this.sizeBytes) return false
    const added = Buffer.allocUnsafe(size - this.sizeBytes)
    const { bytesRead } = await file.read(added, 0, added.length, this.sizeBytes)
    const end = added.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1
    if (end === 0) return false
    for (const line of added.toString('utf8', 0, end).split('\n')) {
      const entry = parseLine(line)
      if (entry !== null) this.entries.push(entry)
    }
    this.sizeBytes += end
    return true
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
