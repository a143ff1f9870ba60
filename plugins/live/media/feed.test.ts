import { connect } from 'node:net'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency } from '../testdata/low-latency.ts'
import { FeedClient } from './feed-client.ts'
import { encodeFrame, FrameReader } from './feed-frame.ts'
import { FeedServer } from './feed-server.ts'
import { LiveWindows } from './live-windows.ts'
import { WindowPlaylists } from './playlists.ts'
import { createReceiver } from './receiver.ts'
import { readRecording } from './recording.ts'
import { recoverSpool, Spool } from './spool.ts'
import { encode, publish, type Sent, Stage, until } from './test-kit.ts'
import type { IndexEntry } from './types.ts'

const test = suite('feed')
let stage: Stage
let source: Sent[]

test.before(async () => {
  stage = await Stage.start()
  source = await encode({ seconds: 5 })
})
test.after(async () => {
  await stage.stop()
})

test('reads frames however a socket cuts them', () => {
  const messages = [
    encodeFrame({ type: 'end', streamId: 'a' }),
    encodeFrame({ type: 'rungs', streamId: 'b', rungs: [] }, Buffer.from('body')),
    encodeFrame({ type: 'end', streamId: 'c' }),
  ]
  const bytes = Buffer.concat(messages.flatMap((frame) => [frame.head, frame.body ?? Buffer.alloc(0)]))
  for (const size of [1, 3, 7, 50, 1000]) {
    const got: string[] = []
    const reader = new FrameReader((message, body) => got.push(`${message.streamId}${body.toString()}`))
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
    assert.equal(got, ['a', 'bbody', 'c'])
  }
  const reader = new FrameReader(() => {})
  assert.throws(() => reader.push(Buffer.from('GET / HTTP/1.1')), /too large/)
})

test('tells a web process that joins late of the whole window, whose media is on disk [LIVE-03]', async () => {
  const receiver = await createReceiver(stage.target('joined'), stage.feed)
  publish(receiver, source)
  await receiver.interrupt()
  await until(() => stage.windows.find('joined')?.audio.segment(2) !== undefined)
  const early = stage.windows.find('joined')!
  stage.windows.remove('joined')
  const changes: string[] = []
  const stopListening = stage.windows.onChange((id) => changes.push(id))
  const late = new FeedClient(join(stage.root, 'feed.sock'), stage.windows)
  await until(() => stage.windows.find('joined')?.audio.segment(2) !== undefined)
  stopListening()
  const same = stage.windows.find('joined')!
  assert.equal(
    same.video.segments.map(({ entry, parts }) => ({ entry, parts })),
    early.video.segments.map(({ entry }) => ({ entry, parts: null })),
  )
  const response = await fetch(stage.url('joined', 'v0.m4s'))
  assert.ok(
    Buffer.from(await response.arrayBuffer()).equals(
      Buffer.concat(early.video.segments[0]!.parts!.map((part) => part.body)),
    ),
  )
  assert.is(same.targetDurationMs, 2_000)
  assert.is(same.video.inits.size, 1)
  assert.is(changes.filter((id) => id === 'joined').length, 6)
  late.close()
  await receiver.end()
})

test('comes back when the ingest process was away, and keeps what it had [LIVE-02]', async () => {
  const path = join(stage.root, 'second.sock')
  const windows = new LiveWindows()
  const client = new FeedClient(path, windows)
  const first = await FeedServer.listen(path)
  const before = await createReceiver(stage.target('away'), first)
  await until(() => client.isConnected && first.subscriberCount === 1)
  publish(before, source)
  await before.interrupt()
  await until(() => windows.find('away')?.audio.segment(2) !== undefined)
  await first.close()
  await until(() => !client.isConnected)
  assert.is(windows.find('away')!.video.segments.length, 3)

  const second = await FeedServer.listen(path)
  await until(() => client.isConnected && second.subscriberCount === 1)
  const after = await createReceiver(stage.target('away'), second)
  publish(after, source)
  await after.interrupt()
  await until(() => windows.find('away')?.audio.segment(5) !== undefined)
  const seqs = windows.find('away')!.video.segments.map((segment) => segment.entry.seq)
  assert.equal(seqs, [0, 1, 2, 3, 4, 5])
  client.close()
  await second.close()
})

