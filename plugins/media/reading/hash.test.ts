import { createHash } from 'node:crypto'
import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hashFile } from './hash.ts'
import { ReadingError } from './reading-error.ts'
import { box, chunk, id3, jpeg, latin, mp3Frames, oggPage, pictureFrame, wave } from './testdata/bytes.ts'
import { formats, makeTones, retag, temporary } from './testdata/media.ts'
import type { AudioKind } from './types.ts'

const test = suite<{ folder: string; other: string; remove: () => Promise<void> }>('hashes of a file')
test.before(async (context) => {
  const [one, two] = [await temporary(), await temporary()]
  await makeTones(one.folder, { title: 'Before' })
  await retag(one.folder, { title: `After ${'x'.repeat(70_000)}`, artist: 'Somebody else', date: '1999' })
  await makeTones(two.folder, { title: 'Before' }, 880)
  const remove = async () => void (await Promise.all([one.remove(), two.remove()]))
  Object.assign(context, { folder: one.folder, other: two.folder, remove })
})
test.after(({ remove }) => remove())

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function hashBytes(folder: string, kind: AudioKind, bytes: Buffer) {
  const path = join(folder, 'made')
  await writeFile(path, bytes)
  return hashFile(path, kind)
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.instance(error, ReadingError)
  return (error as ReadingError).reason
}

test('recognises the audio after other tags and a cover were written, in every format [FILE-09] [FILE-10]', async ({
  folder,
  other,
}) => {
  for (const { name, kind } of formats) {
    const before = await hashFile(join(folder, `tone-${name}`), kind)
    const after = await hashFile(join(folder, `retagged-${name}`), kind)
    assert.is(after.audioHash, before.audioHash, name)
    assert.is.not(after.contentHash, before.contentHash, name)
    assert.is.not((await hashFile(join(other, `tone-${name}`), kind)).audioHash, before.audioHash, name)
    const bytes = await readFile(join(folder, `tone-${name}`))
    assert.is(before.contentHash, sha256(bytes), name)
    assert.is(before.sizeBytes, bytes.length, name)
    assert.not(before.isTruncated, name)
  }
})

test('tells a file that was cut off, and still says which it is [FILE-03]', async ({ folder }) => {
  // FLAC and raw frames do not say in front how long they are; that of ffmpeg's MP3 does.
  for (const { name, kind } of formats.filter(({ kind }) => kind !== 'flac')) {
    const bytes = await readFile(join(folder, `tone-${name}`))
    const half = await hashBytes(folder, kind, bytes.subarray(0, Math.floor(bytes.length * 0.6))).catch(
      (error: ReadingError) => error,
    )
    assert.ok(half instanceof ReadingError ? half.reason === 'truncated' : half.isTruncated, name)
  }
})

test('leaves out all that may stand around the frames of an MP3 [FILE-09]', async ({ folder }) => {
  const frames = mp3Frames(20, 5)
  const ape = (size: number) => {
    const mark = Buffer.alloc(32)
    mark.write('APETAGEX', 'latin1')
    mark.writeUInt32LE(2000, 8)
    mark.writeUInt32LE(size, 12)
    mark.writeUInt32LE(0x80000000, 20)
    return mark
  }
  const items = Buffer.alloc(300, 1)
  const apeTag = Buffer.concat([ape(332), items, ape(332)])
  const lyrics = latin(`LYRICSBEGIN${'y'.repeat(89)}000100LYRICS200`)
  const old = latin(`LYRICSBEGIN${'z'.repeat(50)}LYRICSEND`)
  const id3v1 = Buffer.concat([latin('TAG'), Buffer.alloc(125, 32)])
  const front = id3(4, [pictureFrame(3, jpeg(100_000))])
  const info = mp3Frames(1)
  info.write('Info', 36, 'latin1')
  const variants = [
    frames,
    Buffer.concat([front, frames]),
    Buffer.concat([front, front, info, frames, id3v1]),
    Buffer.concat([Buffer.alloc(1000), frames, apeTag]),
    Buffer.concat([frames, apeTag, lyrics, id3v1]),
    Buffer.concat([frames, old, id3v1]),
    Buffer.concat([apeTag, frames, id3v1, apeTag]),
  ]
  for (const [index, bytes] of variants.entries())
    assert.is((await hashBytes(folder, 'mp3', bytes)).audioHash, sha256(frames), `variant ${index}`)
})

test('reads RF64 beyond four gigabytes and a WAVE without a size [FILE-03] [FILE-09]', async ({ folder }) => {
  const sound = Buffer.from('sound of an endless take')
  for (const size of [0, 0xffffffff])
    assert.is(
      (await hashBytes(folder, 'wav', wave(chunk('data', sound, size)))).audioHash,
      sha256(sound),
      `${size}`,
    )
  const path = join(folder, 'huge.wav')
  const file = await open(path, 'w')
  const dataSize = 4.5 * 1024 ** 3
  const ds64 = Buffer.alloc(28)
  ds64.writeBigUInt64LE(BigInt(dataSize), 8)
  const head = Buffer.concat([
    latin('RF64\xff\xff\xff\xffWAVE'),
    chunk('ds64', ds64),
    chunk('fmt ', Buffer.alloc(16)),
  ])
  await file.write(Buffer.concat([head, latin('data\xff\xff\xff\xff')]))
  await file.truncate(head.length + 8 + dataSize)
  await file.close()
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 150)
  assert.is(await reasonOf(hashFile(path, 'wav', { signal: stop.signal })), 'aborted')
  const short = await open(path, 'r+')
  await short.truncate(head.length + 8 + 1000)
  await short.close()
  const hashed = await hashFile(path, 'wav')
  assert.ok(hashed.isTruncated)
  assert.is(hashed.audioHash, sha256(Buffer.alloc(1000)))
})

