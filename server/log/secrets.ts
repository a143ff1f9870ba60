const secretName = /pass|secret|token|cookie|authorization|key$/i
const deepest = 4

/** The same fields with the values of secret-looking names replaced, four levels deep. */
export function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return clean(fields, 0) as Record<string, unknown>
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || depth >= deepest) return value
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(name) && inner !== null && inner !== undefined ? '[removed]' : clean(inner, depth + 1),
    ]),
  )
}
