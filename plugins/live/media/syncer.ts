import { close, fdatasync } from 'node:fs'

/** What belongs to written files: synced once behind all of them. */
export interface Synced {
  sync(): Promise<void>
}

/** What is synced before everything else, and says when there is something. */
export interface SyncedFirst extends Synced {
  onWritten: () => void
}

interface Written {
  owner: Synced
  file: number
  done: () => void
}

/** So much of a recording a power cut may take, and the time that the disk needs. */
const everyMs = 1_000
/** The rest of the threads are for writing. */
const atOnce = 2
/** A disk this far behind is left to the pace of the system. */
const mostWaiting = 1_000

/**
 * Brings what all streams of the process wrote to the disk itself, once a second and beside everything else: nobody
 * waits for it who watches. What a recording's index names was synced before the index is.
 */
export class Syncer {
  readonly #everyMs: number
  readonly #first: SyncedFirst | null
  #written: Written[] = []
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()

  /** `first` is synced before each round. */
  constructor(first: SyncedFirst | null = null, waitMs = everyMs) {
    this.#first = first
    this.#everyMs = waitMs
    if (first !== null) first.onWritten = () => this.#look()
  }

  /** Takes over an open file. `done` is called when it is on the disk, with its owner. */
  wrote(owner: Synced, file: number, done: () => void = () => {}): void {
    this.#written.push({ owner, file, done })
    this.#look()
  }

  #look(): void {
    this.#timer ??= setTimeout(() => void this.settle(), this.#everyMs).unref()
  }

  /** Resolves when all that was written so far is on the disk, or was lost to it. */
  settle(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#running = this.#running.then(() => this.#round())
    return this.#running
  }

  async #round(): Promise<void> {
    const written = this.#written
    this.#written = []
    await this.#first?.sync().catch(() => {})
    const left = written.slice(0, Math.max(0, written.length - mostWaiting))
    const next = written.slice(left.length)
    const work = async () => {
      for (let one = next.shift(); one; one = next.shift()) await synced(one.file)
    }
    const owners = new Set(written.map(({ owner }) => owner))
    for (const { file } of left) close(file, () => {})
    await Promise.all(Array.from({ length: atOnce }, work))
    for (const owner of owners) await owner.sync().catch(() => {})
    // Also what the disk refused to sync: recovery finds out what became of it.
    for (const { done } of written) done()
  }
}

/** Closes it as well. */
function synced(file: number): Promise<void> {
  return new Promise((resolve) => {
    fdatasync(file, () => close(file, () => resolve()))
  })
}
