/** Collects what arrives while the last portion is being written, and writes it as the next one. */
export function batched<T>(write: (items: T[]) => Promise<void>): (item: T) => Promise<void> {
  let items: T[] = []
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  const writeNext = async (before: Promise<void>) => {
    await before.catch(() => {})
    await new Promise(setImmediate)
    const portion = items
    items = []
    next = null
    last = write(portion)
    await last
  }
  return (item) => {
    items.push(item)
    next ??= writeNext(last)
    return next
  }
}

/** Calls while `work` is under way are answered by one more run of it; nothing runs twice at a time. */
export function singly(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | null = null
  let isWanted = false
  const loop = async () => {
    try {
      while (isWanted) {
        // What else ends in this turn of the event loop is part of the same run.
        await new Promise(setImmediate)
        isWanted = false
        await work()
      }
    } finally {
      current = null
    }
  }
  return () => {
    isWanted = true
    current ??= loop()
    return current
  }
}
