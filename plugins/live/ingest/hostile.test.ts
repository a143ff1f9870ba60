import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { amf, Encoder, media, RawClient, TestIngest, until } from './test-kit.ts'

const test = suite('ingest and hostile peers')
const started: TestIngest[] = []
const clients: RawClient[] = []

async function ingest(...args: Parameters<typeof TestIngest.start>): Promise<TestIngest> {
  const instance = await TestIngest.start(...args)
  started.push(instance)
  return instance
}

function dial({ port }: TestIngest): RawClient {
  const client = new RawClient(port)
  clients.push(client)
  return client
}

async function acceptsGoodPublish(live: TestIngest): Promise<void> {
  const encoder = new Encoder(live.url('other-after'), media.both)
  await until(() => live.all('playing').some(({ streamId }) => streamId === 'other-after'), 'a good publish')
  await encoder.stop()
}

test.after.each(async () => {
  for (const client of clients.splice(0)) client.socket.destroy()
  await Promise.all(started.splice(0).map((instance) => instance.ingest.stop()))
})

const avcHeader = Buffer.from('17000000000142c00dffe1000f6742c00dda0507e84000000300400000030001', 'hex')
const avcFrame = (isKey: boolean) => Buffer.from(`${isKey ? '17' : '27'}010000000000000165`, 'hex')
const aacHeader = Buffer.from('af001190', 'hex')
const aacFrame = Buffer.from('af0121100500', 'hex')

test('a publish without tcUrl is a publish without a host [LIVE-02]', async () => {
  const live = await ingest()
  const client = dial(live)
  await client.shakeHands()
  client.send(20, amf('connect', 1, { app: 'live' }))
  client.send(20, amf('publish', 3, null, 'good', 'live'), 0, 1)
  await client.waitFor('NetStream.Publish.Start')
  assert.is(live.last('publish-request')!.host, '')
})

test('half a handshake, silence and a publish that never comes are cut in time [LIVE-02]', async () => {
  const live = await ingest({ publishWithinMs: 200 })
  const [silent, half, idle] = [dial(live), dial(live), dial(live)]
  half.socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(700)]))
  await idle.shakeHands()
  idle.send(20, amf('connect', 1, { app: 'live', tcUrl: 'rtmp://a/live' }))
  await Promise.all([silent.closed(), half.closed(), idle.closed()])
  assert.is(live.all('publish-request').length, 0)
})

test('an accepted publisher has as long as it likes', async () => {
  const live = await ingest({ publishWithinMs: 1_000 })
  const client = dial(live)
  await client.publish('good')
  await client.waitFor('NetStream.Publish.Start')
  client.send(8, aacHeader, 0, 1)
  for (let ms = 0; ms < 1_500; ms += 75) {
    client.send(8, aacFrame, ms, 1)
    await delay(75)
  }
  await until(() => live.receivers.get('one')!.samples.length === 20, 'all samples')
})

test('a publisher that falls silent is dropped', async () => {
  const live = await ingest({ idleMs: 200 })
  const client = dial(live)
  await client.publish('good')
  await client.closed()
  assert.is((await live.wait('publisher-gone')).cause, 'dropped')
})

test('bytes that are not RTMP, broken AMF0 and impossible chunk sizes close only their connection', async () => {
  const live = await ingest()
  const web = dial(live)
  web.socket.write('GET / HTTP/1.1\r\n\r\n')
  await web.closed()
  const bad: ((client: RawClient) => void)[] = [
    (client) => client.send(20, amf('connect', 1, { app: 'live' }).subarray(0, 25)),
    (client) => client.send(20, Buffer.from([0x42])),
    (client) => client.send(1, Buffer.alloc(4)),
    (client) => client.send(1, Buffer.alloc(2)),
    (client) => client.send(9, Buffer.alloc(10)),
  ]
  for (const misbehave of bad) {
    const client = dial(live)
    await client.shakeHands()
    misbehave(client)
    await client.closed()
  }
  await acceptsGoodPublish(live)
})

test('a message over 64 KB or a ninth chunk stream before authorisation closes the connection', async () => {
  const live = await ingest()
  const event = 4
  const [large, many, modest] = [dial(live), dial(live), dial(live)]
  await Promise.all([large.shakeHands(), many.shakeHands(), modest.shakeHands()])
  large.send(event, Buffer.alloc(64 * 1024 + 1))
  for (let id = 3; id < 12; id++) many.send(event, Buffer.alloc(6), 0, 0, id)
  modest.send(event, Buffer.alloc(64 * 1024))
  for (let id = 4; id < 11; id++) modest.send(event, Buffer.alloc(6), 0, 0, id)
  await Promise.all([large.closed(), many.closed()])
  assert.not(modest.isClosed)
})

test('watching over RTMP is refused in words', async () => {
  const live = await ingest()
  const client = dial(live)
  await client.shakeHands()
  client.send(20, amf('play', 3, null, 'good'), 0, 1)
  await client.waitFor('NetStream.Play.Failed')
  await client.closed()
})

test('a refusal ends the connection even if the peer keeps sending', async () => {
  const live = await ingest({ lingerMs: 150 })
  const client = new RawClient(live.port, true)
  clients.push(client)
  await client.publish('wrong')
  await client.waitFor('NetStream.Publish.BadName')
  const flood = setInterval(() => client.send(9, avcFrame(true), 0, 1), 5)
  await client.closed()
  clearInterval(flood)
  assert.is(live.receivers.size, 0)
})

