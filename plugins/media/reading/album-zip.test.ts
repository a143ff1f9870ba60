import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ZipFile } from 'yazl'
import { readAlbumZip } from './album-zip.ts'
import { ReadingError, ZipRefused } from './reading-error.ts'
import { jpeg, latin, mp3Frames } from './testdata/bytes.ts'
import { temporary } from './testdata/media.ts'
import type { ZipLimits } from './types.ts'

const test = suite<{ folder: string; remove: () => Promise<void> }>('an album in a ZIP')
test.before.each(async (context) => {
  Object.assign(context, await temporary())
})
test.after.each(({ remove }) => remove())

type Entry = [name: string, bytes: Buffer, options?: { mode?: number; compress?: boolean }]

async function pack(folder: string, entries: Entry[]): Promise<string> {
  const zip = new ZipFile()
  for (const [name, bytes, options] of entries) zip.addBuffer(bytes, name, options)
  zip.end()
  const parts: Buffer[] = []
  for await (const part of zip.outputStream) parts.push(part as Buffer)
  return save(folder, Buffer.concat(parts))
}

async function save(folder: string, bytes: Buffer): Promise<string> {
  const path = join(folder, 'album.zip')
  await writeFile(path, bytes)
  return path
}

/** Writes other bytes over each place where some stand: names are longer than what a packer would allow. */
async function forge(path: string, from: string | Buffer, to: string | Buffer): Promise<void> {
  const bytes = await readFile(path)
  const [before, after] = [Buffer.from(from), Buffer.from(to)]
  assert.is(before.length, after.length)
  let count = 0
  for (let at = bytes.indexOf(before); at >= 0; at = bytes.indexOf(before, at + 1)) {
    after.copy(bytes, at)
    count++
  }
  assert.ok(count > 0)
  await writeFile(path, bytes)
}

async function refusal(folder: string, path: string, limits?: ZipLimits): Promise<string> {
  const target = join(folder, 'unpacked')
  await mkdir(target, { recursive: true })
  await writeFile(join(target, 'of somebody else'), 'x')
  const error = await readAlbumZip(path, target, limits).then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.instance(error, ReadingError)
  assert.match((error as Error).message, /^The [^.]+: [^.]+\.$/)
  assert.equal(await readdir(target), ['of somebody else'])
  return (error as ReadingError).reason
}

const song = mp3Frames(10, 9)

test('keeps the tracks and one cover, under names of its own, and says what it left [FILE-01] [FILE-02] [FILE-03]', async ({
  folder,
}) => {
  const [cover, back] = [jpeg(900), jpeg(500)]
  const path = await pack(folder, [
    ['Album/01 - Ünë.mp3', song],
    ['Album/02.renamed', song, { compress: false }],
    ['Album/back.jpg', back],
    ['Album/Cover.JPG', cover],
    ['Album/notes.txt', latin('Thank you')],
    ['Album/empty.mp3', Buffer.alloc(0)],
    ['__MACOSX/Album/._01.mp3', latin('x')],
  ])
  const target = join(folder, 'unpacked')
  const album = await readAlbumZip(path, target)
  assert.equal(
    album.files.map(({ relativePath, kind }) => [relativePath, kind]),
    [
      ['Album/01 - Ünë.mp3', 'mp3'],
      ['Album/02.renamed', 'mp3'],
    ],
  )
  for (const file of album.files) assert.equal(await readFile(file.path), song)
  assert.equal(await readFile(album.cover!), cover)
  assert.equal(album.skipped.map((one) => one.path).sort(), [
    'Album/back.jpg',
    'Album/empty.mp3',
    'Album/notes.txt',
    '__MACOSX/Album/._01.mp3',
  ])
  assert.equal(album.refused, [{ relativePath: 'Album/empty.mp3', sniffed: { other: 'empty' } }])
  for (const { reason } of album.skipped) assert.match(reason, /^[A-Z].+\.$/)
  const kept = [...album.files.map((file) => file.path), album.cover!].map((one) => basename(one))
  assert.equal((await readdir(target)).sort(), kept.sort())
})

test('refuses names that lead elsewhere or hide what they are [FILE-03]', async ({ folder }) => {
  const names = [
    '../../evil.mp3',
    '/etc/evil.mp3',
    '..\\..\\evil.mp3',
    'C:/evil/x.mp3',
    'a/../../x.mp3',
    'evil.mp3\0.txt',
    '\\\\host\\x.mp3',
    'a\nb/evil.mp3',
  ]
  for (const name of names) {
    const path = await pack(folder, [
      ['good.mp3', song],
      ['x'.repeat(Buffer.byteLength(name)), song],
    ])
    await forge(path, 'x'.repeat(Buffer.byteLength(name)), name)
    assert.is(await refusal(folder, path), 'zip-unsafe-path', JSON.stringify(name))
  }
})

