import { createRequire } from 'node:module'
import type { Knex } from 'knex'
import { keepStatements, type Preparer } from '../statement-cache.ts'
import { codeOf } from './errors.ts'
import { LogSync, syncLog } from './log-sync.ts'
import type { Dialect } from './types.ts'

const watchIntervalMs = 500

type QueryMethod = (connection: Connection, query: { sql: string }) => Promise<unknown>
const isReading = /^\s*(select|pragma|begin|rollback|explain)\b/i

/** As much of better-sqlite3's connection as is needed. */
interface Connection extends Preparer {
  readonly inTransaction: boolean
  pragma(text: string): void
  function(name: string, options: { deterministic: boolean }, work: (value: unknown) => unknown): void
}

interface Transaction {
  begin(connection: unknown): Promise<unknown>
  query(connection: unknown, sql: string): Promise<unknown>
}

/**
 * knex's client with `begin immediate`: a transaction that reads before it writes would otherwise fail at once when
 * another process wrote in between (SQLITE_BUSY_SNAPSHOT, which busy_timeout does not cover). Notes what is committed.
 */
function immediateClient(log: LogSync): typeof Knex.Client {
  const path = 'knex/lib/dialects/better-sqlite3/index.js'
  const Client = createRequire(import.meta.url)(path) as typeof Knex.Client
  const base = Client.prototype as unknown as { _query: QueryMethod }
  return class extends Client {
    static readonly log = log

    async _query(connection: Connection, query: { sql: string }): Promise<unknown> {
      const answer = await base._query.call(this, connection, query)
      if (!connection.inTransaction && !isReading.test(query.sql)) log.mark()
      return answer
    }

    override transaction(container: unknown, config: unknown, outer: unknown): Knex.Transaction {
      const transaction = super.transaction(container, config, outer) as unknown as Transaction
      transaction.begin = (connection) => transaction.query(connection, 'BEGIN IMMEDIATE;')
      return transaction as unknown as Knex.Transaction
    }
  }
}

/** SQLite in WAL mode: one connection a process, readers of other processes are never blocked. */
export const sqlite: Dialect = {
  name: 'sqlite',
  config: ({ location }) => ({
    client: immediateClient(new LogSync(() => syncLog(location))),
    connection: { filename: location },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: Connection, done: (error: Error | null, c: unknown) => void) => {
        for (const pragma of [
          'journal_mode = WAL',
          'foreign_keys = ON',
          'busy_timeout = 10000',
          'synchronous = NORMAL',
          'temp_store = MEMORY',
        ])
          connection.pragma(pragma)
        // SQLite itself knows the capitals of ASCII alone: Élodie is found as élodie, too.
        connection.function('lower', { deterministic: true }, (text) =>
          typeof text === 'string' ? text.toLowerCase() : text,
        )
        keepStatements(connection)
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
  synced: (knex) => (knex.client.constructor as { log?: LogSync }).log?.settled() ?? Promise.resolve(),
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
  // A read transaction of its own: writers go on, and none of what they write meanwhile is in the copy.
  backup: async (knex, _target, file) => {
    await knex.raw('vacuum into ?', [file])
  },
  restore: async () => {
    throw new Error('An SQLite copy is put in its place as it is.')
  },
}
