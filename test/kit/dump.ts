import type { Database } from '../../server/db/index.ts'

/** Every row of every table as text: what somebody has who gets hold of the database. `except`: tables left out. */
export async function dumpOf(database: Database, except: readonly string[] = []): Promise<string> {
  const { db, target } = database
  const names =
    db.dialect === 'sqlite'
      ? await db.raw<{ name: string }[]>(
          "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
        )
      : await db.raw<{ name: string }[]>(
          'select table_name as name from information_schema.tables where table_schema = ?',
          [target.schema ?? 'public'],
        )
  const tables = names.filter(({ name }) => !except.includes(name))
  const rows = await Promise.all(tables.map(async ({ name }) => [name, await db(name)]))
  return JSON.stringify(rows)
}
