import { execFileSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFile } from 'music-metadata'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeAudio, type PlaybackManifest, probeAudio, type TagFormat, writeTags } from '../index.ts'
import { createSounds, decode, lagOf, noise } from './test-kit.ts'

const sounds = createSounds()
const test = suite('tags')
test.after(() => rm(sounds.dir, { recursive: true, force: true }))

const awkward = 'Été = nuit; #1 \\ \n\'fin\' "日本"'
const tags = {
  TITLE: awkward,
  ARTIST: ['Ada', 'Bob'],
  ALBUMARTIST: 'Various',
  ALBUM: 'Seven harbours',
  TRACKNUMBER: '3',
  TRACKTOTAL: '12',
  DATE: '2026-02-03',
  GENRE: 'Dub',
  ISRC: 'FRX762600001',
  LABEL: 'Veza',
  BARCODE: '4006381333931',
  REPLAYGAIN_TRACK_GAIN: '-3.25 dB',
  REPLAYGAIN_TRACK_PEAK: '0.988553',
  R128_TRACK_GAIN: '-832',
  EMPTY: '',
}
const encoders: Record<TagFormat, string[]> = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '128k', '-id3v2_version', '3', '-write_id3v1', '1'],
  flac: [],
  ogg: ['-c:a', 'libvorbis'],
  opus: ['-c:a', 'libopus'],
  m4a: ['-c:a', 'aac'],
}
const foreign = [
  '-metadata',
  'title=Old',
  '-metadata',
  'comment=Foreign words',
  '-metadata',
  'encoder=Foreign words',
]

for (const format of Object.keys(encoders) as TagFormat[])
  test(`writes tags and cover into ${format}, none of the old ones, and leaves its sound alone [FILE-04]`, async () => {
    const cover = sounds.make('%03d.jpg', 'testsrc2=s=900x600', [
      '-frames:v',
      '1',
      '-q:v',
      '1',
      '-update',
      '1',
    ])
    const source = sounds.make(`source.${format}`, noise(1.2345), [...encoders[format], ...foreign])
    const target = join(sounds.folder(), `target.${format}`)
    await writeTags(source, target, { format, tags, coverPath: cover })
    const { common, native, format: container } = await parseFile(target)
    assert.is(common.title, awkward)
    assert.equal([common.artist, common.albumartist, common.album], ['Ada; Bob', 'Various', 'Seven harbours'])
    assert.equal([common.track, common.date, common.genre], [{ no: 3, of: 12 }, '2026-02-03', ['Dub']])
    assert.equal([common.isrc, common.label], [['FRX762600001'], ['Veza']])
    assert.equal([common.barcode, common.replaygain_track_gain?.dB], ['4006381333931', -3.25])
    const all = JSON.stringify(
      Object.values(native)
        .flat()
        .filter(({ id }) => !/pic/i.test(id)),
    )
    assert.match(all, '-832')
    assert.not.match(all, /Foreign|EMPTY|Lavf|Old/)
    assert.equal(
      common.picture?.map(({ format: mime, type }) => [mime, type ?? 'Cover (front)']),
      [['image/jpeg', 'Cover (front)']],
    )
    assert.equal(Buffer.from(common.picture?.[0]?.data ?? []), await readFile(cover))
    if (format === 'mp3') assert.equal(container.tagTypes, ['ID3v2.4'])
    assert.equal(decode(target), decode(source))
    assert.equal(packets(target), packets(source))
  })

/** What the encoder gave, by checksum. */
function packets(path: string): string {
  return execFileSync('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a',
    '-c',
    'copy',
    '-f',
    'md5',
    '-',
  ]).toString()
}

test('an M4A from a rendition plays without priming and padding [FILE-04] [FILE-07]', async () => {
  const wav = sounds.make('gapless.wav', noise(2.3456), ['-c:a', 'pcm_s16le'])
  const folder = sounds.folder()
  const made = await makeAudio(wav, folder, { facts: await probeAudio(wav), profiles: ['aac-256'] })
  const [gapless] = (made.manifest as PlaybackManifest).renditions
  assert.ok(gapless)
  const target = join(folder, 'target.m4a')
  await writeTags(join(folder, 'aac-256.mp4'), target, { format: 'm4a', tags: { TITLE: 'x' }, gapless })
  const pcm = decode(wav)
  assert.is((await probeAudio(target)).playedSamples, pcm.length)
  assert.is(lagOf(pcm, decode(target)).lag, 0)
  assert.is((await parseFile(target)).common.title, 'x')
})

test('writes tags without a cover, PNG covers, and a cover larger than an argument may be [FILE-04]', async () => {
  const source = sounds.make('plain.opus', noise(0.3), encoders.opus)
  const target = join(sounds.folder(), 'plain.opus')
  await writeTags(source, target, { format: 'opus', tags: { TITLE: 'x' } })
  assert.is((await parseFile(target)).common.picture, undefined)
  const big = sounds.make('big.png', 'nullsrc=s=600x600,geq=random(1)*255:128:128', ['-frames:v', '1'])
  assert.ok((await readFile(big)).length > 200_000)
  for (const format of ['opus', 'm4a', 'mp3', 'flac'] as const) {
    const from = sounds.make(`from.${format}`, noise(0.3), encoders[format])
    const to = join(sounds.folder(), `to.${format}`)
    await writeTags(from, to, { format, tags: { TITLE: 'x' }, coverPath: big })
    const [picture] = (await parseFile(to)).common.picture ?? []
    assert.equal(
      [picture?.format, Buffer.from(picture?.data ?? [])],
      ['image/png', await readFile(big)],
      format,
    )
  }
})

test.run()
