import { openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type SyncedFirst, Syncer } from './syncer.ts'

const test = suite('bringing recordings to the disk')
let dir: string
let told: string[]
/** A round is no reason to go on for a process that has nothing else to do; the tests are. */
let awake: NodeJS.Timeout

test.before.each(async () => {
  awake = setInterval(() => {}, 1_000)
  dir = await mkdtemp(join(tmpdir(), 'veza-sync-'))
  told = []
})
test.after.each(async () => {
  clearInterval(awake)
  await rm(dir, { recursive: true })
})

const file = (name: string) => openSync(join(dir, name), 'w')
const owner = (name: string) => ({ sync: async () => void told.push(name) })
const spool: SyncedFirst = { onWritten: () => {}, sync: async () => void told.push('spool') }

test('once for all: the spool, then segments, then their index, then nobody needs the spool [LIVE-13]', async () => {
  const syncer = new Syncer(spool, 1_000_000)
  const [one, two] = [owner('index of one'), owner('index of two')]
  syncer.wrote(one, file('a'), () => told.push('a'))
  syncer.wrote(one, file('b'), () => told.push('b'))
  syncer.wrote(two, file('c'), () => told.push('c'))
  assert.equal(told, [])
  await syncer.settle()
  assert.equal(told, ['spool', 'index of one', 'index of two', 'a', 'b', 'c'])
  await syncer.settle()
  assert.equal(told.slice(6), ['spool'])
})

test('by itself when something was written, also to the spool alone', async () => {
  const first = { ...spool }
  const syncer = new Syncer(first, 5)
  const wait = (name: string) =>
    new Promise<void>((resolve) => syncer.wrote(owner(name), file(name), resolve))
  await Promise.all([wait('x'), wait('y')])
  assert.equal(told.slice(0, 3), ['spool', 'x', 'y'])
  await new Promise<void>((resolve) => {
    first.sync = async () => resolve()
    first.onWritten()
  })
})

test('what cannot be synced holds up nothing else', async () => {
  const syncer = new Syncer({ ...spool, sync: () => Promise.reject(new Error('gone')) }, 1_000_000)
  const broken = { sync: () => Promise.reject(new Error('gone')) }
  syncer.wrote(broken, 999_999, () => told.push('bad'))
  syncer.wrote(owner('index'), file('a'), () => told.push('a'))
  await syncer.settle()
  assert.equal(told, ['index', 'bad', 'a'])
})

test.run()
