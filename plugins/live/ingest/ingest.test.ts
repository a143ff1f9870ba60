import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Encoder, media, RawClient, TestIngest, targetOf, until } from './test-kit.ts'

const test = suite('ingest with real encoders')
const started: TestIngest[] = []
const encoders: Encoder[] = []

async function ingest(...args: Parameters<typeof TestIngest.start>): Promise<TestIngest> {
  const instance = await TestIngest.start(...args)
  started.push(instance)
  return instance
}

function encode(url: string, args = media.both): Encoder {
  const encoder = new Encoder(url, args)
  encoders.push(encoder)
  return encoder
}

test.after.each(async () => {
  await Promise.all(encoders.splice(0).map((encoder) => encoder.stop()))
  await Promise.all(started.splice(0).map((instance) => instance.ingest.stop()))
})

test('takes H.264 and AAC from ffmpeg and reports health in figures [LIVE-01]', async () => {
  const live = await ingest({}, 1_500)
  encode(`${live.url('good')}?cam=2&x=%20y`)
  const { health } = await live.wait('health', 2)
  const request = live.last('publish-request')!
  assert.equal(
    [request.host, request.app, request.key, request.address],
    ['127.0.0.1', 'live', 'good', '127.0.0.1'],
  )
  assert.equal(request.query, { cam: '2', x: ' y' })
  assert.equal(live.all('playing').length, 1)
  assert.is(live.last('playing')!.resumed, false)
  assert.equal([health.width, health.height, health.channels, health.sampleRateHz], [320, 180, 1, 48_000])
  assert.match(health.videoCodec!, /^avc1\./)
  assert.is(health.audioCodec, 'mp4a.40.2')
  assert.match(health.encoder, /^Lavf/)
  assert.is(health.keyFrameIntervalMs, 500)
  assert.ok(health.fps > 20 && health.videoKbps > 50 && health.audioKbps > 30, JSON.stringify(health))
  assert.is(health.droppedFrames, 0)
  const { samples, configs } = live.receivers.get('one')!
  assert.equal(configs.map(({ track }) => track).sort(), ['audio', 'video'])
  assert.ok(samples.find(({ track }) => track === 'video')!.isKey)
  for (const track of ['video', 'audio']) {
    const times = samples.filter((sample) => sample.track === track).map(({ dtsMs }) => dtsMs)
    assert.equal(
      times,
      [...times].sort((a, b) => a - b),
    )
  }
})

test('an AVC sample keeps its bytes: its NAL lengths add up to its size', async () => {
  const live = await ingest()
  encode(live.url('good'), media.videoOnly)
  await until(() => (live.receivers.get('one')?.samples.length ?? 0) > 40, 'samples')
  for (const { data } of live.receivers.get('one')!.samples) {
    let at = 0
    while (at < data.length) at += 4 + data.readUInt32BE(at)
    assert.is(at, data.length)
  }
  assert.equal(new Set(live.receivers.get('one')!.samples.map(({ track }) => track)), new Set(['video']))
})

test('refuses a wrong key before the encoder may start, and takes nothing from it [LIVE-02]', async () => {
  const live = await ingest()
  const encoder = encode(live.url('wrong'))
  assert.is.not(await encoder.exited, 0)
  assert.match(encoder.stderr, /This stream key is not valid/)
  assert.is(live.receivers.size, 0)
  assert.is(live.all('publisher-gone').length, 0)
  await until(() => live.ingest.openConnections === 0, 'the refused connection to go')
})

test('a publisher that says goodbye is unpublished, a killed one is dropped; the stream resumes', async () => {
  const live = await ingest()
  const killed = encode(live.url('good'))
  await live.wait('playing')
  await killed.stop('SIGKILL')
  assert.is((await live.wait('publisher-gone')).cause, 'dropped')
  const polite = encode(live.url('good'))
  assert.is((await live.wait('playing', 2)).resumed, true)
  await polite.stop('q')
  assert.is((await live.wait('publisher-gone', 2)).cause, 'unpublished')
  assert.equal(live.receivers.get('one')!.calls, ['interrupt', 'interrupt'])
  await live.ingest.handle({ type: 'end', streamId: 'one', reason: 'grace-over' })
  assert.equal(live.last('ended'), {
    type: 'ended',
    streamId: 'one',
    reason: 'grace-over',
    recording: { durationMs: 1, sizeBytes: 2, segments: 3 },
  })
})

