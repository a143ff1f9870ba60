import SqliteFile from 'better-sqlite3'

/**
 * Holds a file for this process. The system itself lets go of it when the process ends, however it ends, so that no
 * stale lock is ever left. Null where another process holds it; else the function that lets go.
 */
export function holdLock(file: string): (() => void) | null {
  const database = new SqliteFile(file, { timeout: 0 })
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return null
    throw error
  }
  return () => database.close()
}
