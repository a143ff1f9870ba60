const mostKeys = 1_000

/** Keeps what was just looked up for a moment, so that a crowd on one page costs one look. */
export class Briefly<Value> {
  readonly #held = new Map<string, { value: Promise<Value>; until: number }>()
  readonly #ms: number
  readonly #now: () => number

  constructor(ms: number, now: () => number = Date.now) {
    this.#ms = ms
    this.#now = now
  }

  /** Callers at the same time share one `load`; a failed one is not kept. */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const now = this.#now()
    const known = this.#held.get(key)
    if (known && known.until > now) return known.value
    if (this.#held.size >= mostKeys) this.#held.clear()
    const entry = { value: load(), until: now + this.#ms }
    this.#held.set(key, entry)
    entry.value.catch(() => {
      if (this.#held.get(key) === entry) this.#held.delete(key)
    })
    return entry.value
  }

  /** Something changed: the next one looks again. */
  drop(): void {
    this.#held.clear()
  }
}
