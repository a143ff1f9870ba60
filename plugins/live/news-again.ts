import type { StreamNews } from './ingest-link.ts'

const againMs = 2_000

/** News that could not be dealt with, as while the database is away, is heard again until newer comes of its stream. */
export class NewsAgain {
  readonly #newest = new Map<string, StreamNews>()
  readonly #hear: (news: StreamNews) => void

  constructor(hear: (news: StreamNews) => void) {
    this.#hear = hear
  }

  /** The work to be done for it; rejects as `work` does. */
  dealt(news: StreamNews, work: () => Promise<void>): () => Promise<void> {
    this.#newest.set(news.streamId, news)
    const isNewest = () => this.#newest.get(news.streamId) === news
    return async () => {
      try {
        await work()
        if (isNewest()) this.#newest.delete(news.streamId)
      } catch (error) {
        setTimeout(() => {
          if (isNewest()) this.#hear(news)
        }, againMs).unref()
        throw error
      }
    }
  }
}
