const isFlag = /^(is|has|can)_/

/** `isLive` -> `is_live` */
export const toSnake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** `is_live` -> `isLive` */
export const toCamel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())

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
