import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import Sqlite from 'better-sqlite3'

/** What `PRAGMA integrity_check` says, over every SQLite file of a data folder: `['ok']` where all are whole. */
export async function integrity(dataDir: string): Promise<string[]> {
  const said = new Set<string>()
  for (const file of await databaseFiles(dataDir)) {
    const database = new Sqlite(file, { fileMustExist: true })
    const rows = database.pragma('integrity_check') as { integrity_check: string }[]
    for (const row of rows) said.add(row.integrity_check)
    database.close()
  }
  return [...said]
}

/** Every text value of every table, as `file table.column: value`. */
export async function dumpOf(dataDir: string): Promise<string[]> {
  const lines: string[] = []
  for (const file of await databaseFiles(dataDir)) {
    const database = new Sqlite(file, { fileMustExist: true, readonly: true })
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all() as {
      name: string
    }[]
    for (const { name } of tables)
      for (const row of database.prepare(`select * from "${name}"`).all() as Record<string, unknown>[])
        for (const [column, value] of Object.entries(row))
          lines.push(
            `${relative(dataDir, file)} ${name}.${column}: ${Buffer.isBuffer(value) ? value.toString('latin1') : value}`,
          )
    database.close()
  }
  return lines
}

async function databaseFiles(dataDir: string): Promise<string[]> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(db|sqlite)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}