for (const [codec, message] of [
  ['HEVC (H.265)', Buffer.from('9068766331010160', 'hex')],
  ['AV1', Buffer.from('906176303181', 'hex')],
] as const) {
  test(`${codec} in enhanced RTMP is turned away by name [LIVE-02]`, async () => {
    const live = await ingest()
    const client = dial(live)
    await client.publish('good')
    await client.waitFor('NetStream.Publish.Start')
    client.send(9, message, 0, 1)
    const warning = await live.wait('warning')
    assert.equal([warning.code, warning.detail], ['unsupported-codec', codec])
    await client.waitFor('NetStream.Publish.Rejected')
    assert.is((await live.wait('publisher-gone')).because, 'unsupported-codec')
    await client.closed()
  })
}

test('Opus is turned away by name [LIVE-02]', async () => {
  const live = await ingest()
  const client = dial(live)
  await client.publish('good')
  await client.waitFor('NetStream.Publish.Start')
  client.send(8, Buffer.from('904f7075730101', 'hex'), 0, 1)
  assert.is((await live.wait('warning')).detail, 'Opus')
})

test('video without a key frame ends the publish instead of becoming audio only [LIVE-02]', async () => {
  const live = await ingest({ keyFrameWithinMs: 300 })
  const client = dial(live)
  await client.publish('good')
  await client.waitFor('NetStream.Publish.Start')
  client.send(9, avcHeader, 0, 1)
  client.send(8, aacHeader, 0, 1)
  for (let ms = 0; ms < 200; ms += 20) {
    client.send(8, aacFrame, ms, 1)
    client.send(9, avcFrame(false), ms, 1)
  }
  assert.is((await live.wait('warning')).code, 'no-key-frame')
  assert.is((await live.wait('publisher-gone')).because, 'no-key-frame')
  assert.equal(live.receivers.get('one')!.samples, [])
  assert.is(live.all('playing').length, 0)
})

test('times go on past the end of the 32-bit clock', async () => {
  const live = await ingest()
  const client = dial(live)
  await client.publish('good')
  await client.waitFor('NetStream.Publish.Start')
  client.send(8, aacHeader, 2 ** 32 - 20, 1)
  for (const ms of [2 ** 32 - 20, 2 ** 32 - 1, 19, 40]) client.send(8, aacFrame, ms, 1)
  const receiver = live.receivers.get('one')!
  await until(() => receiver.samples.length === 4, 'samples')
  const [first = 0, ...rest] = receiver.samples.map(({ dtsMs }) => dtsMs)
  assert.equal(
    rest.map((ms) => ms - first),
    [19, 39, 60],
  )
})

test('deltas over the end of the 32-bit clock are not lost in the parser', async () => {
  const live = await ingest()
  const client = dial(live)
  await client.publish('good')
  await client.waitFor('NetStream.Publish.Start')
  client.send(8, aacHeader, 2 ** 32 - 30, 1)
  const delta = Buffer.from([0x43, 0, 0, 23, 0, 0, aacFrame.length, 8])
  for (let i = 0; i < 4; i++) client.socket.write(Buffer.concat([delta, aacFrame]))
  await until(() => live.receivers.get('one')!.samples.length === 4, 'samples')
  const times = live.receivers.get('one')!.samples.map(({ dtsMs }) => dtsMs)
  assert.equal(
    times.map((ms) => ms - times[0]!),
    [0, 23, 46, 69],
  )
})

test('received bytes are acknowledged as often as the peer asked for', async () => {
  const live = await ingest()
  const client = dial(live)
  await client.publish('good')
  await client.waitFor('NetStream.Publish.Start')
  const window = Buffer.alloc(4)
  window.writeUInt32BE(70_000)
  client.send(5, window)
  const before = client.received.length
  client.send(9, Buffer.alloc(80_000, 0x57), 0, 1)
  await until(() => client.received.length >= before + 16, 'an acknowledgement')
  assert.is(client.received.subarray(before, before + 8).toString('hex'), '0200000000000403')
  assert.ok(client.received.readUInt32BE(before + 12) > 70_000)
})

test('an address gets its number of connections and no more', async () => {
  const live = await ingest({ connectionsByLoopback: 3 })
  const kept = [dial(live), dial(live), dial(live)]
  await until(() => live.ingest.openConnections === 3, 'three connections')
  await dial(live).closed()
  assert.ok(kept.every(({ isClosed }) => !isClosed))
  kept[0]!.socket.destroy()
  await until(() => live.ingest.openConnections === 2, 'one to go')
  const next = dial(live)
  await next.shakeHands()
})

test('a thousand garbage connections leave nothing behind and a good publish still works [LIVE-02]', async () => {
  const live = await ingest({ publishWithinMs: 1_000, lingerMs: 50 })
  const handlesBefore = process.getActiveResourcesInfo().length
  for (let batch = 0; batch < 10; batch++) {
    const batchClients = Array.from({ length: 100 }, (_, i) => misbehave(dial(live), batch * 100 + i))
    await Promise.all(batchClients.map((client) => client.closed()))
    clients.length = 0
  }
  await until(() => live.ingest.openConnections === 0, 'all connections to go')
  await until(() => process.getActiveResourcesInfo().length <= handlesBefore + 2, 'handles to go')
  await acceptsGoodPublish(live)
})

/** Some kind of bad behaviour by number; all end up closed by the other side. */
function misbehave(client: RawClient, kind: number): RawClient {
  const hello = Buffer.concat([Buffer.from([3]), Buffer.alloc(3072, kind % 256)])
  const noise = Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 31 + kind * 7) % 256))
  if (kind % 4 === 0) client.socket.write(noise)
  else if (kind % 4 === 1) client.socket.write(Buffer.concat([hello, noise]))
  else if (kind % 4 === 2) client.socket.end(hello.subarray(0, 800))
  else client.socket.write(Buffer.concat([hello, Buffer.alloc(2_000, 0xff)]))
  return client
}

test.run()
