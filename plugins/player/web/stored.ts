export const settingsKey = 'veza-sound'
export const deviceKey = 'veza-device'
export const playsKey = 'veza-plays'
export const positionsKey = 'veza-positions'

/** What this browser remembers; null where it has nothing, or keeps nothing (a private window, a frame of another site). */
export function readStored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}

/** Null forgets. Where nothing can be kept, the page goes on without. */
export function store(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // No room, or not allowed.
  }
}
