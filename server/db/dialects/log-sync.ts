import { open } from 'node:fs/promises'

/**
 * Brings commits to the disk itself. SQLite would do so in each commit, on the thread that serves everybody; here a
 * thread of the pool does it, once for all commits that wait.
 */
export class LogSync {
  readonly #sync: () => Promise<void>
  #isDirty = false
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null

  constructor(sync: () => Promise<void>) {
    this.#sync = sync
  }

  /** Something was committed. */
  mark(): void {
    this.#isDirty = true
  }

  /** Resolves when all that was committed so far is on the disk. */
  settled(): Promise<void> {
    if (this.#isDirty) this.#next ??= this.#after(this.#running)
    return this.#next ?? this.#running
  }

  async #after(running: Promise<void>): Promise<void> {
    await running.catch(() => {})
    this.#next = null
    this.#isDirty = false
    this.#running = this.#sync().catch((error: unknown) => {
      // Still to be done: whoever comes next tries again.
      this.#isDirty = true
      throw error
    })
    return this.#running
  }
}

/** Of the write-ahead log beside a database; SQLite holds no lock on that file, which closing it here would drop. */
export async function syncLog(location: string): Promise<void> {
  const log = await open(`${location}-wal`, 'r+').catch((error: NodeJS.ErrnoException) => {
    // Nothing is in it any more, or there is none, as in memory.
    if (error.code === 'ENOENT') return null
    throw error
  })
  try {
    await log?.datasync()
  } finally {
    await log?.close()
  }
}
