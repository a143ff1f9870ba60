import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { audioLevel, FfmpegError, ffmpegRemedy, findFfmpeg, runFfmpeg, thumbnail } from './index.ts'
import { createSlots } from './slots.ts'

let dir: string
const test = suite('ffmpeg')
test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veza-ffmpeg-'))
})
test.after(async () => {
  await findFfmpeg()
  await rm(dir, { recursive: true, force: true })
})

async function fault(work: Promise<unknown>): Promise<FfmpegError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.instance(error, FfmpegError)
  return error as FfmpegError
}

/** A program that answers like an ffmpeg, then does what the script says. */
async function program(name: string, version: string, script = 'exit 0'): Promise<string> {
  const path = join(dir, name)
  const kind = name.startsWith('ffprobe') ? 'ffprobe' : 'ffmpeg'
  const body = `#!/bin/sh\n[ "$1" = -version ] && { echo "${kind} version ${version} Copyright"; exit 0; }\n${script}\n`
  await writeFile(path, body)
  await chmod(path, 0o755)
  return path
}

async function segment(name: string, sound: string, picture: string[]) {
  const folder = await mkdtemp(join(dir, name))
  execFileSync('ffmpeg', [
    ...['-loglevel', 'error', '-f', 'lavfi', '-i', sound, ...picture, '-t', '1', '-c:a', 'aac', '-f', 'hls'],
    ...['-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', 'init.mp4', join(folder, 'list.m3u8')],
  ])
  return { initPath: join(folder, 'init.mp4'), segmentPath: join(folder, 'list0.m4s') }
}
const testPicture = [
  '-f',
  'lavfi',
  '-i',
  'testsrc=size=640x360:rate=10',
  '-c:v',
  'libx264',
  '-pix_fmt',
  'yuv420p',
]

test('finds the ffmpeg of the machine, and the one the setting names', async () => {
  const found = await findFfmpeg()
  assert.match(found?.version ?? ffmpegRemedy(), /^\d/)
  assert.equal([found?.ffmpeg, found?.ffprobe, found?.hasX264], ['ffmpeg', 'ffprobe', true])
  const named = await program('ffmpeg-own', '7.1')
  const probe = await program('ffprobe-own', '7.1')
  assert.equal(await findFfmpeg(named), { ffmpeg: named, ffprobe: probe, version: '7.1', hasX264: false })
})

test('takes none that is too old, broken or not there, and says what to do', async () => {
  assert.is(await findFfmpeg(await program('old', '4.3.9')), null)
  assert.is(await findFfmpeg(await program('older', '3.9')), null)
  assert.is((await findFfmpeg(await program('edge', '4.4')))?.version, '4.4')
  assert.is(
    (await findFfmpeg(await program('nightly', 'N-109468-gd39b34123d')))?.version,
    'N-109468-gd39b34123d',
  )
  assert.is(await findFfmpeg(join(dir, 'nowhere')), null)
  assert.match(ffmpegRemedy(join(dir, 'nowhere')), 'nowhere')
  assert.match(ffmpegRemedy(), 'apt-get install ffmpeg')
  await findFfmpeg()
})

test('runs it on what is fed, and gives its output', async () => {
  const wav = await runFfmpeg(['-f', 'lavfi', '-i', 'sine=duration=0.1', '-f', 'wav', 'pipe:1'])
  assert.is(wav.subarray(0, 4).toString(), 'RIFF')
  for (const input of [wav, Readable.from([wav.subarray(0, 100), wav.subarray(100)])]) {
    const raw = await runFfmpeg(['-f', 'wav', '-i', 'pipe:0', '-f', 's16le', 'pipe:1'], { input })
    assert.is(raw.length, 8820)
  }
})

test('throws its last words when it fails, also when it reads nothing of what is fed', async () => {
  const error = await fault(
    runFfmpeg(['-f', 'mp4', '-i', 'pipe:0', '-f', 'null', '-'], { input: Buffer.alloc(5e6, 7) }),
  )
  assert.is(error.fault, 'failed')
  assert.match(error.lastLine, 'Invalid data')
  assert.is((await fault(runFfmpeg(['-not-an-option']))).fault, 'failed')
})

test('ends it when aborted, at the end of its time, and when it says too much', async () => {
  const endless = ['-re', '-f', 'lavfi', '-i', 'sine', '-f', 'null', '-']
  const abort = new AbortController()
  const aborted = fault(runFfmpeg(endless, { signal: abort.signal }))
  setTimeout(() => abort.abort(), 100)
  assert.is((await aborted).fault, 'aborted')
  assert.is((await fault(runFfmpeg(endless, { signal: abort.signal }))).fault, 'aborted')
  assert.is((await fault(runFfmpeg(endless, { timeoutMs: 100 }))).fault, 'timeout')
  const loud = ['-f', 'lavfi', '-i', 'sine', '-f', 's16le', 'pipe:1']
  assert.is((await fault(runFfmpeg(loud, { maxOutputBytes: 100_000 }))).fault, 'too-much-output')
})

