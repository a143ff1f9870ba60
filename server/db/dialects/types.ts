import type { Knex } from 'knex'

export interface Target {
  /** SQLite: the file. PostgreSQL: the connection address. */
  location: string
  /** PostgreSQL only: the schema that holds the site's tables. */
  schema?: string
  poolSize?: number
}

/** All that differs between the databases; there is no `if (sqlite)` elsewhere. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  config(target: Target): Knex.Config
  /** Makes the schema where there is none. */
  prepare(knex: Knex, target: Target): Promise<void>
  /**
   * Calls back after another process committed something; may call too often, never too seldom by more than a
   * second. Returns the stop function.
   */
  watch(knex: Knex, target: Target, changed: () => void): Promise<() => Promise<void>>
  /** Told by writers in a transaction so that `watch` in other processes hears of it. */
  wake(knex: Knex, target: Target): Promise<void>
  /** Resolves when everything that was committed here is on the disk itself, so that no power cut takes it. */
  synced(knex: Knex): Promise<void>
  /** Ends a `select` whose rows are claimed by the same statement: passes over those another worker is claiming. */
  readonly skipLocked: string
  isDiskFull(error: unknown): boolean
  /** Keeps two processes from migrating at once; the work runs inside. */
  exclusively<T>(knex: Knex, target: Target, work: () => Promise<T>): Promise<T>
  /** `create table …` text of the whole schema, sorted, for the snapshot. */
  schemaSql(knex: Knex, target: Target): Promise<string>
  /** Writes a consistent copy into a new file, while others write. */
  backup(knex: Knex, target: Target, file: string): Promise<void>
  /** Fills an empty database from such a copy; `makeTables` gets the names of the migrations that made its tables. */
  restore(
    knex: Knex,
    target: Target,
    file: string,
    makeTables: (migrations: string[]) => Promise<void>,
  ): Promise<void>
}
