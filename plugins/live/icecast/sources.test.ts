import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TestIngest, until } from '../ingest/test-kit.ts'
import { describeAac } from '../media/aac.ts'
import { FfmpegSource, icecastIngest, type kinds } from './test-kit.ts'

const test = suite<{ live: TestIngest; port: number; sources: FfmpegSource[] }>('Icecast sources')
test.before.each(async (context) => {
  Object.assign(context, await icecastIngest(), { sources: [] })
})
test.after.each(async ({ live, sources }) => {
  await Promise.all(sources.map((source) => source.stop()))
  await live.ingest.stop()
})

const longEnough = 40

test('ffmpeg as a source of each kind is heard as AAC with an even clock [LIVE-05]', async (context) => {
  const { live, port, sources } = context
  const all: (keyof typeof kinds)[] = ['mp3', 'aac', 'opus', 'vorbis']
  for (const kind of all)
    sources.push(new FfmpegSource(`icecast://source:other-${kind}@127.0.0.1:${port}/${kind}`, kind))
  for (const kind of all) {
    const samplesOf = () => live.receivers.get(`other-${kind}`)?.samples ?? []
    await until(() => samplesOf().length > longEnough, `sound of ${kind}: ${sources.map((s) => s.said)}`)
    const receiver = live.receivers.get(`other-${kind}`)!
    const { codec, sampleRateHz, channels } = describeAac(receiver.configs[0]!.config)
    const expected = kind === 'aac' ? ['mp4a.40.2', 44_100, 1] : ['mp4a.40.2', 48_000, 2]
    assert.equal([codec, sampleRateHz, channels], expected, kind)
    assert.is(receiver.configs.length, 1)
    const times = samplesOf().map(({ dtsMs }) => dtsMs)
    const frameMs = 1_024_000 / sampleRateHz
    for (const [i, ms] of times.entries())
      assert.ok(Math.abs(ms - times[0]! - i * frameMs) <= 1, `${kind} ${i}: ${ms}`)
  }
  const { host, mount, app, encoder } = live.all('publish-request').find(({ key }) => key === 'other-mp3')!
  assert.equal([host, mount, app], ['127.0.0.1', 'mp3', 'live'])
  assert.match(encoder, /^Lavf/)
})

test('the older SOURCE method is taken, and a mount with an ending [LIVE-05]', async ({
  live,
  port,
  sources,
}) => {
  sources.push(
    new FfmpegSource(`icecast://source:good@127.0.0.1:${port}/radio.mp3`, 'mp3', '-legacy_icecast 1'),
  )
  assert.equal((await live.wait('playing')).hasVideo, false)
  assert.is(live.last('publish-request')!.mount, 'radio')
})

test('a wrong key ends ffmpeg with an error; the newest source of a key replaces the one before', async (context) => {
  const { live, port, sources } = context
  const wrong = new FfmpegSource(`icecast://source:wrong@127.0.0.1:${port}/radio`, 'aac')
  assert.is.not(await wrong.exited, 0)
  assert.match(wrong.said, /401/)
  const url = `icecast://source:good@127.0.0.1:${port}/radio`
  const first = new FfmpegSource(url, 'aac')
  await live.wait('playing')
  sources.push(first, new FfmpegSource(url, 'aac'))
  await live.wait('playing', 2)
  assert.is.not(await first.exited, 0)
  assert.equal(live.receivers.get('one')!.calls, ['interrupt'])
  assert.is(live.all('publisher-gone').length, 0)
  await live.ingest.handle({ type: 'end', streamId: 'one', reason: 'kicked' })
  assert.is.not(await sources[1]!.exited, 0)
  assert.is((await live.wait('ended')).reason, 'kicked')
})

