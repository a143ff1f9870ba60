import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from './index.ts'
import { keepStatements } from './statement-cache.ts'

const test = suite('kept statements')

test('prepares a query once, and again when it was unused for longest', () => {
  const prepared: string[] = []
  const connection = { prepare: (sql: string) => prepared.push(sql) }
  keepStatements(connection, 2)
  for (const sql of ['select 1', 'select 2', 'select 1', 'select 3', 'select 1', 'select 2']) {
    connection.prepare(sql)
  }
  assert.equal(prepared, ['select 1', 'select 2', 'select 3', 'select 2'])
})

test('keeps nothing that is no query', () => {
  const prepared: string[] = []
  const connection = { prepare: (sql: string) => prepared.push(sql) }
  keepStatements(connection)
  for (const sql of ['vacuum into ?', 'vacuum into ?', 'BEGIN IMMEDIATE;']) connection.prepare(sql)
  assert.is(prepared.length, 3)
})

test('a kept statement finds the columns that another process added', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veza-statements-'))
  const location = join(dir, 'test.db')
  const [one, other] = [await openDatabase({ location }), await openDatabase({ location })]
  await one.knex.schema.createTable('things', (table) => table.integer('n'))
  await one.knex('things').insert({ n: 1 })
  assert.equal(await one.knex('things'), [{ n: 1 }])
  await other.knex.schema.alterTable('things', (table) => table.integer('more').defaultTo(5))
  assert.equal(await one.knex('things'), [{ n: 1, more: 5 }])
  await Promise.all([one.close(), other.close()])
  await rm(dir, { recursive: true })
})

test.run()