test('the newest publisher of a stream wins and the old one is sent away [LIVE-02]', async () => {
  const live = await ingest()
  const first = encode(live.url('good'))
  await live.wait('playing')
  encode(live.url('good'), media.videoOnly)
  assert.is((await live.wait('playing', 2)).resumed, true)
  assert.is.not(await first.exited, 0)
  const { calls, samples } = live.receivers.get('one')!
  assert.equal(calls, ['interrupt'])
  assert.is(live.all('publisher-gone').length, 0)
  const count = samples.length
  await until(() => samples.length > count + 10, 'media of the second publisher')
  assert.ok(samples.slice(count).every(({ track }) => track === 'video'))
})

test('audio alone is a stream', async () => {
  const live = await ingest()
  encode(live.url('good'), media.audioOnly)
  const { health } = await live.wait('health')
  assert.equal([live.last('playing')!.hasAudio, live.last('playing')!.hasVideo], [true, false])
  assert.equal([health.videoCodec, health.fps, health.videoKbps], [null, 0, 0])
  assert.is(live.all('warning').length, 0)
})

test('MP3 from ffmpeg is turned away in words [LIVE-02]', async () => {
  const live = await ingest()
  const encoder = encode(live.url('good'), media.mp3)
  const warning = await live.wait('warning')
  assert.equal([warning.code, warning.detail, warning.streamId], ['unsupported-codec', 'MP3', 'one'])
  assert.is((await live.wait('publisher-gone')).because, 'unsupported-codec')
  assert.is.not(await encoder.exited, 0)
})

test('ending a stream disconnects its publisher first', async () => {
  const live = await ingest()
  const encoder = encode(live.url('good'))
  await live.wait('playing')
  await live.ingest.handle({ type: 'end', streamId: 'one', reason: 'kicked' })
  assert.is.not(await encoder.exited, 0)
  assert.equal(live.receivers.get('one')!.calls, ['end'])
  assert.is(live.last('ended')!.reason, 'kicked')
  assert.is(live.all('publisher-gone').length, 0)
})

test('a child that does not know a stream still ends it', async () => {
  const live = await ingest()
  const reason = 'grace-over'
  await live.ingest.handle({ type: 'end', streamId: 'lost', reason, target: targetOf('lost') })
  assert.equal(live.receivers.get('lost')!.calls, ['end'])
  assert.is(live.last('ended')!.recording.segments, 3)
  await live.ingest.handle({ type: 'end', streamId: 'never', reason })
  assert.equal([live.last('ended')!.streamId, live.last('ended')!.recording.segments], ['never', 0])
})

test('stopping flushes what there is and ends no stream', async () => {
  const live = await ingest()
  const encoder = encode(live.url('good'))
  await live.wait('playing')
  await live.ingest.stop()
  await encoder.exited
  assert.equal(live.receivers.get('one')!.calls, ['interrupt'])
  assert.equal([live.all('ended').length, live.ingest.openConnections], [0, 0])
})

test('a publisher is held back while the receiver cannot keep up, and goes on afterwards', async () => {
  const live = await ingest({ pauseAboveBytes: 20_000, resumeBelowBytes: 5_000, idleMs: 1_000 })
  encode(live.url('good'))
  await live.wait('playing')
  const receiver = live.receivers.get('one')!
  receiver.isHoarding = true
  await until(() => receiver.pendingBytes > 20_000, 'the receiver to fill up')
  await new Promise((resolve) => setTimeout(resolve, 500))
  const held = receiver.samples.length
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  assert.is(receiver.samples.length, held)
  receiver.isHoarding = false
  receiver.pendingBytes = 0
  await until(() => receiver.samples.length > held + 20, 'media after the pause')
  assert.is(live.all('publisher-gone').length, 0)
})

test('a port in use is reported with its code', async () => {
  const live = await ingest()
  const second = new TestIngest()
  await second.ingest.handle({
    type: 'listen',
    rtmp: { host: '127.0.0.1', port: live.port },
    socketPath: '',
  })
  assert.equal(second.last('listen-failed'), { type: 'listen-failed', code: 'EADDRINUSE', port: live.port })
})

test('an answer that comes after the publisher left reports it gone and disturbs nobody', async () => {
  const live = await ingest({ answerWithinMs: 500 })
  live.answersAfterMs = 1_000
  const client = new RawClient(live.port)
  await client.publish('good')
  assert.is((await live.wait('publisher-gone')).cause, 'dropped')
  assert.ok(client.isClosed)
})

test.run()
