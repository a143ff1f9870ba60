import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../server/db/index.ts'
import './unsynced.ts'

/** A fresh database that is gone after `close`. */
export interface TestDatabase extends Database {
  kind: 'sqlite' | 'postgres'
}

/** The kinds of database every store test runs on. PostgreSQL's address comes from the runner. */
export const databaseKinds = ['sqlite', 'postgres'] as const

/** Opens an empty database of that kind. Throws a sentence with the remedy where PostgreSQL is not there. */
export async function testDatabase(kind: 'sqlite' | 'postgres'): Promise<TestDatabase> {
  return kind === 'sqlite' ? sqliteDatabase() : postgresDatabase()
}

async function sqliteDatabase(): Promise<TestDatabase> {
  const dir = await mkdtemp(join(tmpdir(), 'veza-db-'))
  const database = await openDatabase({ location: join(dir, 'test.db') })
  const close = async () => {
    await database.close()
    await rm(dir, { recursive: true, force: true })
  }
  return { ...database, kind: 'sqlite', close }
}

/** Address of the PostgreSQL that tests may use. */
export function postgresUrl(): string {
  const url = process.env.VEZA_TEST_POSTGRES_URL
  if (!url)
    throw new Error('No PostgreSQL for the tests: run them by `npm test`, or set VEZA_TEST_POSTGRES_URL.')
  return url
}

async function postgresDatabase(): Promise<TestDatabase> {
  const schema = `t_${randomBytes(6).toString('hex')}`
  const database = await openDatabase({ location: postgresUrl(), schema, poolSize: 5 })
  const close = async () => {
    await database.knex.raw('drop schema ?? cascade', [schema])
    await database.close()
  }
  return { ...database, kind: 'postgres', close }
}
