import type { Dialect } from './types.ts'

const watchIntervalMs = 500

/** SQLite in WAL mode: one connection a process, readers of other processes are never blocked. */
export const sqlite: Dialect = {
  name: 'sqlite',
  config: ({ location, driver = 'better-sqlite3' }) => ({
    client: driver,
    connection: { filename: location },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (
        connection: { pragma(text: string): void },
        done: (error: Error | null, c: unknown) => void,
      ) => {
        for (const pragma of [
          'journal_mode = WAL',
          'foreign_keys = ON',
          'busy_timeout = 10000',
          'synchronous = NORMAL',
          'temp_store = MEMORY',
        ])
          connection.pragma(pragma)
        done(null, connection)
      },
    },
    acquireConnectionTimeout: 20_000,
  }),
  prepare: async () => {},
  watch: async (knex, _target, changed) => {
    // data_version moves only when another connection commits: a few microseconds a look.
    const read = async () => {
      const rows = (await knex.raw('pragma data_version')) as { dataVersion: number }[]
      return rows[0]?.dataVersion ?? 0
    }
    let seen = await read()
    let isStopped = false
    const timer = setInterval(async () => {
      if (isStopped) return
      const now = await read().catch(() => seen)
      if (now === seen || isStopped) return
      seen = now
      changed()
    }, watchIntervalMs)
    timer.unref()
    return async () => {
      isStopped = true
      clearInterval(timer)
    }
  },
  wake: async () => {},
  isUniqueViolation: (error) =>
    codeOf(error).startsWith('SQLITE_CONSTRAINT_UNIQUE') || codeOf(error) === 'SQLITE_CONSTRAINT_PRIMARYKEY',
  // One writer at a time: a statement that claims meets no half-claimed row.
  skipLocked: '',
  isDiskFull: (error) =>
    codeOf(error) === 'SQLITE_FULL' || codeOf(error).startsWith('SQLITE_IOERR') || codeOf(error) === 'ENOSPC',
  // `begin immediate` of each migration's own transaction already serialises; the second finds nothing to do.
  exclusively: (_knex, _target, work) => work(),
  schemaSql: async (knex) => {
    const rows = (await knex.raw(
      "select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by tbl_name, type desc, name",
    )) as { sql: string }[]
    return rows.map((row) => `${row.sql};`).join('\n')
  },
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String((error as { code: unknown }).code)
    : ''
}
