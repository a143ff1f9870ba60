const secretName = /pass|secret|token|cookie|authorization|key$/i
const removed = '[removed]'
const deepest = 4
const mostItems = 100

/** Secrets inside texts: passwords in addresses, bearer tokens, secret-looking query values, signed media paths. */
const inTexts: [pattern: RegExp, replacement: string][] = [
  [/(:\/\/[^\s:/@]*):[^\s/@]+@/g, `$1:${removed}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${removed}`],
  [/([?&;\s"'][\w-]*(?:pass|secret|token|signature|key)[\w-]*=)[^&;\s"']+/gi, `$1${removed}`],
  [/(\/\d{9,12}\.)[\w-]{16,}/g, `$1${removed}`],
  [/(\/hls\/[0-9a-z]{5,8}[.~])[\w-]{16,}/g, `$1${removed}`],
]

/** A text without the secrets that can be recognised in it. */
export function scrub(text: string): string {
  return inTexts.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text)
}

/**
 * The same fields with the values of secret-looking names replaced and texts scrubbed, errors included. What lies
 * deeper than four levels is left out, since nobody looked at it.
 */
export function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return cleanEntries(fields, 0)
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrub(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof URL) return scrub(value.href)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth >= deepest) return '[deeper]'
  if (value instanceof Error) return cleanError(value, depth)
  if (value instanceof Map) return cleanEntries(Object.fromEntries(value), depth + 1)
  if (value instanceof Set || Array.isArray(value)) return cleanItems([...value], depth + 1)
  return cleanEntries(value, depth + 1)
}

/** In a flat list of names and values, as raw headers are, a secret-looking name hides what follows it. */
function cleanItems(items: unknown[], depth: number): unknown[] {
  return items.slice(0, mostItems).map((item, index) => {
    const before = items[index - 1]
    const isHidden = typeof before === 'string' && before.length < 40 && secretName.test(before)
    return isHidden ? removed : clean(item, depth)
  })
}

function cleanError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error
  const facts = { type: name, message, stack, ...(cause === undefined ? {} : { cause }) }
  return { ...cleanEntries({ ...error }, depth + 1), ...cleanEntries(facts, depth + 1) }
}

function cleanEntries(fields: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => {
    const isHidden = secretName.test(name) && value !== null && value !== undefined
    return [name, isHidden ? removed : clean(value, depth)]
  })
  return Object.fromEntries(entries)
}
