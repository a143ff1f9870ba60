const seenWithinMs = 12_000
const tickMs = 1_000
const maxIdLength = 64
const maxPerStream = 200_000

/**
 * Who is watching, from real playback: players put an id of their own (`?v=`) on playlist requests. In memory
 * only; one timer, and only while somebody watches.
 */
export class Viewers {
  readonly #seen = new Map<string, Map<string, number>>()
  readonly #told = new Map<string, number>()
  readonly #onChange: (streamId: string, viewers: number) => void
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined

  constructor(onChange: (streamId: string, viewers: number) => void, now: () => number = Date.now) {
    this.#onChange = onChange
    this.#now = now
  }

  seen(streamId: string, viewerId: string): void {
    if (viewerId === '' || viewerId.length > maxIdLength) return
    let viewers = this.#seen.get(streamId)
    if (!viewers) {
      viewers = new Map()
      this.#seen.set(streamId, viewers)
    }
    if (viewers.size < maxPerStream || viewers.has(viewerId)) viewers.set(viewerId, this.#now())
    this.#timer ??= setInterval(() => this.tick(), tickMs).unref()
  }

  count(streamId: string): number {
    return this.#seen.get(streamId)?.size ?? 0
  }

  /** Over all streams and replays. */
  get total(): number {
    let total = 0
    for (const viewers of this.#seen.values()) total += viewers.size
    return total
  }

  /** Forgets who stopped asking and tells what changed since the last time. */
  tick(): void {
    const limit = this.#now() - seenWithinMs
    for (const [streamId, viewers] of this.#seen) {
      for (const [id, at] of viewers) if (at < limit) viewers.delete(id)
      if (this.#told.get(streamId) !== viewers.size) this.#onChange(streamId, viewers.size)
      this.#told.set(streamId, viewers.size)
      if (viewers.size > 0) continue
      this.#seen.delete(streamId)
      this.#told.delete(streamId)
    }
    if (this.#seen.size === 0) this.stop()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
