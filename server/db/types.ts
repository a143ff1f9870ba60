import type { Knex } from 'knex'

/** A row in code: camelCase columns; `is/has/can…` boolean, `*Json` parsed. */
export type Row = Record<string, unknown>

/**
 * A connection or a transaction; the first parameter of every query function. Columns are snake_case in the
 * database and camelCase in code, both ways.
 */
export interface Db {
  // biome-ignore lint/suspicious/noExplicitAny: knex's own builder type is generic over rows; callers name the row.
  <R extends object = any>(table: string): Knex.QueryBuilder<R, any>
  raw<T = unknown>(sql: string, bindings?: readonly Knex.RawBinding[]): Promise<T>
  ref(column: string): Knex.Raw
  readonly schema: Knex.SchemaBuilder
  readonly dialect: 'sqlite' | 'postgres'
  /** Runs `work` in one transaction; a transaction inside one is a savepoint. Await nothing but `db` in it. */
  tx<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** Runs after the outermost transaction is committed; at once outside one. Not run on rollback. */
  afterCommit(work: () => void): void
  /**
   * A write of what must be unique: where it breaks a unique constraint, that error is thrown instead. To look first
   * gives no certainty, as another one may write in between. A transaction that it is part of is to be given up then.
   */
  unlessTaken<T>(write: PromiseLike<T>, refusal: () => Error): Promise<T>
  /** Other processes' watchers hear of this transaction when it is committed (see Database.watch). */
  wake(): Promise<void>
}
