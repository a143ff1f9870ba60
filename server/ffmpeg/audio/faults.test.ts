import { once } from 'node:events'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  AudioError,
  type AudioFormat,
  type AudioReason,
  FfmpegError,
  findFfmpeg,
  type MakeAudioOptions,
  makeAudio,
  probeAudio,
} from '../index.ts'
import { createSounds, noise, stereo } from './test-kit.ts'

const sounds = createSounds()
const test = suite('audio faults')
test.after(() => rm(sounds.dir, { recursive: true, force: true }))

async function refused(work: Promise<unknown>, reason: AudioReason): Promise<AudioError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.instance(error, AudioError, String(error))
  assert.is((error as AudioError).reason, reason)
  assert.match((error as AudioError).message, /^[A-Z].+: .+\.$/)
  return error as AudioError
}

async function made(path: string, options: Partial<MakeAudioOptions> = {}) {
  const facts = await probeAudio(path, options.format ? { format: options.format } : {})
  return makeAudio(path, sounds.folder(), { facts, profiles: ['flac'], ...options })
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(sounds.folder(), name)
  await writeFile(path, content)
  return path
}

/** The first part of a file. */
const cut = async (path: string, part: number) => {
  const bytes = await readFile(path)
  return file(`cut-${path.split('-').at(-1)}`, bytes.subarray(0, bytes.length * part))
}

/** A FLAC whose header says another number of samples (36 bits behind 28 of rate, channels and depth). */
async function flacSaying(samples: number, path: string): Promise<string> {
  const bytes = await readFile(path)
  const at = 8 + 13
  bytes.writeUInt8(((bytes[at] ?? 0) & 0xf0) | Math.floor(samples / 2 ** 32), at)
  bytes.writeUInt32BE(samples % 2 ** 32, at + 1)
  return file('saying.flac', bytes)
}

test('tells every accepted format by its content, whatever its name [FILE-02]', async () => {
  const kinds: [AudioFormat, string, boolean, number | null, string[]][] = [
    ['mp3', 'mp3', false, null, ['-f', 'mp3']],
    ['wav', 'pcm_s16le', true, 16, ['-f', 'wav']],
    ['wav', 'pcm_s24le', true, 24, ['-f', 'wav', '-c:a', 'pcm_s24le']],
    ['wav', 'pcm_f32le', true, 32, ['-f', 'wav', '-c:a', 'pcm_f32le']],
    ['wav', 'pcm_u8', true, 8, ['-f', 'wav', '-c:a', 'pcm_u8']],
    ['wav', 'pcm_alaw', false, null, ['-f', 'wav', '-c:a', 'pcm_alaw']],
    ['flac', 'flac', true, 16, ['-f', 'flac', '-sample_fmt', 's16']],
    ['aiff', 'pcm_s16be', true, 16, ['-f', 'aiff']],
    ['ogg', 'vorbis', false, null, ['-f', 'ogg', '-c:a', 'libvorbis']],
    ['ogg', 'opus', false, null, ['-f', 'ogg', '-c:a', 'libopus', '-ar', '48000']],
    ['mov', 'aac', false, null, ['-f', 'ipod', '-c:a', 'aac']],
    ['mov', 'alac', true, 16, ['-f', 'ipod', '-c:a', 'alac', '-sample_fmt', 's16p']],
  ]
  for (const [format, codec, isLossless, bitDepth, args] of kinds) {
    const path = sounds.make('anything.txt', stereo(0.5), args)
    const facts = await probeAudio(path)
    assert.equal(
      [facts.format, facts.codec, facts.isLossless, facts.bitDepth, facts.channels, facts.hasVideo],
      [format, codec, isLossless, bitDepth, 2, false],
    )
    assert.ok(Math.abs(facts.durationMs - 500) < 60, `${facts.durationMs} ms of ${codec}`)
    assert.ok(facts.bitrateKbps > 20)
    assert.equal({ ...(await probeAudio(path, { format })), bitrateKbps: 0 }, { ...facts, bitrateKbps: 0 })
  }
})

test('refuses what is no sound, with a sentence [FILE-03] [FILE-02]', async () => {
  const text = await file('words.mp3', 'These are words, and no sound at all.\n'.repeat(500))
  const wav = sounds.make('right.wav', noise(0.2))
  for (const path of [text, await file('empty.wav', ''), await file('zeros.flac', Buffer.alloc(9_999))]) {
    await refused(probeAudio(path), 'not-audio')
    await refused(probeAudio(path, { format: 'mp3' }), 'not-audio')
  }
  for (const format of ['wav', 'flac', 'aiff', 'ogg', 'mov'] as const)
    await refused(probeAudio(text, { format }), 'not-audio')
  await refused(probeAudio(wav, { format: 'flac' }), 'not-audio')
  const error = await probeAudio(join(sounds.dir, 'gone.wav')).catch(
    (thrown: NodeJS.ErrnoException) => thrown,
  )
  assert.is((error as NodeJS.ErrnoException).code, 'ENOENT')
})