test('lists what came of a segment that died with the ingest process as a whole one [LIVE-02]', async () => {
  const path = join(stage.root, 'crash.sock')
  const windows = new LiveWindows()
  const client = new FeedClient(path, windows)
  const first = await FeedServer.listen(path)
  await until(() => client.isConnected && first.subscriberCount === 1)
  const spoolDir = join(stage.root, 'crash-spool')
  const spool = await Spool.open(spoolDir)
  const lost = await createReceiver(stage.target('crash'), first, { spool })
  publish(lost, source)
  await until(() => windows.find('crash')?.video.listedParts === 2)
  const read = () => new WindowPlaylists(windows.find('crash')!).media('video', 'whole')!.plain.toString()
  assert.is(checkLowLatency(read()).hint, 'v2.2.m4s')
  // A process that is dead writes nothing more.
  const { dir } = stage.target('crash')
  const isWritten = async () =>
    (await readRecording(dir)).entries.filter(({ track }) => track === 'audio').length === 2
  await until(async () => lost.pendingBytes === 0 && (await isWritten()))
  await spool.settle()
  await recoverSpool(spoolDir)
  await first.close()
  await until(() => !client.isConnected)

  const second = await FeedServer.listen(path)
  await until(() => client.isConnected && second.subscriberCount === 1)
  const after = await createReceiver(stage.target('crash'), second)
  publish(after, source)
  await until(() => windows.find('crash')!.take === 1 && windows.find('crash')!.video.lastSeq === 4)
  const list = checkLowLatency(read())
  assert.equal(
    list.segments.map((one) => one.run),
    [0, 0, 0, 1, 1],
  )
  assert.ok(list.parts.includes('v3.0.1.m4s'))
  assert.not.ok(list.parts.includes('v2.0.m4s'))
  await after.interrupt()
  await lost.interrupt()
  await spool.close()
  client.close()
  await second.close()
})

test('takes what a reconnect sends again for what it is [LIVE-02]', async () => {
  const receiver = await createReceiver(stage.target('twice'), stage.feed)
  publish(receiver, source)
  await receiver.interrupt()
  await until(() => stage.windows.find('twice')?.audio.segment(2) !== undefined)
  const version = stage.windows.find('twice')!.version
  const again = new FeedClient(join(stage.root, 'feed.sock'), stage.windows)
  await until(() => stage.feed.subscriberCount === 2)
  publish(receiver, source)
  await receiver.interrupt()
  await until(() => stage.windows.find('twice')?.audio.segment(5) !== undefined)
  assert.is(stage.windows.find('twice')!.version, version + 6)
  again.close()
  await receiver.end()
})

test('drops a web process that does not read, without holding up the others [LIVE-03]', async () => {
  const path = join(stage.root, 'third.sock')
  const feed = await FeedServer.listen(path)
  const stuck = connect(path)
  stuck.pause()
  await until(() => feed.subscriberCount === 1)
  assert.is(feed.hasUnsent, false)
  const body = Buffer.alloc(4 * 1024 * 1024)
  const common = { track: 'video', at: '', initId: 0, run: 0, startMs: 0 } as const
  const part = (seq: number) => {
    const place = { ...common, seq, part: 0, durationMs: 1, isIndependent: true, isLast: true }
    feed.publish({ type: 'part', streamId: 's', ...place }, body)
  }
  feed.publish({ type: 'open', streamId: 's', targetDurationMs: 1, windowMs: 1, partTargetMs: null, take: 0 })
  // However long: who joined anew would have to be sent all that is not on the disk.
  for (let seq = 0; seq < 24; seq++) part(seq)
  await until(() => feed.hasUnsent)
  assert.is(feed.subscriberCount, 1)
  for (let seq = 0; seq < 24; seq++) {
    const flags = { isDiscontinuity: false, isIndependent: true }
    const entry: IndexEntry = { ...common, ...flags, seq, durationMs: 1, sizeBytes: body.length }
    feed.publish({ type: 'segment', streamId: 's', entry, isStored: true })
  }
  await until(() => feed.subscriberCount === 0)
  assert.is(feed.hasUnsent, false)
  stuck.destroy()
  await feed.close()
})

test.run()
