import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeAmf0 } from '../ingest/amf-write.ts'
import { until } from '../ingest/test-kit.ts'
import { chunked } from './chunks.ts'
import { RtmpPush } from './rtmp-push.ts'

const streamKey = 'canary-4711?token=a/b&c'
const greetingBytes = 1537

/** A server that shakes hands and then does as told; it reads nothing more once it is paused. */
interface Scene {
  server: Server
  there: Socket
  push: RtmpPush
  reasons: string[]
}
const test = suite<Scene>('a hostile server that a channel is sent on to')

test.before.each(async (context) => {
  const accepted = Promise.withResolvers<Socket>()
  const greeted = Promise.withResolvers<void>()
  context.server = createServer((socket) => {
    let received = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const before = received.length
      received = Buffer.concat([received, bytes])
      if (before < greetingBytes && received.length >= greetingBytes)
        socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), received.subarray(1, 1537)]))
      // Behind its answer to the greeting comes the first question.
      if (received.length > 2 * greetingBytes) greeted.resolve()
    })
    accepted.resolve(socket)
  })
  await new Promise<void>((resolve) => context.server.listen(0, '127.0.0.1', resolve))
  const { port } = context.server.address() as AddressInfo
  const target = { address: '127.0.0.1', hostName: 'x', port, isTls: false, app: 'live', streamKey }
  context.reasons = []
  context.push = new RtmpPush(target, {
    started: () => undefined,
    ended: (reason) => void context.reasons.push(reason),
  })
  context.there = await accepted.promise
  await greeted.promise
})
test.after.each(({ push, there, server }) => {
  push.close()
  there.destroy()
  server.close()
})

const command = (...values: Parameters<typeof encodeAmf0>) =>
  chunked(3, { type: 20, timeMs: 0, streamId: 0, payload: encodeAmf0(...values) }, 128)
const ping = chunked(2, { type: 4, timeMs: 0, streamId: 0, payload: Buffer.from([0, 6, 0, 0, 0, 0]) }, 128)
const many = (piece: Buffer, count: number) => Buffer.concat(Array.from({ length: count }, () => piece))

test('answers that come again and again are answered once, read or not [LIVE-19] [SEC-05]', async (context) => {
  const { there, push, reasons } = context
  there.pause()
  // Each of them took several questions in return.
  there.write(many(command('_result', 1, null), 20_000))
  there.write(command('onStatus', 0, null, { level: 'error', code: 'NetStream.Publish.Denied' }))
  await until(() => reasons.length > 0, 'the end of the flood')
  assert.equal([reasons, push.pendingBytes], [['NetStream.Publish.Denied'], 0])
  assert.ok(there.bytesWritten > 400_000)
  there.resume()
  let unread = 0
  there.on('data', (bytes) => {
    unread += bytes.length
  })
  await until(() => there.destroyed || there.readableEnded, 'all that was sent')
  assert.ok(unread < 10_000, `${unread} bytes were sent in return`)
})

test('who asks without end and reads nothing is hung up on [LIVE-19] [SEC-05]', async (context) => {
  const { there, push, reasons } = context
  // Once it has taken the stream there is no time within which it has to answer: a flood takes a slow machine a while.
  there.write(command('onStatus', 0, null, { level: 'status', code: 'NetStream.Publish.Start' }))
  await until(() => push.isPublishing, 'the stream to be taken')
  there.pause()
  const send = () => {
    if (!there.destroyed) there.write(many(ping, 50_000))
  }
  const flood = setInterval(send, 5)
  try {
    await until(() => reasons.length > 0, 'the end')
    assert.equal(reasons, ['The server asks without reading the answers.'])
  } finally {
    clearInterval(flood)
  }
})

test('what it says never repeats the stream key, nor steers the display [LIVE-19] [SEC-09]', async (context) => {
  const { there, reasons } = context
  const description = `\u001b[31m\u202eNo:\r\n/live/${streamKey}, canary-4711 ${encodeURIComponent(streamKey)} is taken`
  there.write(
    command('onStatus', 0, null, { level: 'error', code: 'NetStream.Publish.BadName', description }),
  )
  await until(() => reasons.length > 0, 'the end')
  assert.equal(reasons, ['[31m No: /live/…, … … is taken'])
})

test.run()
