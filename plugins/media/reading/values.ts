/** `Am`, `F#`, from names, Camelot (`8A`) and Open Key (`1m`); null if it is none. One spelling for each key. */
export function keyOf(text: string): string | null {
  const wheel = /^0?(\d{1,2})\s*([ABDM])$/i.exec(text.trim())
  if (wheel) return keyOfWheel(Number(wheel[1]), wheel[2]!.toUpperCase())
  const plain = text.replaceAll('♯', '#').replaceAll('♭', 'b').replaceAll(/\s/g, '')
  const match = /^([A-G])(#|b|sharp|flat)?-?(maj(?:or)?|dur|min(?:or)?|moll|m)?$/i.exec(plain)
  if (!match) return null
  const [, note, sign = '', mode = ''] = match
  const isMinor = mode !== 'M' && /^m(?:in|inor|oll)?$/i.test(mode)
  const shift = /^(?:#|sharp)$/i.test(sign) ? 1 : sign === '' ? 0 : -1
  const pitch = (pitches[note!.toUpperCase()]! + shift + 12) % 12
  return isMinor ? `${minors[pitch]}m` : majors[pitch]!
}

const pitches: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }
const majors = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B']
const minors = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'G#', 'A', 'Bb', 'B']

/** Both wheels go by fifths: C is 8B in Camelot and 1d in Open Key, A minor 8A and 1m. */
function keyOfWheel(hour: number, letter: string): string | null {
  if (hour < 1 || hour > 12) return null
  const isCamelot = letter === 'A' || letter === 'B'
  const fifths = (hour + (isCamelot ? 4 : 11)) % 12
  const isMinor = letter === 'A' || letter === 'M'
  const pitch = (fifths * 7 + (isMinor ? 9 : 0)) % 12
  return isMinor ? `${minors[pitch]}m` : majors[pitch]!
}

/** ISO 3901: two letters, three characters, seven digits. */
export function isrcOf(text: string): string | null {
  const plain = text
    .replace(/^ISRC/i, '')
    .replaceAll(/[\s.:-]/g, '')
    .toUpperCase()
  return /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(plain) ? plain : null
}

/** A UPC (12 digits) or EAN (13) whose last digit is that of GS1's check. */
export function upcOf(text: string): string | null {
  const digits = text.replaceAll(/[\s-]/g, '')
  if (!/^\d{12,13}$/.test(digits) || /^0+$/.test(digits)) return null
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 ? 3 : 1), 0)
  return sum % 10 === 0 ? digits : null
}

/** `2021`, `2021-03` or `2021-03-15` from what programs write; null if it is no date. */
export function dateOf(text: string): string | null {
  const match =
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?!\d))?)?/.exec(text)
  const [, year = '', month, day] = match ?? []
  if (Number(year) < 1000 || Number(year) > 2200) return null
  if (!month || Number(month) < 1 || Number(month) > 12) return year
  const short = `${year}-${month.padStart(2, '0')}`
  if (!day) return short
  const full = `${short}-${day.padStart(2, '0')}`
  const time = Date.parse(`${full}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(full) ? full : short
}

export function bpmOf(text: string): number | null {
  const bpm = Math.round(Number(text.trim().replace(',', '.')) * 100) / 100
  return bpm >= 20 && bpm <= 999 ? bpm : null
}

/** `3`, `3/12`, `03 of 12`. */
export function numberOf(text: string): { number: number | null; total: number | null } {
  const [, number, total] = /^\s*(\d{1,4})?\s*(?:(?:\/|of)\s*(\d{1,4}))?\s*$/i.exec(text) ?? []
  return { number: Number(number ?? 0) || null, total: Number(total ?? 0) || null }
}

/** Null where it is not said. */
export function explicitOf(text: string): boolean | null {
  if (/^(?:1|4|true|yes|explicit)$/i.test(text)) return true
  return /^(?:0|2|false|no|clean)$/i.test(text) ? false : null
}

/** The lines of a copyright notice: © is the work's, ℗ the recording's. */
export function noticesOf(text: string): { cLine: string | null; pLine: string | null } {
  const marked = text.replaceAll(/\([pP]\)/g, '℗').replaceAll(/\([cC]\)/g, '©')
  const start = marked.indexOf('℗')
  if (start < 0) return { cLine: text, pLine: null }
  const next = marked.indexOf('©', start)
  const parts = [marked.slice(0, start), next < 0 ? '' : marked.slice(next)]
  const tidy = (part: string) => part.replace(/^[\s,;/.&]+|[\s,;/&]+$/g, '') || null
  return {
    pLine: tidy(marked.slice(start, next < 0 ? undefined : next)),
    cLine: tidy(parts.join(' ').trim()),
  }
}
