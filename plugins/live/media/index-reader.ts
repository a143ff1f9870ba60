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
  /** Some lines could not be read, or were there before. */
  hasRefused = false
  readonly #path: string
  #beginning: Buffer = Buffer.alloc(0)
  #inode = 0
  readonly #lastSeq = { video: -1, audio: -1 }

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
    const { size, ino } = await file.stat()
    const isOther = this.sizeBytes > 0 && (ino !== this.#inode || size < this.sizeBytes)
    const isRewritten = isOther || (await this.#isRewritten(file))
    if (isRewritten) this.#forget()
    this.#inode = ino
    if (size <= this.sizeBytes) return isRewritten
    const added = Buffer.allocUnsafe(size - this.sizeBytes)
    const { bytesRead } = await file.read(added, 0, added.length, this.sizeBytes)
    const end = added.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1
    if (end === 0) return isRewritten
    for (const line of added.toString('utf8', 0, end).split('\n'))
      if (line !== '') this.#take(parseLine(line))
    if (this.sizeBytes === 0) this.#beginning = Buffer.from(added.subarray(0, Math.min(end, BEGINNING)))
    this.sizeBytes += end
    return true
  }

  /** Numbers grow in each track: what a power cut left twice counts once. */
  #take(entry: IndexEntry | null): void {
    if (entry === null || entry.seq <= this.#lastSeq[entry.track]) {
      this.hasRefused = true
      return
    }
    this.#lastSeq[entry.track] = entry.seq
    this.entries.push(entry)
  }

  #forget(): void {
    this.entries.length = 0
    this.sizeBytes = 0
    this.hasRefused = false
    Object.assign(this.#lastSeq, { video: -1, audio: -1 })
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
  try {
    const entry = JSON.parse(line) as IndexEntry | null
    const isTrack = entry?.track === 'video' || entry?.track === 'audio'
    return isTrack && typeof entry.seq === 'number' && typeof entry.durationMs === 'number' ? entry : null
  } catch {
    return null
  }
}