test('reads no address of the network, whichever input names it', async () => {
  let hits = 0
  const canary = createServer((_req, res) => {
    hits += 1
    res.end()
  }).listen(0, '127.0.0.1')
  await once(canary, 'listening')
  const url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/x.ts`
  const list = join(dir, 'evil.m3u8')
  await writeFile(list, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${url}\n#EXT-X-ENDLIST\n`)
  const silence = ['-f', 'lavfi', '-i', 'sine=duration=0.1']
  await fault(runFfmpeg(['-i', url, '-f', 'null', '-']))
  await fault(runFfmpeg([...silence, '-i', url, '-f', 'null', '-']))
  await fault(runFfmpeg([...silence, '-i', list, '-map', '1', '-f', 'null', '-']))
  await new Promise((done) => canary.close(done))
  assert.is(hits, 0)
})

test('runs at low priority, two at once, without our secrets in its environment', async () => {
  process.env.VEZA_CANARY = 'secret'
  const log = join(dir, 'runs')
  await findFfmpeg(
    await program('ffmpeg-slow', '9.0', `echo start >> ${log}; sleep 0.2; echo end >> ${log}; env; echo $$`),
  )
  const outputs = await Promise.all([1, 2, 3, 4, 5].map(() => runFfmpeg([])))
  let running = 0
  let most = 0
  for (const line of (await readFile(log, 'utf8')).trim().split('\n')) {
    running += line === 'start' ? 1 : -1
    most = Math.max(most, running)
  }
  assert.is(most, 2)
  for (const output of outputs) assert.not.match(output.toString(), 'secret')
  delete process.env.VEZA_CANARY
  await findFfmpeg(await program('ffmpeg-nice', '9.0', 'sleep 0.1; nice'))
  assert.is(Number((await runFfmpeg([])).toString()), Math.max(10, getPriority()))
  await findFfmpeg()
})

test('gives a slot back whose holder gave up waiting', async () => {
  const slots = createSlots(1)
  const first = await slots.take()
  const abort = new AbortController()
  const impatient = slots.take(abort.signal).catch((reason: Error) => reason.name)
  const patient = slots.take()
  abort.abort()
  assert.is(await impatient, 'AbortError')
  first()
  first()
  const second = await patient
  const third = slots.take()
  second()
  await third
})

test('makes a thumbnail of a segment', async () => {
  const paths = await segment('picture', 'sine', testPicture)
  const out = join(dir, 'thumb.jpg')
  await thumbnail(paths, out, 320)
  const probe = ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', out]
  assert.is(execFileSync('ffprobe', probe).toString().trim(), 'mjpeg,320,180')
  const audioOnly = await segment('sound', 'sine', [])
  await fault(thumbnail(audioOnly, join(dir, 'none.jpg'), 320))
  await writeFile(join(dir, 'rubbish'), 'rubbish')
  const rubbish = { initPath: join(dir, 'rubbish'), segmentPath: join(dir, 'rubbish') }
  await fault(thumbnail(rubbish, join(dir, 'none.jpg'), 320))
  const missing = await fault(
    thumbnail({ ...paths, segmentPath: join(dir, 'gone') }, join(dir, 'none.jpg'), 320),
  )
  assert.match(missing.lastLine, 'ENOENT')
  assert.equal(
    (await readdir(dir)).filter((name) => name.includes('none')),
    [],
  )
})

test('measures how loud a segment is', async () => {
  const tone = await audioLevel(await segment('tone', 'aevalsrc=0.5*sin(2*PI*440*t)', []))
  assert.ok(Math.abs(tone.peakDb + 6) < 1, `peak ${tone.peakDb}`)
  assert.ok(Math.abs(tone.rmsDb + 9) < 1, `rms ${tone.rmsDb}`)
  assert.equal(await audioLevel(await segment('silence', 'anullsrc', testPicture)), {
    peakDb: -120,
    rmsDb: -120,
  })
  const silent = await mkdtemp(join(dir, 'film'))
  const film = [
    '-movflags',
    '+frag_keyframe+empty_moov+default_base_moof',
    '-t',
    '1',
    join(silent, 'film.mp4'),
  ]
  execFileSync('ffmpeg', ['-loglevel', 'error', ...testPicture, ...film])
  await writeFile(join(silent, 'empty'), '')
  const paths = { initPath: join(silent, 'film.mp4'), segmentPath: join(silent, 'empty') }
  assert.is((await fault(audioLevel(paths))).fault, 'failed')
})

test.run()
