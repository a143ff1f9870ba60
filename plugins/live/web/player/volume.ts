export interface Volume {
  volume: number
  isMuted: boolean
}

const key = 'veza-volume'
const loud: Volume = { volume: 1, isMuted: false }

/** What the listener chose last on this device; full volume where nothing sensible is kept. */
export function readVolume(): Volume {
  try {
    return parseVolume(localStorage.getItem(key))
  } catch {
    return loud
  }
}

export function keepVolume(volume: Volume): void {
  try {
    localStorage.setItem(key, JSON.stringify(volume))
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
}

export function parseVolume(text: string | null): Volume {
  try {
    const { volume, isMuted } = JSON.parse(text ?? '') as Partial<Volume>
    if (typeof volume !== 'number' || !(volume >= 0 && volume <= 1)) return loud
    return { volume, isMuted: isMuted === true }
  } catch {
    return loud
  }
}
