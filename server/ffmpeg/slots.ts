/** At most `size` holders at once; the others wait their turn. */
export function createSlots(size: number) {
  let free = size
  const waiting: (() => void)[] = []
  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  /** Resolves with the function that gives the slot back; rejects with the signal's reason. */
  const take = async (signal?: AbortSignal): Promise<() => void> => {
    signal?.throwIfAborted()
    if (free > 0) free -= 1
    else await turn(waiting, signal)
    let isHeld = true
    return () => {
      if (isHeld) release()
      isHeld = false
    }
  }
  return { take }
}

function turn(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const mine = () => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }
    const aborted = () => {
      waiting.splice(waiting.indexOf(mine), 1)
      reject(signal?.reason)
    }
    waiting.push(mine)
    signal?.addEventListener('abort', aborted, { once: true })
  })
}
