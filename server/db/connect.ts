import knexFactory, { type Knex } from 'knex'
import { rowToCode, toSnake } from './case.ts'
import { isUniqueViolation } from './dialects/errors.ts'
import { postgres } from './dialects/postgres.ts'
import { sqlite } from './dialects/sqlite.ts'
import type { Dialect, Target } from './dialects/types.ts'
import type { Db } from './types.ts'

/** An open database of one site (or of the appliance). */
export interface Database {
  db: Db
  dialect: Dialect
  target: Target
  /** The raw knex, for backup and migration inside server/db only. */
  knex: Knex
  /** See Dialect.synced; `db.tx` waits for it by itself. */
  synced(): Promise<void>
  /** See Dialect.watch. */
  watch(changed: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
  /** Awaited before the first change of each migrate() that has something to do. */
  beforeMigration?: () => Promise<void>
}

// What goes wrong is thrown to the caller as well; knex would print it a second time, stack and all.
const silent = { debug: () => {}, warn: () => {}, error: () => {}, deprecate: () => {} }

/** Opens a database; does not migrate it. Errors of a first connection come out of `prepare`. */
export async function openDatabase(target: Target): Promise<Database> {
  const dialect = /^postgres(ql)?:/.test(target.location) ? postgres : sqlite
  const knex = knexFactory({
    ...dialect.config(target),
    // knex asks for the name of an unnamed primary key as undefined.
    wrapIdentifier: (value, wrap) => wrap(value === '*' || value === undefined ? value : toSnake(value)),
    postProcessResponse: (result) => toCode(result),
    log: silent,
  })
  try {
    await knex.raw('select 1')
    await dialect.prepare(knex, target)
  } catch (error) {
    await knex.destroy()
    throw error
  }
  return {
    db: wrap(knex, dialect, target, null),
    dialect,
    target,
    knex,
    synced: () => dialect.synced(knex),
    watch: (changed) => dialect.watch(knex, target, changed),
    close: () => knex.destroy(),
  }
}

function toCode(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(toCode)
  if (typeof result !== 'object' || result === null || Buffer.isBuffer(result)) return result
  if ('rows' in result && 'command' in result)
    return { ...result, rows: (result as { rows: unknown[] }).rows.map(toCode) }
  return rowToCode(result as Record<string, unknown>)
}

type Pending = (() => void)[]

function wrap(knex: Knex, dialect: Dialect, target: Target, pending: Pending | null): Db {
  const query = ((table: string) => knex(table)) as unknown as Db
  const members = {
    raw: async (sql: string, bindings: readonly Knex.RawBinding[] = []) => {
      const result = await knex.raw(sql, bindings)
      return result && typeof result === 'object' && 'rows' in result ? result.rows : result
    },
    ref: (column: string) => knex.raw('??', [column]),
    dialect: dialect.name,
    tx: <T>(work: (db: Db) => Promise<T>) => transact(knex, dialect, target, pending, work),
    wake: () => dialect.wake(knex, target),
    unlessTaken,
    afterCommit: (work: () => void) => {
      if (pending) pending.push(work)
      else work()
    },
  }
  Object.defineProperty(query, 'schema', { get: () => knex.schema })
  return Object.assign(query, members)
}

async function unlessTaken<T>(write: PromiseLike<T>, refusal: () => Error): Promise<T> {
  try {
    return await write
  } catch (error) {
    throw isUniqueViolation(error) ? refusal() : error
  }
}

async function transact<T>(
  knex: Knex,
  dialect: Dialect,
  target: Target,
  outer: Pending | null,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const pending: Pending = outer ?? []
  const mark = pending.length
  let result: T
  try {
    result = await knex.transaction((trx) => work(wrap(trx, dialect, target, pending)))
  } catch (error) {
    pending.length = mark
    throw error
  }
  if (outer) return result
  // Nobody is told of what a power cut could still take back.
  await dialect.synced(knex)
  for (const hook of pending) hook()
  return result
}

/** Whether the database could not write because the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return sqlite.isDiskFull(error) || postgres.isDiskFull(error)
}
