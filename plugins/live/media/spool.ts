import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from './durable.ts'
import { encodeFrame, FrameReader } from './feed-frame.ts'
import { lostPower } from './lost-power.ts'
import { type KeptHead, type Left, layOpen } from './open-segments.ts'
import { nullWhenMissing } from './stream-files.ts'
import type { SyncedFirst } from './syncer.ts'
import { hasHole } from './whole-media.ts'

/** A part with its place. */
export interface OpenPart {
  /** The stream's folder. */
  dir: string
  /** Counted in the segment from 0. */
  part: number
  kept: KeptHead
}
type Place = Pick<KeptHead['head'], 'track' | 'seq'>
interface SpoolFile {
  path: string
  handle: FileHandle
  sizeBytes: number
  /** Segments with parts in it that are not stored otherwise yet. */
  open: Set<string>
  /** Something in it is not on the disk itself yet. */
  isDirty: boolean
}

/** Parts of all streams that come within this time are written in one go. */
const GATHER_MS = 40
/** A file that is larger is followed by a new one, and goes when its last segment is stored. */
const LARGE_BYTES = 16 * 1024 * 1024
/** A disk this far behind is no help after a crash. */
const MAX_PENDING_BYTES = 32 * 1024 * 1024
const NAME = /^(\d{1,15})\.spool$/

const keyOf = (dir: string, { track, seq }: Place) => `${track}${seq} ${dir}`

/**
 * The parts of segments that are still open, of all streams one behind the other: what a crash loses of a recording is
 * no more than a part, for the price of a few writes a second, however many streams there are.
 */
export class Spool implements SyncedFirst {
  onWritten: () => void = () => {}
  readonly #dir: string
  #files: SpoolFile[] = []
  #names = Date.now()
  #pending: { at: OpenPart; body: Buffer }[] = []
  #pendingBytes = 0
  #timer: NodeJS.Timeout | undefined
  #queue: Promise<void> = Promise.resolve()
  readonly #finished = new Set<string>()

  private constructor(dir: string) {
    this.#dir = dir
  }

  /** In a folder of its own, which holds nothing that is still to be recovered. */
  static async open(dir: string): Promise<Spool> {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    return new Spool(dir)
  }

  add(at: OpenPart, body: Buffer): void {
    if (this.#pendingBytes + body.length > MAX_PENDING_BYTES) return
    this.#pending.push({ at, body })
    this.#pendingBytes += body.length
    this.#timer ??= setTimeout(() => void this.settle(), GATHER_MS)
  }

  /** The segment is stored, or never will be: its parts need not be kept. */
  finish(dir: string, place: Place): void {
    const key = keyOf(dir, place)
    if (this.#pending.some(({ at }) => keyOf(at.dir, at.kept.head) === key)) this.#finished.add(key)
    this.#queue = this.#queue.then(() => this.#forget(key))
  }

  /** Resolves when everything that was added is written, or was lost to a full disk. */
  settle(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#queue = this.#queue.then(() => this.#write())
    return this.#queue
  }

  /** Resolves when what was written is on the disk itself: from then on a power cut does not take it. */
  sync(): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      const dirty = this.#files.filter((file) => file.isDirty)
      for (const file of dirty) {
        file.isDirty = false
        await file.handle.datasync().catch(() => {})
      }
      if (dirty.length > 0) await syncFolder(this.#dir).catch(() => {})
    })
    return this.#queue
  }

  /** Everything was stored: leaves nothing. */
  async close(): Promise<void> {
    await this.settle()
    for (const file of this.#files.splice(0)) await drop(file)
  }

  async #write(): Promise<void> {
    const parts = this.#pending.filter(({ at }) => !this.#finished.has(keyOf(at.dir, at.kept.head)))
    this.#pending = []
    this.#pendingBytes = 0
    this.#finished.clear()
    if (parts.length === 0) return
    const file = await this.#current().catch(() => null)
    if (file === null) return
    for (const { at } of parts) file.open.add(keyOf(at.dir, at.kept.head))
    const pieces = parts.flatMap(({ at, body }) => {
      const frame = encodeFrame(at, body)
      return [frame.head, body]
    })
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
    const written = await file.handle.writev(pieces).then(
      ({ bytesWritten }) => bytesWritten,
      () => 0,
    )
    file.isDirty = true
    this.onWritten()
    // Nothing can be found behind what a full disk cut short.
    file.sizeBytes += written === size ? size : LARGE_BYTES
  }

  async #current(): Promise<SpoolFile> {
    const newest = this.#files.at(-1)
    if (newest !== undefined && newest.sizeBytes < LARGE_BYTES) return newest
    const path = join(this.#dir, `${this.#names++}.spool`)
    const file = {
      path,
      handle: await open(path, 'wx', 0o600),
      sizeBytes: 0,
      open: new Set<string>(),
      isDirty: false,
    }
    this.#files.push(file)
    await this.#dropSpent()
    return file
  }

  async #forget(key: string): Promise<void> {
    for (const file of this.#files) file.open.delete(key)
    await this.#dropSpent()
  }

  async #dropSpent(): Promise<void> {
    const newest = this.#files.at(-1)
    const spent = this.#files.filter((file) => file !== newest && file.open.size === 0)
    if (spent.length === 0) return
    this.#files = this.#files.filter((file) => !spent.includes(file))
    for (const file of spent) await drop(file)
  }
}

async function drop({ handle, path }: SpoolFile): Promise<void> {
  await handle.close()
  await rm(path, { force: true })
}

/** Lays what a dead process left into the folders of its streams, and empties the spool. To be called while none runs. */
export async function recoverSpool(dir: string): Promise<void> {
  const names = ((await readdir(dir).catch(nullWhenMissing)) ?? []).filter((name) => NAME.test(name))
  const paths = names
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => join(dir, name))
  const left = new Map<string, { dir: string; kept: KeptHead; parts: Buffer[] }>()
  for (const path of paths) await readParts(path, left)
  const byFolder = Map.groupBy(left.values(), (one) => one.dir)
  for (const [folder, segments] of byFolder) {
    const inOrder: Left[] = segments.sort((a, b) => a.kept.head.seq - b.kept.head.seq)
    // A folder that was deleted meanwhile needs nothing.
    await layOpen(folder, inOrder).catch(nullWhenMissing)
  }
  for (const path of paths) await rm(path, { force: true })
}

/** The parts of each segment up to the first that is missing. */
async function readParts(
  path: string,
  left: Map<string, { dir: string; kept: KeptHead; parts: Buffer[] }>,
): Promise<void> {
  const mayLack = await lostPower(path)
  const reader = new FrameReader<OpenPart>(({ dir, part, kept }, body) => {
    if (mayLack && hasHole(body)) throw new RangeError('not all of it came to the disk')
    const key = keyOf(dir, kept.head)
    const known = left.get(key)
    if (part === 0) left.set(key, { dir, kept, parts: [body] })
    else if (known?.parts.length === part) known.parts.push(body)
  })
  const bytes = await readFile(path)
  try {
    reader.push(bytes)
  } catch {
    // Torn: what comes behind it cannot be found.
  }
}
