import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import type { Account } from '#sdk'
import { anybody, type Client, joinFrame, openSite, person, room, type Site, until } from './testdata/site.ts'

let site: Site
const test = suite('realtime limits')
test.before.each(async () => {
  site = await openSite()
})
test.after.each(async () => {
  await site.close()
})

test('ends a connection whose session ran out, was revoked or lost its permission', async () => {
  await site.close()
  const sessions = new Map<string, Account>([['kept', person('ann')]])
  site = await openSite({
    limits: { heartbeatMs: 200 },
    authenticate: async (sessionId) => sessions.get(sessionId) ?? null,
  })
  site.hub.realtimeFor('chat').channel(room, {
    canJoin: (member) => member.account?.permissions.has('chat.read') ?? false,
  })
  site.who = { account: person('ann', 'chat.read'), sessionId: 'kept', address: '127.0.0.1' }
  sessions.set('kept', person('ann', 'chat.read'))
  const kept = await site.connect()
  kept.ask(joinFrame())
  assert.is((await kept.next()).op, 'joined')
  site.who = { ...site.who, sessionId: 'revoked' }
  const revoked = await site.connect()
  site.who = { ...site.who, sessionId: 'kept', expiresAt: new Date(Date.now() + 50) }
  const expired = await site.connect()
  assert.is(await revoked.closed(), 4001)
  assert.is(await expired.closed(), 4001)
  sessions.set('kept', person('ann'))
  assert.is((await kept.next()).op, 'expelled')
  assert.is(kept.socket.readyState, WebSocket.OPEN)
})

test('ends connections that do not answer pings', async () => {
  await site.close()
  site = await openSite({ limits: { heartbeatMs: 200 } })
  const [alive, dead] = [await site.connect(), await site.connect()]
  dead.socket.pause()
  await until(() => site.hub.connectionCount === 1)
  alive.ask({ op: 'ping' })
  assert.is((await alive.next()).op, 'pong')
})

test('drops a browser that never reads, keeps memory bounded and serves the others', async () => {
  const realtime = site.hub.realtimeFor('chat')
  realtime.channel(room, anybody)
  const [stuck, reader] = [await site.connect(), await site.connect()]
  for (const client of [stuck, reader]) {
    client.ask(joinFrame())
    await client.next()
  }
  stuck.socket.pause()
  let received = 0
  reader.socket.removeAllListeners('message').on('message', () => {
    received += 1
  })
  global.gc?.()
  const before = process.memoryUsage().rss
  const text = 'x'.repeat(4000)
  for (let sent = 0; sent < 10_000; sent += 1) {
    realtime.publish(room, { slug: 'a' }, 'said', { text })
    if (sent % 50 === 49) await new Promise((done) => setImmediate(done))
  }
  await until(() => received === 10_000)
  assert.is(site.counts.get('veza_realtime_dropped_total too-slow'), 1)
  assert.equal(realtime.presence(room, { slug: 'a' }).connections, 1)
  const grownMb = (process.memoryUsage().rss - before) / 1024 / 1024
  assert.ok(grownMb < 100, `memory grew by ${grownMb.toFixed(0)} MB`)
  await until(() => site.hub.connectionCount === 1)
})

test('tells a slow browser that still reads why it was dropped', async () => {
  await site.close()
  site = await openSite({ limits: { maxBufferedBytes: 10 } })
  const realtime = site.hub.realtimeFor('chat')
  realtime.channel(room, anybody)
  const client = await site.connect()
  client.ask(joinFrame())
  await client.next()
  const text = 'x'.repeat(5_000_000)
  for (let sent = 0; sent < 5; sent += 1) realtime.publish(room, { slug: 'a' }, 'said', { text })
  assert.is(await client.closed(), 4008)
})

test('closes floods, oversized frames and repeated rubbish with a code each', async () => {
  const [flooder, pinger] = [await site.connect(), await site.connect()]
  const [huge, mumbler] = [await site.connect(), await site.connect()]
  for (let sent = 0; sent < 100; sent += 1) flooder.ask({ op: 'ping' })
  assert.is(await flooder.closed(), 4029)
  for (let sent = 0; sent < 100; sent += 1) pinger.socket.ping()
  assert.is(await pinger.closed(), 4029)
  huge.ask({ op: 'ping', filler: 'x'.repeat(1024 * 1024) })
  assert.is(await huge.closed(), 1009)
  for (const bad of ['{', '[]', 'null', '{"op":"join"}', '{"op":"ping","x":1}']) mumbler.socket.send(bad)
  for (let seen = 0; seen < 5; seen += 1)
    assert.is(((await mumbler.next()).problem as { status: number }).status, 400)
  assert.is(await mumbler.closed(), 4002)
  assert.is(site.counts.get('veza_realtime_dropped_total too-many-frames'), 2)
})

test('refuses binary frames and more rooms than allowed', async () => {
  await site.close()
  site = await openSite({ limits: { maxRooms: 3 } })
  site.hub.realtimeFor('chat').channel(room, { canJoin: async () => true })
  const client = await site.connect()
  client.socket.send(Buffer.from('{"op":"ping"}'), { binary: true })
  assert.is((await client.next()).op, 'refused')
  for (const slug of ['a', 'b', 'c', 'd']) client.ask(joinFrame(slug))
  const answers = [await client.next(), await client.next(), await client.next(), await client.next()]
  assert.equal(
    answers.map((frame) => frame.op),
    ['joined', 'joined', 'joined', 'refused'],
  )
  assert.is(site.hub.roomCount, 3)
})

test('refuses what comes in while too much is unanswered, and forgets the answers of the gone', async () => {
  await site.close()
  site = await openSite({ limits: { maxPending: 2 } })
  const release: (() => void)[] = []
  site.hub.realtimeFor('chat').channel(room, {
    canJoin: () => new Promise<boolean>((done) => release.push(() => done(true))),
  })
  const client = await site.connect()
  for (const slug of ['a', 'b', 'c']) client.ask(joinFrame(slug))
  const refused = await client.next()
  assert.is((refused.problem as { status: number }).status, 429)
  client.socket.terminate()
  await until(() => site.hub.connectionCount === 0)
  for (const go of release) go()
  await new Promise((done) => setImmediate(done))
  assert.is(site.hub.roomCount, 0)
})

test('leaves no rooms behind when a thousand connections close', async () => {
  site.hub.realtimeFor('chat').channel(room, anybody)
  const clients: Client[] = []
  for (let batch = 0; batch < 10; batch += 1) {
    const some = await Promise.all(Array.from({ length: 100 }, () => site.connect()))
    for (const [index, client] of some.entries()) {
      client.ask(joinFrame('all'))
      client.ask(joinFrame(`own-${batch}-${index}`))
      await client.next()
      await client.next()
    }
    clients.push(...some)
  }
  assert.is(site.hub.connectionCount, 1000)
  assert.is(site.hub.roomCount, 1001)
  for (const [index, client] of clients.entries()) {
    if (index % 2) client.socket.terminate()
    else client.socket.close()
  }
  await until(() => site.hub.connectionCount === 0)
  assert.is(site.hub.roomCount, 0)
})

test.run()