test('titles come in Ogg comments, and by /admin/metadata while the key is on air [LIVE-05]', async (context) => {
  const { live, port, sources } = context
  const tags = '-metadata artist=Léa -metadata title=Aube'
  sources.push(new FfmpegSource(`icecast://source:good@127.0.0.1:${port}/radio`, 'opus', tags))
  assert.is((await live.wait('title')).title, 'Léa - Aube')
  await live.wait('playing')
  const set = (query: string, key = 'good', mount = '%2Fradio') =>
    fetch(`http://127.0.0.1:${port}/admin/metadata?mode=updinfo&mount=${mount}&${query}`, {
      headers: { authorization: `Basic ${btoa(`source:${key}`)}` },
    })
  await delay(1_000)
  assert.is((await set('song=One%20%26%20Two%0d%0aX-Evil%3a+1')).status, 200)
  assert.is((await live.wait('title', 2)).title, 'One & Two X-Evil: 1')
  await delay(1_000)
  assert.is((await set('artist=A&title=caf%e9')).status, 200)
  assert.is((await live.wait('title', 3)).title, 'A - café')
  assert.equal(
    [(await set('song=x', 'bad')).status, (await set('song=x', 'good', '/other')).status],
    [403, 403],
  )
  assert.is((await set('nothing=x')).status, 400)
  const anonymous = await fetch(`http://127.0.0.1:${port}/admin/metadata?mode=updinfo&mount=/radio&song=x`)
  assert.equal(
    [anonymous.status, anonymous.headers.get('www-authenticate')?.startsWith('Basic ')],
    [401, true],
  )
})

test('a source costs one start of the program that the server found: a busy machine is slow to start any [LIVE-05]', async () => {
  const host = '127.0.0.1'
  const dir = await mkdtemp(join(tmpdir(), 'veza-decoder-'))
  const [program, starts] = [join(dir, 'ffmpeg'), join(dir, 'starts')]
  await writeFile(program, `#!/bin/sh\necho "$1" >> ${starts}\nexec ffmpeg "$@"\n`, { mode: 0o755 })
  const live = new TestIngest()
  const addresses = { rtmp: { host, port: 0 }, icecast: { host, port: 0 } }
  await live.ingest.handle({ type: 'listen', ...addresses, ffmpeg: program, socketPath: '' })
  const { port } = await live.wait('icecast-listening')
  const source = new FfmpegSource(`icecast://source:good@${host}:${port}/radio`, 'mp3')
  try {
    await live.wait('playing')
    assert.is((await readFile(starts, 'utf8')).trim().split('\n').length, 1)
  } finally {
    await source.stop()
    await live.ingest.stop()
    await rm(dir, { recursive: true })
  }
})

test('a port that is taken is told once, RTMP goes on, and it is listened on when it is free [LIVE-05]', async () => {
  const host = '127.0.0.1'
  const other = createServer()
  other.listen(0, host)
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const live = new TestIngest({ listenAgainMs: 30 })
  try {
    await live.ingest.handle({
      type: 'listen',
      rtmp: { host, port: 0 },
      icecast: { host, port },
      socketPath: '',
    })
    assert.equal(await live.wait('icecast-failed'), { type: 'icecast-failed', code: 'EADDRINUSE', port })
    const rtmp = connect((await live.wait('listening')).port, host)
    await once(rtmp, 'connect')
    rtmp.destroy()
    await delay(200)
    assert.equal(
      live.messages.map(({ type }) => type),
      ['listening', 'icecast-failed'],
    )
    other.close()
    assert.is((await live.wait('icecast-listening')).port, port)
    assert.is((await fetch(`http://${host}:${port}/status-json.xsl`)).status, 200)
  } finally {
    other.close()
    await live.ingest.stop()
  }
})

test('what a decoder still holds is not lost when its source stops', async (context) => {
  const { live, port, sources } = context
  const source = new FfmpegSource(`icecast://source:good@127.0.0.1:${port}/radio`, 'vorbis', '-t 2')
  sources.push(source)
  const samples = () => live.receivers.get('one')?.samples.length ?? 0
  await until(() => samples() > 10, 'sound')
  await source.exited
  await live.wait('publisher-gone')
  assert.ok(samples() * 1024 >= 1.9 * 48_000, `${samples()} frames of 2 s`)
})

test.run()
