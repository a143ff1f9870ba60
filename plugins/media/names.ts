/** Control characters, and those that turn the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwanted = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

const clean = (text: string) => text.toWellFormed().normalize('NFC').replace(unwanted, '').trim()

/** A name that may be shown: the last part of whatever path it came with. Never part of a path on the disk. */
export function shownName(text: string | null | undefined): string {
  const last = clean(text ?? '')
    .split(/[/\\]/)
    .at(-1)
    ?.trim()
  return cut(last || 'unnamed', 200)
}

/** Folders and name with `/` between them, as they are shown; null where it says no more than the name. */
export function shownPath(text: string | null | undefined): string | null {
  const parts = clean(text ?? '')
    .split(/[/\\]/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..')
  return parts.length < 2
    ? null
    : parts
        .slice(-12)
        .map((part) => cut(part, 200))
        .join('/')
}

/** A mark that files dropped together share; null for what is none. */
export function shownBatch(text: string | null | undefined): string | null {
  const mark = clean(text ?? '')
  return /^[\w.-]{1,80}$/.test(mark) ? mark : null
}

/** Keeps the ending, by which people know what it is. */
function cut(name: string, length: number): string {
  const letters = [...name]
  if (name.length <= length) return name
  const dot = name.lastIndexOf('.')
  const ending = dot > name.length - 12 ? name.slice(dot) : ''
  let kept = ''
  for (const letter of letters) {
    if (kept.length + letter.length + ending.length > length) break
    kept += letter
  }
  return kept + ending
}
