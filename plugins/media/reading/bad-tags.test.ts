import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readTags } from './tags.ts'
import { chunk, id3, jpeg, latin, pictureFrame, type TestFrame, textFrame, wave } from './testdata/bytes.ts'
import { temporary } from './testdata/media.ts'
import { comments, flac, pictureBlock, song, tagsOf } from './testdata/tagged.ts'
import type { AudioKind } from './types.ts'

const test = suite<{ folder: string; remove: () => Promise<void> }>('huge, dirty and damaged tags of a file')
test.before(async (context) => {
  Object.assign(context, await temporary())
})
test.after(({ remove }) => remove())

test('takes the front cover and leaves huge and false pictures out [FILE-04] [FILE-03]', async ({
  folder,
}) => {
  const front = jpeg(900)
  const both = await tagsOf(folder, 'mp3', song(id3(3, [pictureFrame(4, jpeg(300)), pictureFrame(3, front)])))
  assert.equal(both.cover?.bytes, front)
  const huge = Array.from({ length: 5 }, () => pictureFrame(3, jpeg(10 * 1024 * 1024)))
  const path = join(folder, 'huge.mp3')
  await writeFile(path, song(id3(3, [...huge, pictureFrame(4, jpeg(300)), textFrame('TIT2', 'Still here')])))
  const before = process.memoryUsage().arrayBuffers
  const read = await readTags(path, 'mp3')
  assert.equal([read.title, read.cover?.bytes.length], ['Still here', 304])
  assert.equal(read.warnings, ['A picture larger than 10 MiB was left out.'])
  // What was read and thrown away would still be counted.
  assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 1024 * 1024)
  const page = { id: 'APIC', body: latin('\0image/png\0\x03\0<script>alert(1)</script>') }
  const html = await tagsOf(folder, 'mp3', song(id3(3, [page])))
  assert.equal([html.cover, html.warnings.length], [null, 1])
  const block = await tagsOf(
    folder,
    'flac',
    flac([6, pictureBlock(4, jpeg(10))], [6, pictureBlock(3, front)]),
  )
  assert.equal(block.cover?.bytes, front)
})

test('cuts what is too long and cleans what cannot be seen, with a warning [FILE-04] [FILE-03]', async ({
  folder,
}) => {
  const names = Array.from({ length: 50 }, (_, index) => `ARTISTS=Artist ${index}`)
  const long = await tagsOf(
    folder,
    'flac',
    flac([4, comments(`TITLE=${'é'.repeat(300)}`, `LYRICS=${'l'.repeat(30_000)}`, ...names)]),
  )
  assert.equal([long.title?.length, long.lyrics?.length, long.artists.length], [200, 20_000, 30])
  assert.is(long.warnings.length, 2)
  const dirty = comments(
    'TITLE=  a\u202egp3.\u0000\u0007\n b\ufeff ',
    'ALBUM=e\u0301',
    'ARTIST=\ud83d\ude00',
    Buffer.from('GENRE=a\xffb', 'latin1'),
  )
  const clean = await tagsOf(folder, 'flac', flac([4, dirty]))
  assert.equal([clean.title, clean.album, clean.artists, clean.genres], ['agp3.', 'é', ['😀'], ['ab']])
  const large = await tagsOf(folder, 'flac', flac([4, comments(`COMMENT=${'x'.repeat(300_000)}`, 'TITLE=t')]))
  assert.equal([large.title, large.comment, large.warnings.length], ['t', null, 1])
})

test('gives what can be read of damaged tags and says that some could not [FILE-03] [FILE-04]', async ({
  folder,
}) => {
  const title = textFrame('TIT2', 'Whole')
  const broken: TestFrame = { id: 'SYLT', body: latin('\0eng\x02\x01\0One\0\0') }
  const cases: [kind: AudioKind, bytes: Buffer][] = [
    ['mp3', song(id3(4, [title, textFrame('TALB', 'x'), broken]))],
    [
      'mp3',
      song(
        Buffer.concat([id3(3, [title]).subarray(0, 6), latin('\0\0\x7f\x7f'), id3(3, [title]).subarray(10)]),
      ),
    ],
    ['mp3', song(id3(3, [title, { id: '\x01\x02\x03\x04', body: Buffer.alloc(9) }]))],
    ['flac', flac([4, comments('TITLE=Whole', 'x').subarray(0, -3)])],
    [
      'wav',
      wave(
        chunk(
          'LIST',
          Buffer.concat([latin('INFO'), chunk('INAM', latin('Whole\0')), chunk('IART', latin('x'), 9000)]),
        ),
      ),
    ],
  ]
  for (const [index, [kind, bytes]] of cases.entries()) {
    const tags = await tagsOf(folder, kind, bytes)
    assert.is(tags.title, 'Whole', `case ${index}`)
    assert.ok(tags.warnings.length > 0, `case ${index}`)
  }
})

test('a tag of a million empty values costs no more than it says [FILE-03]', async ({ folder }) => {
  const nulls: TestFrame = { id: 'TPE1', body: Buffer.concat([latin('\x03'), Buffer.alloc(200_000)]) }
  const many = id3(4, [...Array.from({ length: 15 }, () => nulls), textFrame('TIT2', 'Title')])
  assert.is((await tagsOf(folder, 'mp3', song(many))).title, 'Title')
  const small = Array.from({ length: 15_000 }, (_, index) => textFrame('TPE1', `${index}`))
  assert.is((await tagsOf(folder, 'mp3', song(id3(4, small)))).artists.length, 30)
  const late = await tagsOf(folder, 'mp3', song(many), { timeoutMs: -1 })
  assert.equal([late.title, late.warnings], [null, ['Reading the tags took too long and was stopped.']])
})

test.run()
