import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import { migrate } from './migrate.ts'

const script = fileURLToPath(new URL('./testdata/process.ts', import.meta.url))
const source = { owner: 'test', folder: new URL('./testdata/migrations/', import.meta.url) }

/** Starts processes on the database, lets them go at the same moment, and resolves to what each says at its end. */
async function inProcesses(
  database: TestDatabase,
  work: 'migrate' | 'count',
  how: number,
): Promise<unknown[]> {
  const children = Array.from({ length: how }, () =>
    fork(script, [JSON.stringify({ target: database.target, work })]),
  )
  const hear = (child: (typeof children)[number], field: string) =>
    new Promise<unknown>((resolve, reject) => {
      child.on('message', (message: Record<string, unknown>) => field in message && resolve(message[field]))
      child.once('exit', (code) => reject(new Error(`A process ended early (${code}).`)))
    })
  await Promise.all(children.map((child) => hear(child, 'isReady')))
  const answers = Promise.all(children.map((child) => hear(child, 'said')))
  for (const child of children) child.send('go')
  return answers
}

const test = suite('several processes on one database')

for (const kind of databaseKinds)
  test(`migrate at once on ${kind}: each migration is applied by one of them`, async () => {
    const database = await testDatabase(kind)
    const said = await inProcesses(database, 'migrate', 3)
    assert.equal(said.flat().sort(), ['test/0001-first', 'test/0002-second'], JSON.stringify(said))
    assert.equal(await migrate(database, [source]), [])
    assert.is((await database.db('second')).length, 1)
    await database.close()
  })

test('read and then write in one transaction on SQLite without failing or losing a write', async () => {
  const database = await testDatabase('sqlite')
  await migrate(database, [source])
  assert.equal(await inProcesses(database, 'count', 2), [50, 50])
  assert.is((await database.db('second').first()).n, 100)
  await database.close()
})

test.run()
