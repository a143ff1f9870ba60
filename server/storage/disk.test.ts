import { execFileSync } from 'node:child_process'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ProblemError } from '#sdk'
import { createDiskStorage } from './disk.ts'
import type { StorageDriver } from './driver.ts'
import { isKey, StorageKeyError } from './keys.ts'
import type { MediaSigner } from './signed-url.ts'
import { temporaryName } from './temporary-files.ts'

const hmac = (value: string) => createHmac('sha256', 'test').update(value).digest('base64url')
const signer: MediaSigner = {
  sign: hmac,
  verify: (value, signature) =>
    signature.length === hmac(value).length &&
    timingSafeEqual(Buffer.from(signature), Buffer.from(hmac(value))),
}
const files = async (dir: string) =>
  (await readdir(dir, { recursive: true, withFileTypes: true })).map((entry) =>
    join(entry.parentPath, entry.name).slice(dir.length + 1),
  )

async function collect(list: AsyncIterable<{ key: string }>): Promise<string[]> {
  const keys: string[] = []
  for await (const file of list) keys.push(file.key)
  return keys
}

async function rejected(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('It was not refused.')
}

let dir: string
let storage: StorageDriver
const test = suite('disk storage')
test.before.each(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veza-storage-'))
  storage = await createDiskStorage({ dir, signer })
})
test.after.each(async () => {
  await rm(dir, { recursive: true, force: true })
})

test('signs pictures for the day: one address until midnight, good until the next [SEC-11]', async () => {
  let now = Date.parse('2026-03-01T00:00:00.000Z')
  const byDay = await createDiskStorage({ dir, signer, now: () => now })
  const address = byDay.dayUrl('profiles/a/96.webp')
  const rest = address.slice('/media/'.length)
  now += 86_400_000 - 1
  assert.is(byDay.dayUrl('profiles/a/96.webp'), address)
  now += 1
  assert.is.not(byDay.dayUrl('profiles/a/96.webp'), address)
  now += 86_400_000 - 1
  assert.is(byDay.verifyMediaUrl(rest)?.key, 'profiles/a/96.webp')
  now += 1
  assert.is(byDay.verifyMediaUrl(rest), null)
})

test('reads back what was written, whole and in ranges [CLOUD-01]', async () => {
  assert.equal(await storage.write('live/ab/one.m4s', Buffer.from('0123456789')), { sizeBytes: 10 })
  assert.equal(await storage.write('live/ab/two.txt', Readable.from(['ab', Buffer.from('cd')])), {
    sizeBytes: 4,
  })
  const read = async (key: string, range?: { start: number; end?: number }) => {
    const file = await storage.read(key, range)
    return file && `${file.sizeBytes} ${(await buffer(file.stream)).toString()}`
  }
  assert.is(await read('live/ab/one.m4s'), '10 0123456789')
  assert.is(await read('live/ab/one.m4s', { start: 2, end: 4 }), '10 234')
  assert.is(await read('live/ab/one.m4s', { start: 8 }), '10 89')
  assert.is(await read('live/ab/one.m4s', { start: 0, end: 99 }), '10 0123456789')
  assert.is(await read('live/ab/two.txt'), '4 abcd')
  assert.is(await read('live/ab'), null)
  assert.is(await read('live/ab/one.m4s/inside'), null)
  assert.instance(await rejected(read('live/ab/one.m4s', { start: 10 })), RangeError)
  assert.is(await storage.size('live/ab/one.m4s'), 10)
  assert.is(await storage.size('missing'), null)
})

test('keeps empty files', async () => {
  await storage.write('empty', Buffer.alloc(0))
  const file = await storage.read('empty')
  assert.is((await buffer(file?.stream as Readable)).length, 0)
  assert.is(await storage.size('empty'), 0)
})

test('lists and removes files and folders', async () => {
  for (const key of ['b/2', 'b/1', 'b/c/3', 'bb/4']) await storage.write(key, Buffer.from(key))
  const keys = async (prefix: string) => collect(storage.list(prefix))
  assert.equal(await keys('b'), ['b/1', 'b/2', 'b/c/3'])
  assert.equal(await keys('b/'), ['b/1', 'b/2', 'b/c/3'])
  assert.equal(await keys(''), ['b/1', 'b/2', 'b/c/3', 'bb/4'])
  assert.equal(await keys('nothing'), [])
  await storage.remove('b/1')
  await storage.remove('b/1')
  await storage.removeFolder('b/c')
  assert.equal(await keys(''), ['b/2', 'bb/4'])
  assert.instance(await rejected(storage.removeFolder('')), StorageKeyError)
})

test('gives programs a path, and live writers a folder', async () => {
  await storage.write('a/b.mp4', Buffer.from('film'))
  assert.is(await storage.withLocalFile('a/b.mp4', (path) => readFile(path, 'utf8')), 'film')
  assert.instance(await rejected(storage.withLocalFile('a/c.mp4', async () => {})), ProblemError)
  const folder = storage.localFolder('live/x')
  await writeFile(join(folder, '1.m4s'), 'part')
  assert.is(await storage.size('live/x/1.m4s'), 4)
})

test('takes no key that leads out of its folder', async () => {
  const bad = [
    '',
    '/',
    '/etc/passwd',
    'a/../b',
    '..',
    '.',
    'a//b',
    'a/',
    '.hidden',
    'a/.b',
    'A',
    'a b',
    'a\\b',
  ]
  for (const key of [...bad, 'a\0', 'a~b', 'C:', '%2e%2e/a', 'é', 'a\n', 'x'.repeat(600)]) {
    assert.not(isKey(key), JSON.stringify(key))
    assert.instance(await rejected(storage.write(key, Buffer.from('x'))), StorageKeyError)
    assert.instance(await rejected(storage.read(key)), StorageKeyError)
    assert.instance(await rejected(storage.remove(key)), StorageKeyError)
    assert.throws(() => storage.url(key, 60))
    assert.throws(() => storage.localFolder(key === 'a/' ? '' : key))
  }
  assert.equal(await files(dir), [])
})

