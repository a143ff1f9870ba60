import type { SongTitle } from '../contract.ts'
import { settledWithin } from '../media/timing.ts'

const askAgainMs = 5_000
/** A database that does not answer holds up no playlist for longer. */
const waitMs = 1_000
const rememberedStreams = 500
const none: readonly SongTitle[] = []

interface Known {
  titles: readonly SongTitle[]
  askedAt: number
  /** Over when the last answer is there, or is late. */
  asking: Promise<unknown>
}

/**
 * The songs of streams for playlists that are made from the disk: asked for every few seconds at most, and what was
 * found last serves while the database is away. The same list as before is the same array.
 */
export class TitleBook {
  readonly #find: (streamId: string) => Promise<SongTitle[]>
  readonly #known = new Map<string, Known>()

  constructor(find: (streamId: string) => Promise<SongTitle[]>) {
    this.#find = find
  }

  async of(streamId: string): Promise<readonly SongTitle[]> {
    const known = this.#known.get(streamId)
    const now = Date.now()
    const asked = known ?? { titles: none, askedAt: 0, asking: Promise.resolve() }
    if (now - asked.askedAt >= askAgainMs) {
      asked.askedAt = now
      asked.asking = settledWithin(this.#ask(streamId, asked), waitMs)
      if (!known && this.#known.size >= rememberedStreams) this.#known.clear()
      this.#known.set(streamId, asked)
    }
    await asked.asking
    return asked.titles
  }

  async #ask(streamId: string, known: Known): Promise<void> {
    const found = await this.#find(streamId).catch(() => known.titles)
    const isSame = found.length === known.titles.length && found.at(-1)?.title === known.titles.at(-1)?.title
    if (!isSame) known.titles = found
  }
}