test('opens no other file and no address that a playlist with the name of a sound asks for [FILE-03]', async () => {
  let hits = 0
  const canary = createServer((_req, res) => {
    hits += 1
    res.end()
  }).listen(0, '127.0.0.1')
  await once(canary, 'listening')
  const secret = sounds.make('secret.mp3', noise(1))
  const facts = await probeAudio(secret)
  for (const target of [secret, `http://127.0.0.1:${(canary.address() as AddressInfo).port}/a.mp3`]) {
    const lists = [
      `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${target}\n#EXT-X-ENDLIST\n`,
      `ffconcat version 1.0\nfile '${target}'\n`,
      `[playlist]\nFile1=${target}\nNumberOfEntries=1\n`,
    ]
    for (const list of lists) {
      const path = await file('song.mp3', list)
      // Not even opened as what it is.
      assert.not.match((await refused(probeAudio(path), 'not-audio')).detail, /^(?:hls|concat)/)
      await refused(probeAudio(path, { format: 'mp3' }), 'not-audio')
      // Even where nobody looked before.
      await refused(makeAudio(path, sounds.folder(), { facts, format: 'mp3', profiles: ['flac'] }), 'broken')
    }
  }
  await new Promise((done) => canary.close(done))
  assert.is(hits, 0)
})

test('refuses films, with and without sound, but no cover art [FILE-03] [FILE-02]', async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=5:d=1']
  const encode = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']
  const film = sounds.make('film.mp4', [...picture, '-f', 'lavfi', '-i', noise(1)], encode)
  assert.is((await probeAudio(film)).hasVideo, true)
  await refused(made(film), 'has-video')
  await refused(probeAudio(sounds.make('mute.mp4', picture, encode)), 'has-video')
  const cover = ['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=1:d=1', '-map', '0', '-map', '1', '-c:v', 'png']
  for (const [name, codec] of [
    ['cover.mp3', 'libmp3lame'],
    ['cover.flac', 'flac'],
    ['cover.m4a', 'aac'],
  ] as const) {
    const args = [...cover.slice(4), '-disposition:v', 'attached_pic', '-c:a', codec]
    const path = sounds.make(name, ['-f', 'lavfi', '-i', noise(0.3), ...cover.slice(0, 4)], args)
    assert.is((await probeAudio(path)).hasVideo, false, name)
    assert.is((await made(path)).isDamaged, false, name)
  }
})

test('refuses headers without sound [FILE-03]', async () => {
  const none = ['-t', '0']
  await refused(made(sounds.make('none.wav', noise(1), [...none, '-c:a', 'pcm_s16le'])), 'no-samples')
  await refused(made(sounds.make('none.flac', noise(1), none)), 'no-samples')
  // Its header says that there is some.
  const flac = await readFile(sounds.make('head.flac', noise(0.5)))
  const blocks = flac.indexOf(Buffer.from([0xff, 0xf8]))
  await refused(made(await file('head.flac', flac.subarray(0, blocks))), 'broken')
})

test('makes what is left of a file that was cut off, and says so [FILE-03] [FILE-07]', async () => {
  const seconds = 3
  const kinds: Record<string, string[]> = { flac: [], wav: ['-c:a', 'pcm_s16le'], aiff: [] }
  for (const [name, args] of Object.entries(kinds)) {
    const whole = sounds.make(`whole.${name}`, noise(seconds), args)
    const { analysis, isDamaged, manifest } = await made(await cut(whole, 0.6))
    assert.is(isDamaged, true, name)
    assert.ok(Math.abs(analysis.durationMs - 1_800) < 300, `${analysis.durationMs} ms of ${name}`)
    assert.is(manifest?.renditions[0]?.sampleCount, analysis.sampleCount)
    assert.is((await made(whole)).isDamaged, false, name)
  }
  const m4a = sounds.make('whole.m4a', noise(seconds), ['-c:a', 'aac', '-movflags', '+faststart'])
  assert.is((await made(await cut(m4a, 0.6))).isDamaged, true)
  await refused(made(await cut(sounds.make('tail.m4a', noise(1), ['-c:a', 'aac']), 0.6)), 'not-audio')
  const mp3 = await made(await cut(sounds.make('whole.mp3', noise(seconds)), 0.6))
  assert.ok(mp3.analysis.durationMs < 2_000 && mp3.analysis.durationMs > 1_500)
})

