import { createHash, randomBytes } from 'node:crypto'
import type { IndexEntry } from '../media/types.ts'
import type { Asking } from '../viewers.ts'
import { Crowd } from './crowd.ts'
import { kindOf } from './devices.ts'
import { addressOf } from './peer-address.ts'
import { addKind, type KindCounts, noKinds } from './show-figures.ts'

export const bucketMs = 10_000
const mostViewers = 20_000
/** Who asked for nothing that long has stopped; who comes back later watches again. */
const forgottenMs = 1_800_000

interface Watcher {
  seenMs: number
  /** Numbers of segments that are not counted yet. */
  fresh: Set<number>
  buckets: Set<number>
  /** Where it is counted. */
  network: string
}

/** What one process knows of a recording's audience. */
export interface ReplayCount {
  people: number
  buckets: number[]
  kinds: KindCounts
}

/**
 * Which parts of a recording are watched, from the segments that are fetched: each viewer counts once a bucket. A viewer
 * is told apart by address and browser, hashed with salt that never leaves this memory; a browser calls itself what it
 * likes, so that an address is no more viewers than people can be there.
 */
export class ReplayFigures {
  readonly #salt = randomBytes(16)
  readonly #watchers = new Map<string, Watcher>()
  readonly count: ReplayCount = { people: 0, buckets: [], kinds: noKinds() }
  readonly #crowd: Crowd
  #hasNews = false

  /** `mostOfAddress`: how many viewers one address may be; 0 for any number. */
  constructor(mostOfAddress?: () => number) {
    this.#crowd = new Crowd(mostOfAddress)
  }

  /** Somebody fetched that segment of the recording's main track. */
  asked(seq: number, asking: Asking, nowMs: number): void {
    const userAgent = asking.headers['user-agent'] ?? ''
    const who = createHash('sha256')
      .update(this.#salt)
      .update(`${addressOf(asking)} ${userAgent}`)
      .digest('base64url')
    const watcher = this.#watchers.get(who) ?? this.#welcome(who, asking)
    if (!watcher) return
    watcher.seenMs = nowMs
    watcher.fresh.add(seq)
    this.#hasNews = true
  }

  get hasNews(): boolean {
    return this.#hasNews
  }

  /** Puts what was fetched where it lies in the recording; `entries` are those of the main track. */
  settle(entries: ReadonlyMap<number, Pick<IndexEntry, 'startMs' | 'durationMs'>>, nowMs: number): void {
    this.#hasNews = false
    const { buckets } = this.count
    for (const [who, watcher] of this.#watchers) {
      for (const bucket of bucketsOf(watcher.fresh, entries)) {
        if (!watcher.buckets.has(bucket)) buckets[bucket] = (buckets[bucket] ?? 0) + 1
        watcher.buckets.add(bucket)
      }
      watcher.fresh.clear()
      if (nowMs - watcher.seenMs <= forgottenMs) continue
      this.#watchers.delete(who)
      this.#crowd.leave(watcher.network)
    }
    for (let i = 0; i < buckets.length; i++) buckets[i] ??= 0
  }

  get isIdle(): boolean {
    return this.#watchers.size === 0
  }

  #welcome(who: string, asking: Asking): Watcher | null {
    if (this.#watchers.size >= mostViewers) return null
    const network = this.#crowd.enter(asking)
    if (network === null) return null
    this.count.people++
    addKind(this.count.kinds, { ...kindOf(asking.headers['user-agent'] ?? ''), country: null })
    const watcher = { seenMs: 0, fresh: new Set<number>(), buckets: new Set<number>(), network }
    this.#watchers.set(who, watcher)
    return watcher
  }
}

function bucketsOf(
  seqs: ReadonlySet<number>,
  entries: ReadonlyMap<number, Pick<IndexEntry, 'startMs' | 'durationMs'>>,
): Set<number> {
  const buckets = new Set<number>()
  for (const seq of seqs) {
    const entry = entries.get(seq)
    if (!entry) continue
    const last = Math.floor((entry.startMs + entry.durationMs - 1) / bucketMs)
    for (let bucket = Math.floor(entry.startMs / bucketMs); bucket <= last; bucket++) buckets.add(bucket)
  }
  return buckets
}
