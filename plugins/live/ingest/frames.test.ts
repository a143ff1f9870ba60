import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FeedServer } from '../media/feed-server.ts'
import { giveBackFrame, takeFrame } from '../media/frame-memory.ts'
import { createReceiver } from '../media/receiver.ts'
import { encode } from '../media/test-kit.ts'
import { Ingest } from './ingest.ts'
import { readInPlace } from './read-in-place.ts'
import { RawClient, targetOf, until } from './test-kit.ts'

const test = suite('frames on their way')
let dir: string
let feed: FeedServer

test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veza-frames-'))
  feed = await FeedServer.listen(join(dir, 'feed.sock'))
})
test.after(async () => {
  await feed.close()
  await rm(dir, { recursive: true })
})

/** The same numbers for the same seed (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Everything behind the tables of a stored segment. */
function mediaOf(segment: Buffer): Buffer {
  const media: Buffer[] = []
  for (let at = 0; at < segment.length; at += segment.readUInt32BE(at)) {
    const type = segment.toString('latin1', at + 4, at + 8)
    if (type === 'mdat') media.push(segment.subarray(at + 8, at + segment.readUInt32BE(at)))
  }
  return Buffer.concat(media)
}

test('of publishers that send at once, each byte is stored where it belongs [LIVE-01] [LIVE-13]', async () => {
  const config = (await encode({ seconds: 1, without: 'audio' })).find((one) => 'config' in one)!
  const ingest = new Ingest({
    receiverFor: ({ id }) => createReceiver({ ...targetOf(id), dir: join(dir, id) }, feed),
    send: (message) => {
      if (message.type === 'listening') port = message.port
      if (message.type !== 'publish-request') return
      const { requestId, key } = message
      void ingest.handle({ type: 'publish-answer', requestId, accept: true, stream: targetOf(key) })
    },
  })
  let port = 0
  await ingest.handle({ type: 'listen', rtmp: { host: '127.0.0.1', port: 0 }, socketPath: '' })
  const next = numbers(2026)
  const publishers = await Promise.all(
    ['red', 'green', 'blue'].map(async (key) => {
      const client = new RawClient(port)
      await client.publish(key)
      await client.waitFor('NetStream.Publish.Start')
      client.send(9, Buffer.concat([Buffer.from([0x17, 0, 0, 0, 0]), config.config]), 0, 1)
      return { key, client, sent: [] as Buffer[] }
    }),
  )
  for (let frame = 0; frame < 90; frame++) {
    for (const { client, sent } of publishers) {
      const isKey = frame % 30 === 0
      // Now and then one that has no room in a slab of its own size.
      const data = Buffer.alloc(1 + next(frame === 77 ? 400_000 : 15_000), next(256))
      for (let at = 0; at < data.length; at += 61) data[at] = next(256)
      sent.push(data)
      client.send(9, Buffer.concat([Buffer.from([isKey ? 0x17 : 0x27, 1, 0, 0, 0]), data]), frame * 33, 1)
      // A message of which nothing is stored.
      if (next(9) === 0) client.send(8, Buffer.from([0xaf, 1, 1, 2, 3]), frame * 33, 1)
      if (next(5) === 0) await delay(1)
    }
  }
  for (const { key, client, sent } of publishers) {
    await until(() => client.socket.writableLength === 0, 'all to be sent')
    client.socket.end()
    await client.closed()
    await ingest.handle({ type: 'end', streamId: key, reason: 'unpublished' })
    const files = (await readdir(join(dir, key))).filter((name) => /^v.*\.m4s$/.test(name))
    const bySeq = files.sort((a, b) => Number(a.match(/\d+/)![0]) - Number(b.match(/\d+/)![0]))
    const stored = await Promise.all(bySeq.map((name) => readFile(join(dir, key, name))))
    assert.ok(stored.length > 1)
    assert.ok(Buffer.concat(stored.map(mediaOf)).equals(Buffer.concat(sent)), `the frames of ${key}`)
  }
  await ingest.stop()
})

test('memory of a frame is used again once it was given back, and never before', () => {
  const next = numbers(7)
  const held: { frame: Buffer; mark: number }[] = []
  const memories = new Set<ArrayBufferLike>()
  for (let i = 0; i < 5_000; i++) {
    const frame = takeFrame(1 + next(60_000))
    memories.add(frame.buffer)
    const mark = next(256)
    held.push({ frame: frame.fill(mark), mark })
    while (held.length > next(60)) {
      const [oldest] = held.splice(next(3) === 0 ? next(held.length) : 0, 1)
      const { frame, mark } = oldest!
      assert.ok(frame[0] === mark && frame[frame.length >> 1] === mark && frame.at(-1) === mark)
      giveBackFrame(next(2) === 0 ? oldest!.frame : oldest!.frame.subarray(5))
    }
  }
  for (const { frame } of held) giveBackFrame(frame)
  assert.ok(memories.size < 60, `${memories.size} pieces of memory for 150 MB`)
  // What is not of it is nobody's to use again.
  giveBackFrame(Buffer.from('anything'))
  const large = takeFrame(1_000_000)
  assert.is(large.length, 1_000_000)
  giveBackFrame(large)
})

test('a connection is read without memory of its own, and stays its server’s', async () => {
  const memories = new Set<ArrayBufferLike>()
  const served: Socket[] = []
  let read = 0
  const server = createServer({ pauseOnConnect: true }, (taken) => {
    const socket = readInPlace(taken)
    served.push(socket)
    socket.on('data', (bytes) => {
      memories.add(bytes.buffer)
      read += bytes.length
      if (read === 200_000) socket.write('whole')
    })
    socket.on('end', () => socket.end())
    socket.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const clients = [new RawClient(port), new RawClient(port)]
  await until(() => served.length === 2, 'both connections')
  const connections = () =>
    new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
  assert.is(await connections(), 2)
  served[0]!.pause()
  for (const client of clients) client.socket.write(Buffer.alloc(100_000, 1))
  await until(() => read === 100_000, 'the one that is not paused')
  assert.is(served[0]!.isPaused(), true)
  served[0]!.resume()
  await Promise.any(clients.map((client) => client.waitFor('whole')))
  assert.is(memories.size, 1)
  clients[0]!.socket.end()
  await clients[0]!.closed()
  served[1]!.destroy()
  await clients[1]!.closed()
  await new Promise((resolve) => server.close(resolve))
  assert.is(await connections(), 0)
})

test.run()