test('makes what is whole of a file with rubbish inside, refuses one that is all rubbish [FILE-03]', async () => {
  const bytes = await readFile(sounds.make('torn.flac', noise(3)))
  const torn = Buffer.from(bytes)
  torn.fill(0x55, bytes.length >> 2, bytes.length >> 1)
  const { isDamaged, analysis } = await made(await file('torn.flac', torn))
  assert.is(isDamaged, true)
  assert.ok(analysis.durationMs > 1_000)
  torn.fill(0x55, 200)
  await refused(made(await file('rubbish.flac', torn)), 'broken')
})

test('believes the sound, not the header, about how long it is [FILE-03]', async () => {
  const flac = sounds.make('honest.flac', noise(1))
  for (const [says, isDamaged] of [
    [44_100 * 3_600, true],
    [4_410, false],
    [0, false],
  ] as const) {
    const result = await made(await flacSaying(says, flac))
    assert.equal([result.analysis.sampleCount, result.isDamaged], [44_100, isDamaged])
  }
  const piped = await readFile(sounds.make('piped.wav', noise(1), ['-c:a', 'pcm_s16le']))
  piped.writeUInt32LE(0xffffffff, 4)
  piped.writeUInt32LE(0xffffffff, piped.indexOf('data') + 4)
  const endless = await file('piped.wav', piped)
  const result = await made(endless)
  assert.equal([result.analysis.sampleCount, result.isDamaged], [44_100, false])
})

test('refuses what is too long, by its header or by the sound itself [FILE-03]', async () => {
  const flac = sounds.make('long.flac', noise(2))
  await refused(made(await flacSaying(44_100 * 86_400, flac)), 'too-long')
  await refused(made(await flacSaying(0, flac), { maxDurationMs: 500 }), 'too-long')
  assert.is((await made(flac, { maxDurationMs: 2_000 })).analysis.durationMs, 2_000)
})

test('takes RF64, 192 kHz, and tags as large as an album of pictures [FILE-02] [FILE-03]', async () => {
  const rf64 = sounds.make('big.wav', noise(0.5), ['-rf64', 'always', '-c:a', 'pcm_s16le'])
  assert.is((await readFile(rf64)).toString('latin1', 0, 4), 'RF64')
  assert.equal([(await probeAudio(rf64)).format, (await made(rf64)).analysis.sampleCount], ['wav', 22_050])
  const mp3 = await readFile(
    sounds.make('pictures.mp3', noise(0.5), ['-id3v2_version', '0', '-write_xing', '0']),
  )
  const frame = Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), Buffer.alloc(24_000_000, 1)])
  const head = Buffer.from([...Buffer.from('ID3'), 3, 0, 0, ...sevenBits(frame.length + 10)])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(frame.length)
  const apic = Buffer.concat([Buffer.from('APIC'), size, Buffer.alloc(2), frame])
  const path = await file('pictures.mp3', Buffer.concat([head, apic, mp3]))
  const facts = await probeAudio(path, { format: 'mp3' })
  assert.equal([facts.codec, facts.hasVideo], ['mp3', false])
  assert.ok((await made(path)).analysis.durationMs >= 500)
})

/** An ID3 size: four bytes of seven bits. */
const sevenBits = (size: number) => [21, 14, 7, 0].map((shift) => (size >> shift) & 127)

test('ends at once when aborted, and leaves nothing running that writes [FILE-07]', async () => {
  const path = sounds.make('aborted.flac', stereo(8))
  const stop = new AbortController()
  const error = await made(path, {
    profiles: ['aac-96'],
    signal: stop.signal,
    onProgress: () => stop.abort(),
  }).catch((thrown) => thrown)
  assert.instance(error, FfmpegError)
  assert.is((error as FfmpegError).fault, 'aborted')
})

test('tells a killed or missing program from a bad file: the job can run again [FILE-07]', async () => {
  const path = sounds.make('good.wav', noise(1))
  const facts = await probeAudio(path)
  const killed = join(sounds.dir, 'ffmpeg-killed')
  await writeFile(
    killed,
    '#!/bin/sh\n[ "$1" = -version ] && { echo "ffmpeg version 6.0 x"; exit 0; }\nkill -9 $$\n',
  )
  await chmod(killed, 0o755)
  try {
    assert.ok(await findFfmpeg(killed))
    const error = await makeAudio(path, sounds.folder(), { facts, profiles: ['flac'] }).catch(
      (thrown) => thrown,
    )
    assert.instance(error, FfmpegError)
    assert.equal([error.fault, error.exitCode], ['failed', null])
  } finally {
    await findFfmpeg()
  }
  const nowhere = join(sounds.dir, 'no', 'folder')
  const error = await makeAudio(path, nowhere, { facts, profiles: ['flac'] }).catch((thrown) => thrown)
  assert.not.instance(error, AudioError)
})

test.run()
