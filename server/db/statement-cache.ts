/** As much of better-sqlite3's connection as is needed. */
export interface Preparer {
  prepare(sql: string): unknown
}

const cacheable = /^\s*(select|insert|update|delete|with)\b/i

/**
 * Lets a connection prepare each query once. The driver compiles the SQL and a row function for every prepare, which
 * costs more than most of our queries; SQLite itself sees to it that a kept statement follows schema changes.
 * At `max` statements the one unused for longest goes.
 */
export function keepStatements(connection: Preparer, max = 500): void {
  const prepare = connection.prepare.bind(connection)
  const kept = new Map<string, unknown>()
  connection.prepare = (sql) => {
    if (!cacheable.test(sql)) return prepare(sql)
    const statement = kept.get(sql) ?? prepare(sql)
    kept.delete(sql)
    kept.set(sql, statement)
    const [oldest] = kept.keys()
    if (kept.size > max && oldest !== undefined) kept.delete(oldest)
    return statement
  }
}
