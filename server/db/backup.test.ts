import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { postgresUrl, testDatabase } from '../../test/kit/databases.ts'
import {
  backupDatabase,
  checkDatabaseFile,
  migrate,
  NewerDataError,
  openDatabase,
  restoreDatabase,
} from './index.ts'

const test = suite<{ dir: string }>('database copies')
test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'veza-copy-'))
  await writeFile(
    join(context.dir, '0001-odd.ts'),
    `export async function up(db) {
      await db.schema.createTable('odd_parents', (t) => { t.increments('id'); t.text('words'); t.binary('bytes'); t.bigInteger('large'); t.double('share'); t.boolean('is_on') })
      await db.schema.createTable('odd_children', (t) => { t.uuid('id').primary(); t.integer('parent_id').references('id').inTable('odd_parents'); t.uuid('older_id').references('id').inTable('odd_children') })
      await db('odd_parents').insert({ words: 'made by the migration' })
    }`,
  )
})
test.after(({ dir }) => rm(dir, { recursive: true }))

const ids = ['0198c0de-0000-7000-8000-000000000001', '0198c0de-0000-7000-8000-000000000002']
const words = 'two\nlines\u2028and "more" {"table":"odd_children"} \\ é 🎛'

for (const kind of ['sqlite', 'postgres'] as const)
  test(`a copy holds every value as it was (${kind}) [OPS-04]`, async ({ dir }) => {
    const source = { owner: 'odd', folder: pathToFileURL(`${dir}/`) }
    const database = await testDatabase(kind)
    await migrate(database, [source])
    await database
      .db('odd_parents')
      .insert({ words, bytes: Buffer.from([0, 255, 10]), large: 2 ** 50, share: 0.1, isOn: true })
    for (let batch = 0; batch < 4; batch++)
      await database
        .db('odd_parents')
        .insert(Array.from({ length: 300 }, (_, n) => ({ words: `row ${batch} ${n}` })))
    // The child points to a row that is put in after it.
    await database.db('odd_children').insert({ id: ids[1], parentId: 2 })
    await database.db('odd_children').insert({ id: ids[0], parentId: 1, olderId: ids[1] })
    const file = join(dir, `${kind}.copy`)
    await backupDatabase(database, file)
    const rows = async (db: typeof database.db) => [
      await db('odd_parents').orderBy('id'),
      await db('odd_children').orderBy('id'),
      await db('veza_migrations').orderBy('name'),
    ]
    const before = await rows(database.db)
    const restored =
      kind === 'sqlite' ? await openDatabase({ location: file }) : await testDatabase('postgres')
    if (kind === 'postgres') await restoreDatabase(restored, file, [source])
    assert.equal(await rows(restored.db), before)
    const [next] = await restored.db('odd_parents').insert({ words: 'next' }).returning('id')
    assert.is(next.id, 1203, 'numbers go on')
    const orphan = await restored
      .db('odd_children')
      .insert({ id: ids[0]?.replace('1', '9'), parentId: 9999 })
      .catch((error: unknown) => error)
    assert.instance(orphan, Error, 'links hold again')
    await restored.close()
    await database.close()
  })

test('a copy that needs unknown migrations is refused', async ({ dir }) => {
  const source = { owner: 'odd', folder: pathToFileURL(`${dir}/`) }
  const database = await testDatabase('postgres')
  const other = await testDatabase('postgres')
  await migrate(database, [source])
  const file = join(dir, 'newer.copy')
  await backupDatabase(database, file)
  const error = await restoreDatabase(other, file, []).catch((cause: unknown) => cause)
  assert.instance(error, NewerDataError)
  assert.ok(postgresUrl())
  await other.close()
  await database.close()
})

test('a damaged file is found', async ({ dir }) => {
  const file = join(dir, 'damaged.db')
  await writeFile(file, 'x'.repeat(9000))
  assert.match((await checkDatabaseFile(file)) ?? '', /not a database/)
})

test.run()
