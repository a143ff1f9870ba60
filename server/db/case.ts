const isFlag = /^(is|has|can)_/

/** `isLive` -> `is_live` */
export const toSnake = remembering((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))

/** `is_live` -> `isLive` */
export const toCamel = remembering((name) =>
  name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase()),
)

/** The same few hundred names pass here for every row. */
function remembering(convert: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>()
  return (name) => {
    const found = known.get(name)
    if (found !== undefined) return found
    const converted = convert(name)
    if (known.size < 5_000) known.set(name, converted)
    return converted
  }
}

/** A database row in the code's terms: camelCase, flags as booleans, `*_json` parsed (and named without the ending kept). */
export function rowToCode(row: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [column, value] of Object.entries(row)) out[toCamel(column)] = valueToCode(column, value)
  return out
}

function valueToCode(column: string, value: unknown): unknown {
  if (value === null || value === undefined) return value
  if (isFlag.test(column)) return Boolean(value)
  if (column.endsWith('_json') && typeof value === 'string') return JSON.parse(value)
  return value
}
