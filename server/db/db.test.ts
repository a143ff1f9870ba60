import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import { rowToCode, toCamel, toSnake } from './case.ts'
import { isDiskFull, isUniqueViolation, migrate, NewerDataError, openDatabase } from './index.ts'

interface Context {
  database: TestDatabase
}
const until = async (isTrue: () => boolean) => {
  for (let tries = 0; tries < 200 && !isTrue(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25))
  assert.ok(isTrue(), 'it did not happen within 5 s')
}

for (const kind of databaseKinds) {
  const test = suite<Context>(`database, ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await context.database.db.schema.createTable('things', (t) => {
      t.increments('id')
      t.string('shown_name').unique()
      t.boolean('is_open')
      t.boolean('has_sound')
      t.text('detail_json')
      t.bigInteger('size_bytes')
      t.double('share')
    })
  })
  test.before.each(({ database }) => database.db('things').delete())
  test.after(({ database }) => database.close())
  const names = async ({ db }: TestDatabase) =>
    (await db('things').orderBy('id')).map((row: { shownName: string }) => row.shownName)
  const add = (db: TestDatabase['db'], shownName: string) => db('things').insert({ shownName })

  test('gives rows back as the code writes them', async ({ database: { db } }) => {
    const detail = { list: [1, 'two', null], deep: { isOpen: true } }
    await db('things').insert({
      shownName: 'a',
      isOpen: true,
      hasSound: false,
      detailJson: JSON.stringify(detail),
      sizeBytes: 2 ** 40,
      share: 0.25,
    })
    const { id: _id, ...row } = await db('things').where({ shownName: 'a' }).first()
    assert.equal(row, {
      shownName: 'a',
      isOpen: true,
      hasSound: false,
      detailJson: detail,
      sizeBytes: 2 ** 40,
      share: 0.25,
    })
    await db('things').insert({ shownName: 'b' })
    const { isOpen, detailJson } = await db('things').where({ shownName: 'b' }).first('isOpen', 'detail_json')
    assert.equal([isOpen, detailJson], [null, null])
    const [{ n }] = await db('things').count('* as n')
    assert.is(n, 2)
    const raw = await db.raw<{ shownName: string }[]>('select shown_name from things where ?? = ?', [
      'shown_name',
      'a',
    ])
    assert.equal(
      raw.map((one) => ({ ...one })),
      [{ shownName: 'a' }],
    )
    assert.is((await db('things').where('shownName', db.ref('shownName'))).length, 2)
    assert.is(db.dialect, kind)
  })

  test('a transaction is whole or nothing', async ({ database }) => {
    const { db } = database
    const done = await db.tx(async (db) => {
      await add(db, 'a')
      await add(db, 'b')
      return 'done'
    })
    assert.is(done, 'done')
    const failed = db.tx(async (db) => {
      await add(db, 'c')
      throw new Error('changed my mind')
    })
    assert.is(await failed.catch((error: Error) => error.message), 'changed my mind')
    assert.equal(await names(database), ['a', 'b'])
    await db.tx(async (db) => add(db, 'd'))
    assert.equal(await names(database), ['a', 'b', 'd'], 'the connection is whole again')
  })

  test('a transaction inside one is undone alone', async ({ database }) => {
    await database.db.tx(async (db) => {
      await add(db, 'before')
      const inner = db.tx(async (db) => {
        await add(db, 'inner')
        await db.tx((db) => add(db, 'innermost'))
        await add(db, 'before')
      })
      const error = await inner.catch((error: unknown) => error)
      assert.ok(isUniqueViolation(error))
      await db.tx((db) => add(db, 'kept'))
      await add(db, 'after')
    })
    assert.equal(await names(database), ['before', 'kept', 'after'])
  })

  test('what waits for the commit runs after the outermost one, in order, and never for what was undone', async ({
    database,
  }) => {
    const { db } = database
    const ran: string[] = []
    await db.tx(async (db) => {
      db.afterCommit(() => ran.push('first'))
      await db.tx(async (db) => db.afterCommit(() => ran.push('inner')))
      await db
        .tx(async (db) => {
          db.afterCommit(() => ran.push('undone'))
          throw new Error('no')
        })
        .catch(() => undefined)
      db.afterCommit(() => ran.push('last'))
      assert.equal(ran, [])
    })
    assert.equal(ran, ['first', 'inner', 'last'])
    await db
      .tx(async (db) => {
        db.afterCommit(() => ran.push('never'))
        throw new Error('no')
      })
      .catch(() => undefined)
    db.afterCommit(() => ran.push('at once'))
    assert.equal(ran, ['first', 'inner', 'last', 'at once'])
  })

  test('tells a broken unique constraint and a full disk from other errors', async ({ database: { db } }) => {
    await add(db, 'a')
    const taken = await add(db, 'a').catch((error: unknown) => error)
    const missing = await db('nothing')
      .select()
      .catch((error: unknown) => error)
    assert.equal([taken, missing, null, 'text', {}].map(isUniqueViolation), [
      true,
      false,
      false,
      false,
      false,
    ])
    assert.equal(
      ['SQLITE_FULL', '53100', 'ENOSPC', 'SQLITE_IOERR_WRITE', 'EACCES'].map((code) => isDiskFull({ code })),
      [true, true, true, true, false],
    )
  })

  test('hears what another connection commits, until it stops listening', async ({ database }) => {
    const other = await openDatabase(database.target)
    let heard = 0
    const stop = await database.watch(() => heard++)
    await other.db.tx(async (db) => {
      await add(db, 'from elsewhere')
      await db.wake()
    })
    await until(() => heard > 0)
    assert.equal(await names(database), ['from elsewhere'])
    await stop()
    const before = heard
    await other.db.tx(async (db) => {
      await add(db, 'unheard')
      await db.wake()
    })
    await new Promise((resolve) => setTimeout(resolve, 700))
    assert.is(heard, before)
    await other.close()
  })

  test('refuses data that a newer version wrote, and leaves the plugins that are not asked about', async ({
    database,
  }) => {
    const folder = await mkdtemp(join(tmpdir(), 'veza-migrations-'))
    await writeFile(join(folder, '0001-a.js'), 'export const up = async () => {}')
    await writeFile(join(folder, 'notes.txt'), 'not a migration')
    const source = { owner: 'server', folder: pathToFileURL(`${folder}/`) }
    assert.equal(await migrate(database, [source]), ['server/0001-a'])
    const mark = (name: string) => database.db('veza_migrations').insert({ name, appliedAt: 'now' })
    await mark('removed-plugin/0001-x')
    assert.equal(await migrate(database, [source]), [])
    await mark('server/0002-from-the-future')
    const error = await migrate(database, [source]).catch((error: unknown) => error)
    assert.instance(error, NewerDataError)
    assert.match((error as Error).message, 'server/0002-from-the-future')
    await rm(folder, { recursive: true })
  })

  test('says the schema as text', async ({ database }) => {
    assert.match(await database.dialect.schemaSql(database.knex, database.target), /things[\s\S]*shown_name/)
  })

  test.run()
}

const postgres = suite<Context>('database, a lost listener')
postgres('is back by itself and looks again', async () => {
  const database = await testDatabase('postgres')
  let heard = 0
  const stop = await database.watch(() => heard++)
  const killed = await database.db.raw<unknown[]>(
    'select pg_terminate_backend(pid) from pg_stat_activity where query like ?',
    [`listen "veza_${database.target.schema}"`],
  )
  assert.is(killed.length, 1)
  await until(() => heard === 1)
  await database.db.wake()
  await until(() => heard === 2)
  await stop()
  await database.close()
})
postgres.run()

const cases = suite('names in database and code')
const camel = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,30}$/)

cases('go to the database and come back unchanged', () => {
  fc.assert(fc.property(camel, (name) => toCamel(toSnake(name)) === name && !/[A-Z]/.test(toSnake(name))))
})

cases('values stay as they are, flags and JSON apart', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.double({ noNaN: true }))
  fc.assert(
    fc.property(fc.dictionary(camel, value), (row) => {
      const plain = Object.fromEntries(
        Object.entries(row).filter(([key]) => !/^(is|has|can)[A-Z0-9]|Json$/.test(key)),
      )
      const columns = Object.fromEntries(Object.entries(plain).map(([key, one]) => [toSnake(key), one]))
      assert.equal({ ...rowToCode(columns) }, { ...plain })
    }),
  )
  fc.assert(
    fc.property(fc.jsonValue(), fc.boolean(), (json, flag) => {
      const row = rowToCode({ detail_json: JSON.stringify(json), is_open: Number(flag), island: 1 })
      assert.equal(JSON.stringify(row), JSON.stringify({ detailJson: json, isOpen: flag, island: 1 }))
    }),
  )
})
cases.run()
