/** Which picture: by the line, the source as it is sent, at most so many lines, or none. */
export type Choice = 'auto' | 'source' | 'audio' | number
/** `low`: as little as goes, with a rate that may be 2 % faster for a while. */
export type Delay = 'steady' | 'low'

const qualityKey = 'veza-quality'
const delayKey = 'veza-delay'

export function parseChoice(text: string | null): Choice {
  if (text === 'source' || text === 'audio') return text
  const height = Number(text)
  return text && Number.isInteger(height) && height > 0 ? height : 'auto'
}

/** What the viewer chose last on this device. */
export function readChoice(): Choice {
  return parseChoice(read(qualityKey))
}
export function keepChoice(choice: Choice): void {
  write(qualityKey, String(choice))
}
export function readDelay(): Delay {
  return read(delayKey) === 'low' ? 'low' : 'steady'
}
export function keepDelay(delay: Delay): void {
  write(delayKey, delay)
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
}

/** The viewer told the browser to spare data. */
export function sparesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
  return connection?.saveData === true
}
