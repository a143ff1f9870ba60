import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { KeptHead } from './open-segments.ts'
import { recoverSpool, Spool } from './spool.ts'

const test = suite('the spool of open segments')
let root: string
let folders: string[]
let dir: string

test.before.each(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-spool-'))
  dir = join(root, 'spool')
  folders = [join(root, 'first'), join(root, 'second')]
  for (const folder of folders) await mkdir(folder)
})
test.after.each(async () => {
  for (const spool of begun.splice(0)) await spool.close()
  await rm(root, { recursive: true, force: true })
})

const begun: Spool[] = []
async function begin(): Promise<Spool> {
  const spool = await Spool.open(dir)
  begun.push(spool)
  return spool
}

const at = '2026-01-01T00:00:00.000Z'
const init = { track: 'video', initId: 0, codec: 'avc1.640028', bitrate: 1, config: '' } as const
const place = { initId: 0, run: 0, startMs: 0, at, isDiscontinuity: false, isIndependent: true }
const kept = (seq: number): KeptHead => ({ head: { track: 'video', seq, ...place }, init })
const part = (text: string, bytes = 8) => Buffer.from(text.padEnd(bytes, '.'))

async function heads(folder: string): Promise<number[]> {
  const json = await readFile(join(folder, 'open.json'), 'utf8').catch(() => '[]')
  return (JSON.parse(json) as KeptHead[]).map(({ head }) => head.seq)
}
const left = (folder: string, seq: number) => readFile(join(folder, `.v${seq}.m4s.tmp`), 'latin1')

test('gives each stream its parts back, also of two segments that were not stored [LIVE-13]', async () => {
  const spool = await begin()
  const [first, second] = folders as [string, string]
  spool.add({ dir: first, part: 0, kept: kept(4) }, part('a'))
  spool.add({ dir: second, part: 0, kept: kept(9) }, part('x'))
  spool.add({ dir: first, part: 1, kept: kept(4) }, part('b'))
  await spool.settle()
  spool.add({ dir: first, part: 0, kept: kept(5) }, part('c'))
  await spool.settle()
  await recoverSpool(dir)
  assert.equal(await heads(first), [4, 5])
  assert.equal([await left(first, 4), await left(first, 5)], ['a.......b.......', 'c.......'])
  assert.equal([await heads(second), await left(second, 9)], [[9], 'x.......'])
  assert.equal(await readdir(dir), [])
})

test('keeps nothing of what was stored, and no file for it', async () => {
  const spool = await begin()
  const [first, second] = folders as [string, string]
  const large = 9 * 1024 * 1024
  for (const seq of [1, 2, 3, 4]) {
    spool.add({ dir: first, part: 0, kept: kept(seq) }, part('a', large))
    await spool.settle()
    spool.finish(first, { track: 'video', seq })
  }
  spool.add({ dir: second, part: 0, kept: kept(1) }, part('x'))
  spool.finish(second, { track: 'video', seq: 1 })
  await spool.settle()
  assert.is((await readdir(dir)).length, 1, 'the newest file alone')
  await spool.close()
  assert.equal(await readdir(dir), [])
  await recoverSpool(dir)
  assert.equal([await heads(first), await heads(second)], [[], []])
})

test('loses what is torn and what comes behind a gap, nothing before it', async () => {
  const spool = await begin()
  const [first, second] = folders as [string, string]
  spool.add({ dir: second, part: 0, kept: kept(1) }, part('x'))
  spool.add({ dir: second, part: 2, kept: kept(1) }, part('z'))
  spool.add({ dir: first, part: 0, kept: kept(4) }, part('a'))
  spool.add({ dir: first, part: 1, kept: kept(4) }, part('b'))
  await spool.settle()
  const [name] = await readdir(dir)
  const path = join(dir, name!)
  await truncate(path, (await readFile(path)).length - 3)
  await recoverSpool(dir)
  assert.equal([await left(first, 4), await left(second, 1)], ['a.......', 'x.......'])
})

test('is no hindrance where a folder is gone or a file is not its own', async () => {
  const spool = await begin()
  const [first, second] = folders as [string, string]
  spool.add({ dir: first, part: 0, kept: kept(1) }, part('a'))
  spool.add({ dir: second, part: 0, kept: kept(1) }, part('x'))
  await spool.settle()
  await rm(first, { recursive: true })
  await writeFile(join(dir, '1.spool'), 'nothing of ours, and long enough to be read as lengths')
  await writeFile(join(dir, 'notes.txt'), 'not ours')
  await recoverSpool(dir)
  assert.equal([await heads(second), await readdir(dir)], [[1], ['notes.txt']])
  await recoverSpool(join(root, 'never made'))
})

test.run()
