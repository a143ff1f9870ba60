import { type Db, isoTime, type Log, newId } from '#sdk'
import type { Viewers } from '../viewers.ts'
import { type Member, packMembers, unpackMembers } from './members.ts'
import * as store from './watching.ts'

/** How often it is told and heard while there are others, or somebody watches here. */
const busyMs = 2_000
/** Alone and without viewers it is only looked whether that is still so. */
const idleMs = 14_000
/** A process whose beat stood still so long is gone, and who watched there is counted no more. */
const deadMs = 12_000
const staleMs = 600_000
/** Who came back after a restart within this is no new viewer. */
const rememberedMs = 180_000

interface Other {
  beat: number
  changedAtMs: number
}

interface ShareParts {
  db: Db
  log: Log
  viewers: Viewers
  now?: () => number
}

/**
 * Lets the processes of a site know who watches where, through the database, so that each shows the same number and
 * counts each viewer once. Alone, it writes nothing: memory is exact then. Clocks of machines are not compared: a
 * process lives while its beat goes on.
 */
export class WatchShare {
  readonly processId = newId()
  readonly #parts: ShareParts
  readonly #now: () => number
  readonly #others = new Map<string, Other>()
  /** What other processes said, by process and stream. */
  readonly #heard = new Map<string, { version: number; members: Member[] }>()
  readonly #said = new Map<string, { version: number; text: string }>()
  #remembered = new Map<string, number>()
  #beat = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  #isStopped = false

  constructor(parts: ShareParts) {
    this.#parts = parts
    this.#now = parts.now ?? Date.now
  }

  /** Registers this process and hears the others. */
  async start(): Promise<void> {
    const { db } = this.#parts
    const since = isoTime(new Date(this.#now() - rememberedMs))
    for (const { streamId, members } of await store.listRecentWatching(db, since))
      for (const { key, sinceS } of unpackMembers(members)) this.#remembered.set(`${streamId}/${key}`, sinceS)
    await store.saveProcess(db, this.processId, ++this.#beat)
    await this.beat()
    this.#plan()
  }

  /** Whether this process is the one of all that keeps the figures. */
  get isFirst(): boolean {
    return [...this.#living()].every((id) => id > this.processId)
  }

  rememberedSince(streamId: string, key: string): number | undefined {
    return this.#remembered.get(`${streamId}/${key}`)
  }

  /** One round; also called by tests. */
  async beat(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = null
    })
    await this.#running
  }

  /** Writes down who watches here, so that a restart knows them again; nothing where it was written already. */
  async save(): Promise<void> {
    const { db, viewers } = this.#parts
    const own = viewers.ownStreamIds
    for (const streamId of own) {
      const members = viewers.own(streamId)
      const said = this.#said.get(streamId)
      const text = packMembers(members, members.length)
      if (said?.text === text) continue
      const version = (said?.version ?? 0) + 1
      await store.saveWatching(db, { processId: this.processId, streamId, version, members: text })
      this.#said.set(streamId, { version, text })
    }
    for (const streamId of this.#said.keys()) {
      if (own.includes(streamId)) continue
      await store.removeWatching(db, { processId: this.processId, streamId })
      this.#said.delete(streamId)
    }
  }

  /** The others need not wait for its silence. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running?.catch(() => undefined)
    await this.save()
    await store.removeProcess(this.#parts.db, this.processId)
  }

  #living(): string[] {
    return [...this.#others]
      .filter(([, { changedAtMs }]) => this.#now() - changedAtMs < deadMs)
      .map(([id]) => id)
  }

  #plan(): void {
    if (this.#isStopped) return
    const isBusy = this.#living().length > 0 || this.#parts.viewers.total > 0
    this.#timer = setTimeout(
      () => {
        this.beat()
          .catch((error: unknown) => {
            this.#parts.log.warn({ err: error }, 'viewers of other processes could not be counted')
          })
          .finally(() => this.#plan())
      },
      isBusy ? busyMs : idleMs,
    ).unref()
  }

  async #round(): Promise<void> {
    const { db } = this.#parts
    const rows = await store.listProcesses(db)
    this.#look(rows)
    const living = this.#living()
    if (this.#now() > this.#startedAtMs + rememberedMs) this.#remembered = new Map()
    const isListed = rows.some(({ id }) => id === this.processId)
    if (living.length > 0 || !isListed) await store.saveProcess(db, this.processId, ++this.#beat)
    if (living.length > 0) await this.save()
    await this.#hear(living)
    const before = isoTime(new Date(this.#now() - staleMs))
    if (rows.some(({ id, seenAt }) => id !== this.processId && seenAt < before && !living.includes(id)))
      await store.removeStale(db, before)
  }

  readonly #startedAtMs = Date.now()

  #look(rows: readonly store.ProcessRow[]): void {
    for (const { id, beat } of rows) {
      const known = this.#others.get(id)
      if (id === this.processId || known?.beat === beat) continue
      this.#others.set(id, { beat, changedAtMs: this.#now() })
    }
    for (const id of this.#others.keys()) if (!rows.some((row) => row.id === id)) this.#others.delete(id)
  }

  async #hear(living: readonly string[]): Promise<void> {
    const heads = living.length > 0 ? await store.listWatchingHeads(this.#parts.db, living) : []
    const placeOf = (row: Pick<store.WatchingRow, 'processId' | 'streamId'>) =>
      `${row.processId}/${row.streamId}`
    const changed = heads.filter((head) => this.#heard.get(placeOf(head))?.version !== head.version)
    for (const row of await store.listWatching(this.#parts.db, changed))
      this.#heard.set(placeOf(row), { version: row.version, members: unpackMembers(row.members) })
    const present = new Set(heads.map(placeOf))
    for (const place of this.#heard.keys()) if (!present.has(place)) this.#heard.delete(place)
    this.#tell()
  }

  #toldOf = new Set<string>()

  #tell(): void {
    const byStream = new Map<string, Member[]>()
    for (const [place, { members }] of this.#heard) {
      const streamId = place.split('/')[1] ?? ''
      byStream.set(streamId, [...(byStream.get(streamId) ?? []), ...members])
    }
    for (const streamId of this.#toldOf) if (!byStream.has(streamId)) byStream.set(streamId, [])
    this.#toldOf = new Set(byStream.keys())
    for (const [streamId, members] of byStream) {
      this.#parts.viewers.setOthers(streamId, members)
      if (members.length === 0) this.#toldOf.delete(streamId)
    }
  }
}
