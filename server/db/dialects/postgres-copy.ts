import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Knex } from 'knex'

/** Lines of a copy: one head, then each table's name followed by its rows as JSON objects. */
interface Head {
  format: 1
  /** Names of the migrations that made the tables. */
  migrations: string[]
}

const rowsAtOnce = 500
const migrationTable = 'veza_migrations'

/** Writes every table of the schema as JSON lines, all of the same moment. */
export async function writeCopy(knex: Knex, schema: string, file: string): Promise<void> {
  const out = await open(file, 'wx', 0o600)
  try {
    await knex.transaction(
      async (trx) => {
        const tables = await tablesOf(trx, schema)
        const migrations = tables.includes(migrationTable)
          ? (
              await rowsOf<{ name: string }>(trx, 'select name from ??.?? order by name', [
                schema,
                migrationTable,
              ])
            ).map((row) => row.name)
          : []
        await out.write(`${JSON.stringify({ format: 1, migrations } satisfies Head)}\n`)
        for (const table of tables) await writeTable(trx, schema, table, (text) => out.write(text))
      },
      { isolationLevel: 'repeatable read', readOnly: true },
    )
    await out.sync()
  } finally {
    await out.close()
  }
}

async function writeTable(
  trx: Knex,
  schema: string,
  table: string,
  write: (text: string) => Promise<unknown>,
): Promise<void> {
  await write(`${JSON.stringify({ table })}\n`)
  await trx.raw('declare veza_copy no scroll cursor for select row_to_json(t)::text as line from ??.?? t', [
    schema,
    table,
  ])
  for (;;) {
    const rows = await rowsOf<{ line: string }>(trx, `fetch ${rowsAtOnce} from veza_copy`)
    if (rows.length === 0) break
    await write(`${rows.map((row) => row.line).join('\n')}\n`)
  }
  await trx.raw('close veza_copy')
}

/** Fills an empty schema: `makeTables` is told which migrations made them. One transaction for all rows. */
export async function readCopy(
  knex: Knex,
  schema: string,
  file: string,
  makeTables: (migrations: string[]) => Promise<void>,
): Promise<void> {
  const rest = linesOf(file)
  const first = await rest.next()
  await makeTables((JSON.parse(first.value ?? '{}') as Head).migrations)
  await knex.transaction(async (trx) => {
    const links = await dropLinks(trx, schema)
    for (const table of await tablesOf(trx, schema)) await trx.raw('delete from ??.??', [schema, table])
    let table = ''
    let batch: string[] = []
    const flush = async () => {
      if (batch.length > 0) await insertRows(trx, schema, table, batch)
      batch = []
    }
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      const name = tableNamed(next.value)
      if (name === null) batch.push(next.value)
      if (name !== null || batch.length >= rowsAtOnce) await flush()
      if (name !== null) table = name
    }
    await flush()
    await setSequences(trx, schema)
    for (const link of links) await trx.raw(link)
  })
}

/** By line feeds alone: readline would also split at U+2028, which texts may hold. */
async function* linesOf(file: string): AsyncGenerator<string, undefined> {
  let left = ''
  for await (const chunk of createReadStream(file, 'utf8')) {
    const parts = `${left}${chunk}`.split('\n')
    left = parts.pop() ?? ''
    yield* parts
  }
  if (left !== '') yield left
}

/** Rows hold their columns; only a table's own line is exactly `{"table":"…"}`, and no table has just that column. */
function tableNamed(line: string): string | null {
  return /^\{"table":"([a-z0-9_]+)"\}$/.exec(line)?.[1] ?? null
}

async function insertRows(trx: Knex, schema: string, table: string, rows: string[]): Promise<void> {
  const columns = await rowsOf<{ name: string }>(
    trx,
    `select column_name as name from information_schema.columns
     where table_schema = ? and table_name = ? and is_generated = 'NEVER'`,
    [schema, table],
  )
  const list = columns.map(() => '??').join(', ')
  const names = columns.map((column) => column.name)
  await trx.raw(
    `insert into ??.?? (${list}) overriding system value select ${list} from json_populate_recordset(null::??.??, ?::json)`,
    [schema, table, ...names, ...names, schema, table, `[${rows.join(',')}]`],
  )
}

/** Drops the foreign keys, so that the tables' order is free; returns what makes them again, checking every row. */
async function dropLinks(trx: Knex, schema: string): Promise<string[]> {
  const links = await rowsOf<{ dropping: string; making: string }>(
    trx,
    `select format('alter table %I.%I drop constraint %I', n.nspname, c.relname, k.conname) as dropping,
       format('alter table %I.%I add constraint %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as making
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and n.nspname = ?`,
    [schema],
  )
  for (const link of links) await trx.raw(link.dropping)
  return links.map((link) => link.making)
}

/** Counters go on after the highest number in use. */
async function setSequences(trx: Knex, schema: string): Promise<void> {
  const counters = await rowsOf<{ tableName: string; columnName: string; counter: string }>(
    trx,
    `select * from (select table_name, column_name,
       pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) as counter
     from information_schema.columns where table_schema = ?) as found where counter is not null`,
    [schema],
  )
  for (const { tableName, columnName, counter } of counters)
    await trx.raw('select setval(?, coalesce((select max(??) from ??.??), 0) + 1, false)', [
      counter,
      columnName,
      schema,
      tableName,
    ])
}

async function tablesOf(trx: Knex, schema: string): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    trx,
    `select table_name as name from information_schema.tables
     where table_schema = ? and table_type = 'BASE TABLE' order by table_name`,
    [schema],
  )
  return rows.map((row) => row.name)
}

async function rowsOf<T>(trx: Knex, sql: string, bindings: Knex.RawBinding[] = []): Promise<T[]> {
  return ((await trx.raw(sql, bindings)) as { rows: T[] }).rows
}