test('says in one sentence why there is nothing to hash [FILE-03]', async ({ folder }) => {
  const opus = oggPage(1, 2, [latin('OpusHead')])
  const cases: [kind: AudioKind, bytes: Buffer, reason: string][] = [
    ['mp3', Buffer.alloc(0), 'empty'],
    ['mp3', id3(4, []), 'no-audio'],
    ['mp3', Buffer.alloc(5000, 3), 'broken'],
    ['mp3', Buffer.concat([latin('ID3\x04\0\0\x7f\x7f\x7f\x7f'), mp3Frames(3)]), 'truncated'],
    ['wav', wave(), 'no-audio'],
    ['wav', wave(chunk('data', Buffer.alloc(0)), chunk('LIST', latin('INFO'))), 'no-audio'],
    ['wav', wave(chunk('junk', Buffer.alloc(4), 4_000_000_000)), 'truncated'],
    [
      'aiff',
      chunk('FORM', Buffer.concat([latin('AIFF'), chunk('SSND', Buffer.alloc(8), 8, 'big')]), 12, 'big'),
      'no-audio',
    ],
    ['aiff', latin('FORM\0\0\0\x04AIFF'), 'no-audio'],
    ['flac', latin('fLaC\x84\xff\xff\xff'), 'truncated'],
    ['flac', latin('fLaC\x81\0\0\x04abcd'), 'no-audio'],
    ['flac', Buffer.concat([latin('fLaC'), Buffer.alloc(4 * 10_001)]), 'broken'],
    ['ogg', opus, 'truncated'],
    ['ogg', oggPage(1, 6, [latin('OpusHead')]), 'no-audio'],
    [
      'ogg',
      Buffer.concat(Array.from({ length: 100 }, (_, serial) => oggPage(serial, 2, [latin('OpusHead')]))),
      'broken',
    ],
    ['m4a', box('ftyp', latin('M4A \0\0\0\0')), 'no-audio'],
    ['m4a', Buffer.concat([box('ftyp', latin('M4A \0\0\0\0')), box('mdat', Buffer.alloc(9))]), 'truncated'],
    ['m4a', Buffer.concat([box('moov', Buffer.alloc(0)), box('mdat', Buffer.alloc(0))]), 'no-audio'],
    ['m4a', Buffer.alloc(100), 'broken'],
  ]
  for (const [index, [kind, bytes, reason]] of cases.entries())
    assert.is(await reasonOf(hashBytes(folder, kind, bytes)), reason, `${kind}, case ${index}`)
  assert.is(await reasonOf(hashFile(join(folder, 'nowhere'), 'mp3')), 'unreadable')
})

test('a box or chunk of a size that leads back, nowhere or far away ends the walk [FILE-03]', async ({
  folder,
}) => {
  const none = Buffer.alloc(0)
  const movie = box('moov', none)
  const wide = Buffer.concat([latin('\0\0\0\x01mdat'), Buffer.alloc(8, 0xff), Buffer.from('sound')])
  const sound = sha256(Buffer.from('sound'))
  const hashed = await hashBytes(folder, 'm4a', Buffer.concat([movie, wide]))
  assert.equal([hashed.audioHash, hashed.isTruncated], [sound, true])
  const open = Buffer.concat([movie, box('mdat', Buffer.from('sound'), 0)])
  assert.is((await hashBytes(folder, 'm4a', open)).audioHash, sound)
  for (const size of [2, 7]) {
    const looped = Buffer.concat([movie, box('mdat', Buffer.from('sound')), box('free', none, size)])
    assert.is((await hashBytes(folder, 'm4a', looped)).audioHash, sound)
  }
  const emptyChunks = Buffer.concat(Array.from({ length: 50_000 }, () => chunk('junk', none)))
  assert.is(
    await reasonOf(hashBytes(folder, 'wav', wave(emptyChunks, chunk('data', Buffer.alloc(8))))),
    'no-audio',
  )
  const offset = Buffer.concat([latin('AIFF'), chunk('SSND', Buffer.alloc(16, 0xff), 16, 'big')])
  assert.is(await reasonOf(hashBytes(folder, 'aiff', chunk('FORM', offset, 28, 'big'))), 'no-audio')
})

test('finds the same audio in Ogg however its packets are spread over pages [FILE-09]', async ({
  folder,
}) => {
  const packets = fc.array(fc.uint8Array({ minLength: 1, maxLength: 900 }), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(packets, fc.uint8Array({ maxLength: 600 }), async (audio, comment) => {
      const bodies = audio.map((bytes) => Buffer.from(bytes))
      const heads = [oggPage(7, 2, [latin('OpusHead')]), oggPage(7, 0, [latin(`OpusTags${comment}`)])]
      const apart = bodies.map((body, index) => oggPage(7, index === bodies.length - 1 ? 4 : 0, [body]))
      const together = bodies.length * 4 < 255 ? [oggPage(7, 4, bodies)] : apart
      const one = await hashBytes(folder, 'ogg', Buffer.concat([...heads, ...apart]))
      const other = await hashBytes(
        folder,
        'ogg',
        Buffer.concat([heads[0]!, oggPage(7, 0, [latin('OpusTags')]), ...together]),
      )
      assert.is(one.audioHash, sha256(Buffer.concat(bodies)))
      assert.is(other.audioHash, one.audioHash)
      assert.not(one.isTruncated)
    }),
    { numRuns: 40 },
  )
})

test.run()
