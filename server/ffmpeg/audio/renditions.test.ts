import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import HLS from 'hls-parser'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeAudio, type PlaybackManifest, type Profile, probeAudio } from '../index.ts'
import { createSounds, decode, lagOf, noise, stereo } from './test-kit.ts'

const sounds = createSounds()
const test = suite('renditions')
test.after(() => rm(sounds.dir, { recursive: true, force: true }))

const streams: Profile[] = ['aac-96', 'aac-256', 'flac']

async function made(path: string, profiles: Profile[] = streams) {
  const folder = sounds.folder()
  const told: number[] = []
  const onProgress = (done: number) => told.push(done)
  const result = await makeAudio(path, folder, { facts: await probeAudio(path), profiles, onProgress })
  return { ...result, folder, told, manifest: result.manifest as PlaybackManifest }
}

/** Of three fragments, made once. */
const long = async () => (longMade ??= makeLong())
let longMade: ReturnType<typeof makeLong> | undefined
async function makeLong() {
  const source = sounds.make('long.wav', stereo(8.1234), ['-c:a', 'pcm_s16le'])
  return { source, ...(await made(source)) }
}

/** What a player hears of a rendition that drops what the manifest says, and where it lies against the source. */
function heard(folder: string, manifest: PlaybackManifest, profile: string, source: string) {
  const one = manifest.renditions.find((rendition) => rendition.profile === profile)
  assert.ok(one)
  const all = decode(join(folder, one.file))
  assert.ok(all.length >= one.encoderDelay + one.sampleCount, `${all.length} samples in ${profile}`)
  assert.ok(all.length < one.encoderDelay + one.sampleCount + 1_024, `${all.length} samples in ${profile}`)
  const sound = all.subarray(one.encoderDelay, one.encoderDelay + one.sampleCount)
  return { ...one, sound, ...lagOf(decode(source, { rate: one.sampleRate }), sound) }
}

test('makes AAC and FLAC that play from the first sample to the last and no further [FILE-07] [PLAY-11]', async () => {
  const { source, folder, manifest, analysis, files, isDamaged } = await long()
  const pcm = decode(source)
  assert.equal([analysis.sampleCount, manifest.sampleCount, isDamaged], [pcm.length, pcm.length, false])
  assert.equal(
    files.map((file) => file.profile),
    streams,
  )
  for (const profile of streams) {
    const { lag, likeness, sound } = heard(folder, manifest, profile, source)
    assert.is(sound.length, pcm.length, profile)
    assert.is(lag, 0, profile)
    assert.ok(likeness > 0.8, `${profile} is like its source by ${likeness}`)
    if (profile === 'flac') assert.equal(sound, pcm)
  }
})

test('resamples high rates to their family, mixes 5.1 down without clipping, leaves mono mono [FILE-07]', async () => {
  const high = sounds.make('high.flac', noise(1.5, 192_000), [
    '-sample_fmt',
    's32',
    '-bits_per_raw_sample',
    '24',
  ])
  const { manifest, folder } = await made(high)
  assert.equal(
    manifest.renditions.map(({ sampleRate, channels, sampleCount }) => [sampleRate, channels, sampleCount]),
    [
      [48_000, 1, 72_000],
      [48_000, 1, 72_000],
      [192_000, 1, 288_000],
    ],
  )
  assert.is(heard(folder, manifest, 'aac-256', high).lag, 0)
  assert.is((await probeAudio(join(folder, 'flac.mp4'))).bitDepth, 24)
  assert.equal(decode(join(folder, 'flac.mp4')), decode(high))
  const six =
    'aevalsrc=0.9*sin(880*t)|0.9*sin(880*t)|0.9*sin(880*t)|0|0.9*sin(880*t)|0.9*sin(880*t):c=5.1:d=1:s=88200'
  const surround = await made(sounds.make('surround.wav', six, ['-c:a', 'pcm_s24le']))
  const [small, , lossless] = surround.manifest.renditions
  assert.equal([small?.sampleRate, small?.channels, lossless?.channels], [44_100, 2, 6])
  const mix = decode(join(surround.folder, 'aac-256.mp4')).subarray(4_096)
  const peak = mix.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
  assert.ok(peak > 0.8 && peak < 0.99, `peak ${peak}`)
})

test('keeps 24 bits of floating point, and what 8 bits are [FILE-07] [FILE-02]', async () => {
  const float = sounds.make('float.wav', noise(0.5, 22_050), ['-c:a', 'pcm_f32le'])
  const { folder, manifest } = await made(float, ['flac', 'aac-96'])
  const [lossless, aac] = manifest.renditions
  assert.equal([lossless?.sampleRate, aac?.sampleRate, aac?.sampleCount], [22_050, 44_100, 22_050])
  assert.is((await probeAudio(join(folder, 'flac.mp4'))).bitDepth, 24)
  const [before, after] = [decode(float), decode(join(folder, 'flac.mp4'))]
  assert.ok(before.every((value, i) => Math.abs(value - (after[i] ?? 9)) < 2 ** -22))
  const eight = sounds.make('eight.wav', noise(0.5, 8_000), ['-c:a', 'pcm_u8'])
  assert.equal(decode(join((await made(eight, ['flac'])).folder, 'flac.mp4')), decode(eight))
})

