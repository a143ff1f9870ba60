const digits = '0123456789abcdefghijklmnopqrstuvwxyz'
const base = digits.length
const headLength = 6
const headEnd = base ** headLength
const step = base ** 2

/** Where an item without a position of its own stands: behind all that have one. */
export const noPosition = 'zzzzzzzz'
/**
 * Small letters and digits alone, so that every database and language orders them as code does; never a zero at the
 * end, so that there is room before each.
 */
export const isPosition = (text: string): boolean => /^[0-9a-z]{0,99}[1-9a-z]$/.test(text)

/**
 * Order keys between two others: read as fractions after a point, in base 36. Null is the beginning, or the end. Each
 * has a random part, so that two people who insert at one place at the same time seldom make the same key.
 */
export function positionsBetween(before: string | null, after: string | null, count: number): string[] {
  if (count <= 0) return []
  if (after === null) return inRow(before, count, 1)
  if (before === null) return inRow(after, count, -1).reverse()
  if (count === 1) return [middle(before, after, true)]
  const at = Math.floor(count / 2)
  const key = middle(before, after, false)
  return [...positionsBetween(before, key, at), key, ...positionsBetween(key, after, count - at - 1)]
}

/** At the ends keys do not grow: a number of six digits goes up or down. */
function inRow(from: string | null, count: number, direction: 1 | -1): string[] {
  const keys: string[] = []
  let last = from
  for (let made = 0; made < count; made++) {
    last = besides(last, direction)
    keys.push(last)
  }
  return keys
}

function besides(key: string | null, direction: 1 | -1): string {
  const head =
    key === null ? headEnd / 2 : Number.parseInt(key.slice(0, headLength).padEnd(headLength, '0'), base)
  const next = head + direction * (1 + Math.floor(step / 2 + Math.random() * step))
  if (next <= 0 || next >= headEnd)
    return direction === 1 ? middle(key ?? '', null, true) : middle('', key, true)
  return next.toString(base).padStart(headLength, '0').replace(/0+$/, '')
}

/** A key between `low` and `high`, where low < high. */
function middle(low: string, high: string | null, isRandom: boolean): string {
  let key = ''
  let isBelow = high === null
  for (let at = 0; ; at++) {
    const from = at < low.length ? digits.indexOf(low.charAt(at)) : 0
    const to = isBelow || high === null ? base : at < high.length ? digits.indexOf(high.charAt(at)) : 0
    const room = to - from - 1
    if (room > 0) {
      const chosen = from + 1 + (isRandom ? Math.floor(Math.random() * room) : Math.floor((room - 1) / 2))
      return key + digits.charAt(chosen) + (isRandom ? tail() : '')
    }
    key += digits.charAt(from)
    if (to > from) isBelow = true
  }
}

/** Two digits of chance; the last one is no zero, so that there is always room before it. */
const tail = () =>
  digits.charAt(Math.floor(Math.random() * base)) + digits.charAt(1 + Math.floor(Math.random() * (base - 1)))
