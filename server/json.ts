/**
 * JSON from strangers. A key `__proto__` and a NUL in a text, which PostgreSQL cannot store, are a SyntaxError like
 * anything else that is not JSON.
 */
export function parseJson(text: string): unknown {
  return /__proto__|\\u/.test(text) ? JSON.parse(text, refuse) : JSON.parse(text)
}

function refuse(key: string, value: unknown): unknown {
  if (key === '__proto__' || key.includes('\0')) throw new SyntaxError(key)
  if (typeof value === 'string' && value.includes('\0')) throw new SyntaxError('NUL')
  return value
}
