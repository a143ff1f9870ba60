import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { VezaError } from '../errors.ts'
import type { Database } from './connect.ts'
import type { Db } from './types.ts'

/** Where migrations come from: the server itself, then each plugin in the order of their needs. */
export interface MigrationSource {
  owner: string
  folder: URL
}

export interface Migration {
  owner: string
  /** File name without ending, as `0001-identity`. */
  name: string
  up(db: Db): Promise<void>
}

/** Thrown when the database holds migrations this version does not know: it was used by a newer Veza. */
export class NewerDataError extends VezaError {
  readonly unknown: string[]
  constructor(unknown: string[]) {
    super(
      `The data was written by a newer version of Veza (${unknown.join(', ')}); nothing was changed.`,
      'Install that version again, or restore a backup made before it: veza restore FILE --data DIR',
    )
    this.unknown = unknown
  }
}

export const migrationTable = 'veza_migrations'
const table = migrationTable

/** Reads the migrations of a folder in order of their numbers. */
export async function loadMigrations(source: MigrationSource): Promise<Migration[]> {
  return Promise.all((await listMigrations(source)).map(load))
}

/** A migration that was not loaded. */
interface Listed extends Pick<Migration, 'owner' | 'name'> {
  href: string
}

async function listMigrations({ owner, folder }: MigrationSource): Promise<Listed[]> {
  const path = fileURLToPath(folder)
  const files = (await readdir(path)).filter((file) => /^\d{4}-[a-z0-9-]+\.(ts|js)$/.test(file)).sort()
  return files.map((file) => ({
    owner,
    name: file.replace(/\.(ts|js)$/, ''),
    href: pathToFileURL(join(path, file)).href,
  }))
}

async function load({ owner, name, href }: Listed): Promise<Migration> {
  const { up } = (await import(href)) as Pick<Migration, 'up'>
  return { owner, name, up }
}

/** Which of the sources' migrations the database has not seen; throws NewerDataError. Loads no others. */
export async function pendingMigrations(
  database: Database,
  sources: MigrationSource[],
): Promise<Migration[]> {
  const done = await appliedMigrations(database)
  const known = (await Promise.all(sources.map(listMigrations))).flat()
  const owners = new Set(sources.map((source) => source.owner))
  const names = new Set(known.map(nameOf))
  const unknown = [...done].filter((name) => owners.has(name.split('/')[0] ?? '') && !names.has(name))
  if (unknown.length > 0) throw new NewerDataError(unknown)
  return Promise.all(known.filter((migration) => !done.has(nameOf(migration))).map(load))
}

/** Applies what is missing, each migration in a transaction of its own with its mark. Returns their names. */
export async function migrate(database: Database, sources: MigrationSource[]): Promise<string[]> {
  if ((await pendingMigrations(database, sources)).length === 0) return []
  return database.dialect.exclusively(database.knex, database.target, async () => {
    const pending = await pendingMigrations(database, sources)
    if (pending.length > 0) await database.beforeMigration?.()
    const applied: string[] = []
    for (const migration of pending) {
      const name = nameOf(migration)
      const isMine = await database.db.tx(async (db) => {
        // On SQLite this transaction is what keeps others out: one of them may have been here since the look above.
        if (await db(table).where({ name }).first()) return false
        await migration.up(db)
        await db(table).insert({ name, appliedAt: new Date().toISOString() })
        return true
      })
      if (isMine) applied.push(name)
    }
    return applied
  })
}

/** Names of what was applied, as `server/0001-identity`. */
export async function appliedMigrations(database: Database): Promise<Set<string>> {
  if (!(await database.db.schema.hasTable(table))) {
    await database.db.schema
      .createTable(table, (t) => {
        t.string('name').primary()
        t.string('applied_at').notNullable()
      })
      .catch(async (error: unknown) => {
        // Two processes at the same first start: the other made it.
        if (!(await database.db.schema.hasTable(table))) throw error
      })
  }
  const rows: { name: string }[] = await database.db(table).select('name')
  return new Set(rows.map((row) => row.name))
}

/** `server/0001-identity`, as the database remembers it. */
export const nameOf = (migration: Pick<Migration, 'owner' | 'name'>) => `${migration.owner}/${migration.name}`
