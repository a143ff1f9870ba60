/** How many jobs may run at once in this process, over all its sites. */
export interface Slots {
  /** Reserves up to `wanted`; returns how many were free. */
  take(wanted: number): number
  give(count: number): void
  /** Calls once, after the next `give`. */
  wait(listener: () => void): void
}

/** Slots for one process. Sites of one appliance share one of these. */
export function createSlots(total = 10): Slots {
  let free = total
  const waiting = new Set<() => void>()
  return {
    take: (wanted) => {
      const granted = Math.min(free, wanted)
      free -= granted
      return granted
    },
    give: (count) => {
      free += count
      if (count === 0) return
      const told = [...waiting]
      waiting.clear()
      for (const listener of told) listener()
    },
    wait: (listener) => {
      waiting.add(listener)
    },
  }
}
