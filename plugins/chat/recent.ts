/** Answers kept for a short time; several processes see each other's changes only after that time. */
export interface Recent<Value> {
  get(key: string): Promise<Value>
  forget(key: string): void
}

/** Remembers what `load` answers for `ttlMs`; calls at the same time share one load, failures are not kept. */
export function recent<Value>(
  load: (key: string) => Promise<Value>,
  { ttlMs, max = 2000 }: { ttlMs: number; max?: number },
): Recent<Value> {
  const entries = new Map<string, { until: number; value: Promise<Value> }>()
  const start = (key: string) => {
    const entry = { until: performance.now() + ttlMs, value: load(key) }
    entry.value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key)
    })
    entries.delete(key)
    entries.set(key, entry)
    const oldest = entries.size > max ? entries.keys().next() : null
    if (oldest?.value !== undefined) entries.delete(oldest.value)
    return entry.value
  }
  return {
    get(key) {
      const entry = entries.get(key)
      return entry && entry.until > performance.now() ? entry.value : start(key)
    },
    forget: (key) => {
      entries.delete(key)
    },
  }
}