test('takes off the delay and padding that MP3 and M4A carry, to the sample [FILE-07]', async () => {
  const wav = sounds.make('gapless.wav', noise(1.2345), ['-c:a', 'pcm_s16le'])
  const { length } = decode(wav)
  const sources = {
    mp3: ['-c:a', 'libmp3lame', '-b:a', '192k'],
    m4a: ['-c:a', 'aac', '-b:a', '192k'],
    'alac.m4a': ['-c:a', 'alac'],
    ogg: ['-c:a', 'libvorbis', '-q:a', '7'],
    aiff: [],
  }
  for (const [name, args] of Object.entries(sources)) {
    const source = sounds.make(`gapless.${name}`, ['-i', wav], args)
    const { manifest, folder } = await made(source, ['aac-256'])
    assert.is(manifest.sampleCount, length, name)
    const { sound, lag } = heard(folder, manifest, 'aac-256', wav)
    assert.equal([sound.length, lag], [length, 0], name)
  }
})

test('writes tables whose ranges hold whole fragments, one after the other [FILE-07]', async () => {
  const { folder, manifest } = await long()
  assert.equal(
    manifest.renditions.map(({ segments }) => segments.length),
    [3, 3, 2],
  )
  for (const { file, init, segments, encoderDelay, sampleCount } of manifest.renditions) {
    const bytes = await readFile(join(folder, file))
    assert.is(bytes.toString('latin1', 4, 8), 'ftyp')
    assert.ok(bytes.subarray(...init).includes('moov'))
    let [end, total] = [segments[0]?.[0] ?? 0, 0]
    for (const [offset, length, samples] of segments) {
      assert.equal([offset, bytes.toString('latin1', offset + 4, offset + 8)], [end, 'moof'])
      end = offset + length
      total += samples
    }
    assert.is(end, bytes.length)
    assert.ok(total >= encoderDelay + sampleCount)
    // Initialisation and one range alone are a file of their own.
    const [offset, length] = segments[1] ?? [0, 0]
    const part = Buffer.concat([bytes.subarray(...init), bytes.subarray(offset, offset + length)])
    const alone = join(folder, 'part.mp4')
    await writeFile(alone, part)
    assert.ok(Math.abs(decode(alone).length - (segments[1]?.[2] ?? 0)) <= 1_024)
  }
})

test('writes playlists that a strict parser takes, with names beside them [FILE-07] [PLAY-11]', async () => {
  const { folder, manifest } = await long()
  HLS.setOptions({ strictMode: true })
  const master = HLS.parse(await readFile(join(folder, 'master.m3u8'), 'utf8'))
  if (!master.isMasterPlaylist) throw new Error('no master playlist')
  assert.equal(
    (master as HLS.types.MasterPlaylist).variants.map(({ uri, codecs }) => [uri, codecs]),
    [
      ['aac-96.m3u8', 'mp4a.40.2'],
      ['aac-256.m3u8', 'mp4a.40.2'],
      ['flac.m3u8', 'fLaC'],
    ],
  )
  for (const one of manifest.renditions) {
    const text = await readFile(join(folder, one.file.replace('mp4', 'm3u8')), 'utf8')
    const list = HLS.parse(text) as HLS.types.MediaPlaylist
    assert.equal([list.version, list.endlist, list.playlistType], [7, true, 'VOD'])
    assert.equal(
      list.segments.map(({ uri, byterange }) => [uri, byterange.offset, byterange.length]),
      one.segments.map(([offset, length]) => [one.file, offset, length]),
    )
    const seconds = list.segments.reduce((sum, { duration }) => sum + duration, 0)
    assert.ok(Math.abs(seconds - 8.1234) < 0.15, `${seconds} s`)
    assert.ok(list.segments.every(({ duration }) => duration <= list.targetDuration))
    assert.equal(
      [list.segments[0]?.map?.byterange?.offset, list.segments[0]?.map?.byterange?.length],
      one.init,
    )
  }
  // ffmpeg plays the playlist to its end, too.
  assert.ok(decode(join(folder, 'aac-96.m3u8')).length >= 8.1 * 44_100)
})

test('makes plain files for downloads, each of the codec it says [FILE-07]', async () => {
  const source = sounds.make('plain.wav', stereo(1), ['-c:a', 'pcm_s24le', '-metadata', 'title=Foreign'])
  const { files, folder, manifest } = await made(source, ['mp3-320', 'mp3-v0', 'opus-160', 'flac-file'])
  assert.is(manifest, null)
  assert.not.ok((await readdir(folder)).includes('master.m3u8'))
  const found = []
  for (const { file, sizeBytes, contentType } of files) {
    const path = join(folder, file)
    const { codec, bitDepth, sampleRate, channels } = await probeAudio(path)
    found.push([file, contentType, codec, bitDepth, sampleRate, channels])
    assert.is((await stat(path)).size, sizeBytes)
    assert.ok(!(await readFile(path)).includes('Foreign'))
  }
  assert.equal(found, [
    ['mp3-320.mp3', 'audio/mpeg', 'mp3', null, 44_100, 2],
    ['mp3-v0.mp3', 'audio/mpeg', 'mp3', null, 44_100, 2],
    ['opus-160.opus', 'audio/ogg', 'opus', null, 48_000, 2],
    ['flac-file.flac', 'audio/flac', 'flac', 24, 44_100, 2],
  ])
  assert.equal(decode(join(folder, 'flac-file.flac')), decode(source))
  assert.is(decode(join(folder, 'mp3-320.mp3')).length, 44_100)
})

test('tells how far it is, never back, and is done at the end [FILE-07]', async () => {
  const { told } = await long()
  assert.is(told.at(-1), 1)
  assert.equal(
    told,
    [...told].sort((a, b) => a - b),
  )
  assert.ok(told.length > 1 && told.every((done) => done >= 0 && done <= 1))
})

test.run()
