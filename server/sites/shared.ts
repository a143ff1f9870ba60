interface Closable {
  close(): Promise<void>
}

/** Objects that the sites of one appliance share in one process: made by the first taker, closed by the last. */
export interface Shared {
  take<T extends Closable>(key: string, create: () => Promise<T>): Promise<T>
  release(key: string): Promise<void>
}

export function createShared(): Shared {
  const held = new Map<string, { value: Promise<Closable>; takers: number }>()
  return {
    take: async <T extends Closable>(key: string, create: () => Promise<T>) => {
      const entry = held.get(key) ?? { value: create(), takers: 0 }
      entry.takers++
      held.set(key, entry)
      try {
        return (await entry.value) as T
      } catch (error) {
        held.delete(key)
        throw error
      }
    },
    release: async (key) => {
      const entry = held.get(key)
      if (!entry || --entry.takers > 0) return
      held.delete(key)
      await (await entry.value).close()
    },
  }
}
