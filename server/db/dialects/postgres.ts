import type { Client } from 'pg'
import { codeOf } from './errors.ts'
import { readCopy, writeCopy } from './postgres-copy.ts'
import type { Dialect, Target } from './types.ts'

/** Only where PostgreSQL is: most labels have SQLite. */
const driver = async () => (await import('pg')).default

const channelOf = (target: Target) => `veza_${target.schema ?? 'public'}`

/** PostgreSQL 13 or newer: one schema a site, LISTEN/NOTIFY between processes. */
export const postgres: Dialect = {
  name: 'postgres',
  config: ({ location, schema = 'public', poolSize = 10 }) => ({
    client: 'pg',
    connection: { connectionString: location, application_name: 'veza', connectionTimeoutMillis: 5000 },
    searchPath: [schema],
    pool: { min: 0, max: poolSize },
    acquireConnectionTimeout: 10_000,
  }),
  prepare: async (knex, { schema }) => {
    // count(*) and bigint columns arrive as numbers; the platform's own counts stay far below 2^53.
    ;(await driver()).types.setTypeParser(20, Number)
    if (schema) await knex.raw('create schema if not exists ??', [schema])
  },
  watch: async (_knex, target, changed) => {
    const pg = await driver()
    let client: Client | undefined
    let isStopped = false
    const listen = async () => {
      if (isStopped) return
      const next = new pg.Client({ connectionString: target.location, application_name: 'veza listen' })
      next.on('error', () => {})
      next.on('end', () => {
        if (!isStopped) setTimeout(() => listen().then(changed, () => {}), 1000).unref()
      })
      next.on('notification', changed)
      client = next
      await next.connect()
      await next.query(`listen ${next.escapeIdentifier(channelOf(target))}`)
    }
    await listen()
    return async () => {
      isStopped = true
      await client?.end().catch(() => {})
    }
  },
  wake: async (knex, target) => {
    await knex.raw('select pg_notify(?, ?)', [channelOf(target), ''])
  },
  // Its commits are (synchronous_commit).
  synced: async () => {},
  skipLocked: 'for update skip locked',
  isDiskFull: (error) => codeOf(error) === '53100',
  exclusively: async (_knex, target, work) => {
    // A session lock needs a connection of its own; the pool may not lend it to the work meanwhile.
    const pg = await driver()
    const client = new pg.Client({ connectionString: target.location, application_name: 'veza migrate' })
    await client.connect()
    try {
      await client.query('select pg_advisory_lock(hashtext($1))', [
        `veza migrate ${target.schema ?? 'public'}`,
      ])
      return await work()
    } finally {
      await client.end()
    }
  },
  schemaSql: async (knex, { schema = 'public' }) => {
    const result = (await knex.raw(
      'select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns where table_schema = ? order by table_name, ordinal_position',
      [schema],
    )) as { rows: Record<string, string>[] }
    return result.rows.map((row) => Object.values(row).join(' ')).join('\n')
  },
  backup: (knex, { schema = 'public' }, file) => writeCopy(knex, schema, file),
  restore: (knex, { schema = 'public' }, file, makeTables) => readCopy(knex, schema, file, makeTables),
}
