import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../index.ts'
import { LogSync, syncLog } from './log-sync.ts'

const test = suite('commits that a power cut does not take')

/** A disk that takes its time: each sync ends when the test says so. */
function slowDisk() {
  const ends: ((error?: Error) => void)[] = []
  const log = new LogSync(
    () => new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve()))),
  )
  const commit = (name: string, done: string[]) => {
    log.mark()
    return log.settled().then(
      () => void done.push(name),
      () => void done.push(`${name} failed`),
    )
  }
  return { ends, log, commit }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('wait for one sync together, those that come during one for the next', async () => {
  const { ends, log, commit } = slowDisk()
  const done: string[] = []
  const all = [commit('a', done), commit('b', done)]
  await turn()
  all.push(commit('c', done), commit('d', done))
  await turn()
  assert.equal([ends.length, done], [1, []])
  ends[0]!()
  await turn()
  assert.equal([ends.length, done], [2, ['a', 'b']])
  ends[1]!()
  await Promise.all(all)
  assert.equal(done, ['a', 'b', 'c', 'd'])
  await log.settled()
  assert.is(ends.length, 2, 'nothing more was committed')
})

test('are not told as kept where the disk refuses, and the next one tries again', async () => {
  const { ends, log, commit } = slowDisk()
  const done: string[] = []
  const first = commit('a', done)
  await turn()
  ends[0]!(new Error('EIO'))
  await first
  assert.equal(done, ['a failed'])
  const again = log.settled()
  await turn()
  ends[1]!()
  await again
})

test('a transaction is over when its log is on the disk, a single statement when that is asked for', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veza-log-'))
  const database = await openDatabase({ location: join(dir, 'test.db') })
  const { db, knex } = database
  const { log } = knex.client.constructor as { log: LogSync }
  const { settled } = log
  let [asked, marked] = [0, 0]
  log.settled = () => {
    asked += 1
    return settled.call(log)
  }
  const { mark } = log
  log.mark = () => {
    marked += 1
    mark.call(log)
  }
  await db.schema.createTable('things', (t) => void t.increments('id'))
  const [before] = [marked]
  await db.tx(async (db) => {
    await db('things').insert({ id: 1 })
    await db.tx(async (db) => void (await db('things').insert({ id: 2 })))
    assert.equal([asked, marked], [0, before], 'nothing is committed yet')
  })
  assert.equal([asked, marked], [1, before + 1])
  await db('things').select('id')
  assert.is(marked, before + 1)
  await db('things').insert({ id: 3 })
  assert.is(marked, before + 2)
  await database.synced()
  await database.close()
  await syncLog(join(dir, 'test.db'))
  await rm(dir, { recursive: true })
})

test.run()
