/** The code of a driver's error; empty for what has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String((error as { code: unknown }).code)
    : ''
}

// better-sqlite3 twice, PostgreSQL.
const unique = ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']

/** Whether an insert or update broke a unique constraint, in either database. */
export const isUniqueViolation = (error: unknown): boolean => unique.includes(codeOf(error))
