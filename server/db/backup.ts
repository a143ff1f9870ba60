import { type Database, openDatabase } from './connect.ts'
import { appliedMigrations, loadMigrations, type MigrationSource, NewerDataError, nameOf } from './migrate.ts'

/**
 * Writes a consistent copy of a database that others may be writing to. SQLite: a database file; PostgreSQL: JSON
 * lines. The file must not be there yet.
 */
export function backupDatabase(database: Database, file: string): Promise<void> {
  return database.dialect.backup(database.knex, database.target, file)
}

/**
 * Fills an empty PostgreSQL schema from a copy made by `backupDatabase`: makes the tables as they were by the
 * migrations the copy names, then its rows. Throws NewerDataError where a migration is not known. (An SQLite copy is
 * put in its place as it is.)
 */
export async function restoreDatabase(
  database: Database,
  file: string,
  sources: readonly MigrationSource[],
): Promise<void> {
  const known = (await Promise.all(sources.map(loadMigrations))).flat()
  await database.dialect.restore(database.knex, database.target, file, async (applied) => {
    const names = new Set(known.map(nameOf))
    const unknown = applied.filter((name) => !names.has(name))
    if (unknown.length > 0) throw new NewerDataError(unknown)
    // Makes the table that remembers them.
    await appliedMigrations(database)
    for (const migration of known)
      if (applied.includes(nameOf(migration))) await database.db.tx((db) => migration.up(db))
  })
}

/** What is wrong with an SQLite file, or null. */
export async function checkDatabaseFile(file: string): Promise<string | null> {
  try {
    const database = await openDatabase({ location: file })
    const rows = await database.db
      .raw<{ quickCheck: string }[]>('pragma quick_check')
      .finally(() => database.close())
    const found = rows.map((row) => row.quickCheck).join('; ')
    return found === 'ok' ? null : found
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
