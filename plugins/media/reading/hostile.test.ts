import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hashFile } from './hash.ts'
import { ReadingError } from './reading-error.ts'
import { sniff, sniffFile } from './sniff.ts'
import { readTags } from './tags.ts'
import { ffmpeg, formats, makeTones, retag, temporary } from './testdata/media.ts'
import { type AudioKind, audioKinds } from './types.ts'

const test = suite<{
  folder: string
  samples: { kind: AudioKind; bytes: Buffer }[]
  remove: () => Promise<void>
}>('hostile files')
test.before(async (context) => {
  const { folder, remove } = await temporary()
  await makeTones(folder)
  await retag(folder, {
    title: 'A title',
    artist: 'Ann',
    album: 'An album',
    track: '1/2',
    comment: 'c',
    lyrics: 'l',
  })
  const samples = await Promise.all(
    formats.map(async ({ name, kind }) => {
      const bytes = await readFile(join(folder, `retagged-${name}`))
      // Headers are in front and at the end; the audio between them would only dilute the flips.
      return { kind, bytes: Buffer.concat([bytes.subarray(0, 6000), bytes.subarray(-3000)]) }
    }),
  )
  Object.assign(context, { folder, remove, samples })
})
test.after(({ remove }) => remove())

/** Everything a file meets, as a kind that may be wrong. Only ReadingError may come out. */
async function meet(path: string, kind: AudioKind): Promise<void> {
  const bytes = await readFile(path)
  sniff(bytes.subarray(0, 65_536))
  await sniffFile(path)
  const hashed = await hashFile(path, kind).catch((error: unknown) => error)
  if (hashed instanceof Error) assert.instance(hashed, ReadingError)
  const tags = await readTags(path, kind)
  assert.ok(tags.artists.length <= 30 && (tags.title ?? '').length <= 200)
}

const flip = fc.record({
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  // Sizes are what hurts: their extremes come often.
  value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
  length: fc.constantFrom(1, 1, 1, 2, 4, 8),
})
const inHead = fc.record({
  ...{ at: fc.double({ min: 0, max: 0.05, noNaN: true }) },
  value: fc.nat(255),
  length: fc.constant(1),
})

test('bytes flipped anywhere never hang or break the reading of any format [FILE-02] [FILE-03] [FILE-04]', async ({
  folder,
  samples,
}) => {
  const path = join(folder, 'flipped')
  const changes = fc.array(fc.oneof(flip, inHead), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(
      fc.nat(samples.length - 1),
      changes,
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      async (index, all, part) => {
        const sample = samples[index]!
        const bytes = Buffer.from(sample.bytes)
        for (const { at, value, length } of all) {
          const start = Math.floor(at * bytes.length)
          bytes.fill(value, start, start + length)
        }
        await writeFile(path, part > 0.7 ? bytes : bytes.subarray(0, Math.ceil(bytes.length * part)))
        await meet(path, sample.kind)
      },
    ),
    { numRuns: 300 },
  )
})

test('bytes of no format at all, read as each of them, come to an end [FILE-02] [FILE-03]', async ({
  folder,
}) => {
  const path = join(folder, 'noise')
  const starts = [
    '',
    'ID3\x04\0\0\0\0\x7f\x7f',
    'fLaC',
    'OggS',
    'RIFF\xff\xff\xff\xffWAVE',
    'FORM\xff\xff\xff\xffAIFF',
    '\0\0\0\x01ftypM4A ',
    '\xff\xfb\x90',
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(...audioKinds),
      async (start, bytes, kind) => {
        await writeFile(path, Buffer.concat([Buffer.from(start, 'latin1'), bytes]))
        await meet(path, kind)
      },
    ),
    { numRuns: 150 },
  )
})

test('the odd but right formats of studios are read: 192 kHz, 5.1, mono, float, Wave without end [FILE-02]', async ({
  folder,
}) => {
  const odd: [name: string, kind: AudioKind, ...args: string[]][] = [
    ['fast.wav', 'wav', '-ar', '192000', '-c:a', 'pcm_s32le'],
    ['float.wav', 'wav', '-c:a', 'pcm_f64le', '-ac', '1'],
    ['round.wav', 'wav', '-ac', '6'],
    ['round.flac', 'flac', '-ac', '6', '-ar', '192000'],
    ['float.aiff', 'aiff', '-c:a', 'pcm_f32be', '-f', 'aiff'],
    ['low.mp3', 'mp3', '-ar', '8000', '-ac', '1', '-b:a', '8k'],
    ['round.m4a', 'm4a', '-ac', '6'],
  ]
  await ffmpeg(folder, [
    '-f',
    'lavfi',
    '-i',
    'sine=duration=0.3',
    ...odd.flatMap(([name, , ...args]) => ['-map', '0', ...args, name]),
  ])
  for (const [name, kind] of odd) {
    const path = join(folder, name)
    assert.equal(await sniffFile(path), { kind }, name)
    const hashed = await hashFile(path, kind)
    assert.equal([hashed.isTruncated, hashed.sizeBytes], [false, (await stat(path)).size], name)
  }
})

test.run()