test('refuses links, doubles, passwords, unknown methods and archives within [FILE-03]', async ({
  folder,
}) => {
  assert.is(
    await refusal(
      folder,
      await pack(folder, [
        ['a.mp3', song],
        ['l', latin('/etc/passwd'), { mode: 0o120777 }],
      ]),
    ),
    'zip-link',
  )
  const double = await pack(folder, [
    ['one.mp3', song],
    ['two.mp3', song],
  ])
  await forge(double, 'two.mp3', 'ONE.mp3')
  assert.is(await refusal(folder, double), 'zip-duplicate')
  const inner = await readFile(await pack(folder, [['a.mp3', song]]))
  assert.is(
    await refusal(
      folder,
      await pack(folder, [
        ['a.mp3', song],
        ['more.mp3', inner],
      ]),
    ),
    'zip-nested',
  )
  for (const [offset, value, reason] of [
    [8, 1, 'zip-encrypted'],
    [10, 99, 'zip-method'],
  ] as const) {
    const bytes = Buffer.from(inner)
    bytes[bytes.indexOf(latin('PK\x01\x02')) + offset]! |= value
    assert.is(await refusal(folder, await save(folder, bytes)), reason)
  }
})

test('stops bombs by what they say and by what they are [FILE-03]', async ({ folder }) => {
  const zeros = Buffer.alloc(5 * 1024 * 1024)
  const bomb = await pack(folder, [
    ['a.mp3', song],
    ['b.mp3', zeros],
  ])
  assert.is(await refusal(folder, bomb), 'zip-bomb')
  assert.is(await refusal(folder, bomb, { maxRatio: 100_000, maxTotalBytes: 1024 * 1024 }), 'zip-too-large')
  const lying = await readFile(bomb)
  const entry = lying.lastIndexOf(latin('PK\x01\x02'))
  lying.writeUInt32LE(1000, entry + 24)
  assert.is(await refusal(folder, await save(folder, lying)), 'zip-broken')
  const overlapping = await readFile(
    await pack(folder, [
      ['a.mp3', song],
      ['b.mp3', song],
    ]),
  )
  const [first, second] = [
    overlapping.indexOf(latin('PK\x01\x02')),
    overlapping.lastIndexOf(latin('PK\x01\x02')),
  ]
  overlapping.copy(overlapping, second + 42, first + 42, first + 46)
  overlapping.writeUInt32LE(overlapping.length, second + 20)
  assert.is(await refusal(folder, await save(folder, overlapping)), 'zip-bomb')
  const many = Array.from({ length: 501 }, (_, index): Entry => [`${index}.mp3`, Buffer.alloc(0)])
  assert.is(await refusal(folder, await pack(folder, many)), 'zip-too-many-entries')
})

test('refuses what is damaged, empty or no archive at all [FILE-03]', async ({ folder }) => {
  const good = await readFile(
    await pack(folder, [
      ['a.mp3', song, { compress: false }],
      ['b.mp3', song],
    ]),
  )
  assert.is(await refusal(folder, await save(folder, good.subarray(0, good.length - 30))), 'zip-broken')
  assert.is(await refusal(folder, await save(folder, latin('PK\x03\x04 and no more'))), 'zip-broken')
  const flipped = Buffer.from(good)
  flipped[200]! ^= 0xff
  assert.is(await refusal(folder, await save(folder, flipped)), 'zip-broken')
  const wide = Buffer.from(good)
  wide.writeUInt32LE(0xffffffff, wide.length - 6)
  assert.is(await refusal(folder, await save(folder, wide)), 'zip-broken')
  assert.is(
    await refusal(
      folder,
      await pack(folder, [
        ['a.txt', latin('words')],
        ['c.jpg', jpeg(9)],
      ]),
    ),
    'zip-no-audio',
  )
  assert.is(await refusal(folder, await pack(folder, [])), 'zip-no-audio')
  assert.is(await refusal(folder, join(folder, 'nowhere.zip')), 'unreadable')
  await writeFile(join(folder, 'file'), 'x')
  const blocked = await readAlbumZip(await pack(folder, [['a.mp3', song]]), join(folder, 'file', 'in')).catch(
    (error: unknown) => error,
  )
  assert.is((blocked as ReadingError).reason, 'unwritable')
  assert.not.instance(blocked, ZipRefused)
})

test('leaves nothing when it is stopped halfway [FILE-03]', async ({ folder }) => {
  const noise = createHash('shake256', { outputLength: 3_000_000 }).update('noise').digest()
  const path = await pack(
    folder,
    Array.from({ length: 8 }, (_, index): Entry => [`${index}.mp3`, Buffer.concat([song, noise])]),
  )
  const stop = new AbortController()
  const target = join(folder, 'unpacked')
  const reading = readAlbumZip(path, target, {}, { signal: stop.signal })
  const watch = async () => {
    while ((await readdir(target).catch(() => [])).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 1))
    stop.abort()
  }
  const [error] = await Promise.all([reading.catch((reason: unknown) => reason), watch()])
  assert.is((error as ReadingError).reason, 'aborted')
  assert.equal(await readdir(target), [])
})

test.run()