test('whatever the key, a file ends inside the folder or is refused', async () => {
  const part = fc.constantFrom('a', 'live', '..', '.', '', 'b.c', '~x', 'B', '%2e', '\\', '\0', '-', '_')
  const key = fc.oneof(
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/')),
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('')),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(key, async (name) => {
      const path = join(dir, name)
      const isInside = path.startsWith(dir + sep) && path === `${dir}${sep}${name}`
      if (isKey(name)) assert.ok(isInside, name)
      else assert.instance(await rejected(storage.size(name)), StorageKeyError)
    }),
    { numRuns: 2000 },
  )
})

test('follows no symbolic link to a file outside', async () => {
  await symlink('/etc/hostname', join(dir, 'link'))
  assert.is(((await rejected(storage.read('link'))) as NodeJS.ErrnoException).code, 'ELOOP')
})

test('leaves the old file and nothing else where a stream breaks', async () => {
  await storage.write('a/b', Buffer.from('old'))
  const broken = async function* () {
    yield Buffer.from('half')
    throw new Error('upload cut')
  }
  assert.match(String(await rejected(storage.write('a/b', Readable.from(broken())))), 'upload cut')
  assert.match(String(await rejected(storage.write('new/deep/c', Readable.from(broken())))), 'upload cut')
  assert.equal(await files(dir), ['a', join('a', 'b')])
  assert.is(await readFile(join(dir, 'a/b'), 'utf8'), 'old')
})

test('keeps one whole file when many write it at once [CLOUD-01]', async () => {
  const contents = Array.from({ length: 20 }, (_none, index) => Buffer.alloc(200_000, index))
  const chunked = (data: Buffer) => Readable.from([data.subarray(0, 90_000), data.subarray(90_000)])
  await Promise.all(contents.map((data) => storage.write('deep/folder/same', chunked(data))))
  const left = await readFile(join(dir, 'deep/folder/same'))
  assert.is(left.length, 200_000)
  assert.ok(left.every((byte) => byte === left[0]))
  assert.is((await files(dir)).filter((name) => name.includes('~')).length, 0)
})

test('sweeps half-written files of dead processes at start, not those of living ones', async () => {
  const here = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
  await mkdir(join(dir, 'live'))
  const dead = join('live', `~${here}~4194999~start~one`)
  const reused = join('live', `~${here}~${process.pid}~start-before~two`)
  const living = join('live', `~${here}~1~start~three`)
  const foreign = join('live', '~other-node~4194999~start~four')
  for (const name of [dead, reused, living, foreign]) await writeFile(join(dir, name), 'half')
  const own = join('live', temporaryName())
  await writeFile(join(dir, own), 'being written')
  await createDiskStorage({ dir, signer })
  assert.equal((await files(dir)).sort(), ['live', own, living, foreign].sort())
  assert.equal(await collect(storage.list('')), [])
})

test('refuses with a problem when the disk is full, and leaves nothing behind [CLOUD-01]', async () => {
  const small = join(dir, 'small')
  await mkdir(small)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'veza-test', small], { stdio: 'pipe' })
  } catch (error) {
    throw new Error(`This test mounts a 1 MB folder: run the tests as root, with CAP_SYS_ADMIN. (${error})`)
  }
  try {
    const full = await createDiskStorage({ dir: small, signer })
    await full.write('kept', Buffer.alloc(300_000, 1))
    const tooBig = [
      Buffer.alloc(2_000_000),
      Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(100_000))),
    ]
    for (const data of tooBig) {
      const error = (await rejected(full.write('new/folder/file', data))) as ProblemError
      assert.instance(error, ProblemError)
      assert.is(error.problem.status, 507)
      assert.equal(await files(small), ['kept'])
    }
    assert.is(await full.size('kept'), 300_000)
    await full.remove('kept')
    await full.write('new/folder/file', Buffer.alloc(800_000))
    assert.is(await full.size('new/folder/file'), 800_000)
  } finally {
    execFileSync('umount', [small])
  }
})

test('takes a finished file over: whole where it belongs, gone from where it was, or left alone', async () => {
  const from = join(dir, '..', `finished-${Date.now()}`)
  await writeFile(from, 'all of it')
  assert.equal(await storage.take('media/a/original.wav', from), { sizeBytes: 9 })
  assert.is(await readFile(join(dir, 'media/a/original.wav'), 'utf8'), 'all of it')
  assert.is(((await rejected(readFile(from))) as NodeJS.ErrnoException).code, 'ENOENT')
  assert.is(((await rejected(storage.take('media/b.wav', from))) as NodeJS.ErrnoException).code, 'ENOENT')
  assert.is(await storage.size('media/b.wav'), null)
  assert.ok(
    (await rejected(storage.take('../b.wav', join(dir, 'media/a/original.wav')))) instanceof StorageKeyError,
  )
  assert.is(await storage.size('media/a/original.wav'), 9)
})

test('takes a file over from another disk', async () => {
  const from = `/dev/shm/finished-${process.pid}`
  await writeFile(from, 'from afar')
  await storage.take('media/far.wav', from)
  assert.is(await storage.size('media/far.wav'), 9)
  assert.is(((await rejected(readFile(from))) as NodeJS.ErrnoException).code, 'ENOENT')
})

test.run()
