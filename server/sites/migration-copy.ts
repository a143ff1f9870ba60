import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { appliedMigrations, backupDatabase, type Database } from '../db/index.ts'

export interface CopyWishes {
  dataDir: string
  site: string
  /** The version about to migrate. */
  version: string
  now(): Date
}

/**
 * The same database, which before its first migration in this process copies itself to
 * `<data>/backups/before-<version>-<time>.db`. Only an SQLite file that holds data already; PostgreSQL has its own
 * backups, and `veza backup`.
 */
export function copiedBeforeMigration(database: Database, wishes: CopyWishes): Database {
  if (database.dialect.name !== 'sqlite') return database
  let isDone = false
  const beforeMigration = async () => {
    if (isDone) return
    isDone = true
    if ((await appliedMigrations(database)).size === 0) return
    const folder = join(wishes.dataDir, 'backups')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, nameOf(wishes))
    if (!existsSync(file)) await backupDatabase(database, file)
  }
  return { ...database, beforeMigration }
}

function nameOf({ site, version, now }: CopyWishes): string {
  const time = now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '')
  return `before-${version}-${time}${site === 'main' ? '' : `-${site}`}.db`
}
