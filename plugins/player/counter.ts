import type { CatalogApi } from '#plugins/catalog'
import type { Db, Log } from '#sdk'
import { insertPlays, type Play } from './plays.ts'

const everyMs = 250
const atOnce = 400

interface Waiting {
  play: Play
  done(): void
  failed(error: unknown): void
}

/**
 * Plays come together: they are written four times a second at most, all in one transaction with the counts of the catalogue.
 * Whoever told one is answered after that, so nothing that was acknowledged can be lost.
 */
export class PlayCounter {
  readonly #db: Db
  readonly #catalog: CatalogApi
  readonly #log: Log
  #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #flushedAt = -everyMs

  constructor(db: Db, catalog: CatalogApi, log: Log) {
    this.#db = db
    this.#catalog = catalog
    this.#log = log
  }

  /** Resolves when the play is written, or was there already. */
  count(play: Play): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ play, done, failed })
      const waitMs = Math.max(0, this.#flushedAt + everyMs - performance.now())
      this.#timer ??= setTimeout(() => void this.flush(), waitMs)
    })
  }

  /** Writes what is there at once; also before the end. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#flushedAt = performance.now()
    const batch = this.#waiting
    this.#waiting = []
    this.#writing = this.#writing.then(() => this.#write(batch))
    return this.#writing
  }

  async #write(batch: Waiting[]): Promise<void> {
    for (let at = 0; at < batch.length; at += atOnce) {
      const part = batch.slice(at, at + atOnce)
      // The same start twice in one second is one play, too.
      const plays = [...new Map(part.map(({ play }) => [play.startId, play])).values()]
      try {
        await this.#db.tx(async (db) => {
          const fresh = await insertPlays(db, plays)
          if (fresh.length > 0) await this.#catalog.countPlays(db, fresh.map(counted))
        })
        for (const { done } of part) done()
      } catch (error) {
        this.#log.error({ error, plays: plays.length }, 'plays could not be written')
        for (const { failed } of part) failed(error)
      }
    }
  }
}

const counted = ({ trackId, accountId, playedAt }: Play) => ({ trackId, accountId, at: playedAt })
