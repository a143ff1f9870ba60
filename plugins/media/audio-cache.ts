import type { Db } from '#sdk'
import { assetFolder, findPlayed } from './assets.ts'

/** What an asset's addresses lead to; `files` is empty for one that does not play. */
export interface Played {
  epoch: number
  /** Name in the address -> where it lies. */
  files: ReadonlyMap<string, { key: string; sizeBytes: number }>
}

interface Known {
  played: Played
  checkedAt: number
}

/**
 * What plays, remembered for some seconds, so that no query is made for each range of each listener. One request asks
 * again; what is known serves the others meanwhile, and all of them while the database is away.
 */
export class AudioCache {
  readonly #db: Db
  readonly #now: () => number
  readonly #known = new Map<string, Known>()
  readonly #asking = new Map<string, Promise<Played>>()
  static readonly lifeMs = 8_000
  static readonly most = 5_000

  constructor(db: Db, now: () => number = Date.now) {
    this.#db = db
    this.#now = now
  }

  find(assetId: string): Played | Promise<Played> {
    const known = this.#known.get(assetId)
    if (!known) return this.#ask(assetId)
    if (this.#now() - known.checkedAt < AudioCache.lifeMs) return known.played
    known.checkedAt = this.#now()
    return this.#ask(assetId).catch(() => known.played)
  }

  forget(assetId: string): void {
    this.#known.delete(assetId)
    this.#asking.delete(assetId)
  }

  #ask(assetId: string): Promise<Played> {
    const running = this.#asking.get(assetId)
    if (running) return running
    const asking = this.#look(assetId).finally(() => {
      if (this.#asking.get(assetId) === asking) this.#asking.delete(assetId)
    })
    this.#asking.set(assetId, asking)
    return asking
  }

  async #look(assetId: string): Promise<Played> {
    const checkedAt = this.#now()
    const row = await findPlayed(this.#db, assetId)
    const played = row?.state === 'ready' && row.folder ? filesOf(assetId, row) : nothingOf(row)
    if (this.#known.size >= AudioCache.most) this.#known.clear()
    this.#known.set(assetId, { played, checkedAt })
    return played
  }
}

const nothingOf = (row: { epoch: number } | null): Played => ({ epoch: row?.epoch ?? 0, files: new Map() })

function filesOf(
  assetId: string,
  row: { epoch: number; folder: string | null; filesJson: [string, number][] | null },
): Played {
  const place = `${assetFolder(assetId)}/${row.folder}`
  const files = (row.filesJson ?? []).map(
    ([file, sizeBytes]) => [file, { key: `${place}/${file}`, sizeBytes }] as const,
  )
  return { epoch: row.epoch, files: new Map(files) }
}
