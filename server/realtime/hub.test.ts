import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { conflict, defineChannel, z } from '#contract'
import { type Account, type Log, type Member, type Metrics, problem } from '#sdk'
import type { Visitor } from './connection.ts'
import { createHub, type Hub, type HubOptions } from './hub.ts'
import { createSocketServer } from './sockets.ts'

const room = defineChannel({
  name: 'chat.room',
  params: z.strictObject({ slug: z.string(), side: z.string().optional() }),
  messages: { said: z.strictObject({ text: z.string() }) },
  commands: { say: z.strictObject({ text: z.string().max(50_000) }), wait: z.strictObject({}) },
})
const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

type Frame = Record<string, unknown> & { op: string }
interface Client {
  socket: WebSocket
  ask(frame: object): void
  /** The next frame that was not looked at yet. */
  next(): Promise<Frame>
  closed: Promise<number>
}
interface Site {
  hub: Hub
  who: Visitor
  counts: Map<string, number>
  connect(): Promise<Client>
  close(): Promise<void>
}

const person = (id: string, ...permissions: string[]): Account => ({
  id,
  username: id,
  displayName: id,
  email: `${id}@label.example`,
  roles: [],
  permissions: new Set(permissions),
})

function countingMetrics(counts: Map<string, number>): Metrics {
  return {
    counter: (name) => ({
      inc: (labels, by = 1) => {
        const key = [name, ...Object.values(labels ?? {})].join(' ')
        counts.set(key, (counts.get(key) ?? 0) + by)
      },
    }),
    gauge: () => {},
  }
}

async function openSite(options: Partial<HubOptions> = {}): Promise<Site> {
  const counts = new Map<string, number>()
  const hub = createHub({ log, metrics: countingMetrics(counts), ...options })
  const sockets = createSocketServer()
  const server: Server = createServer()
  const site: Site = {
    hub,
    counts,
    who: { account: null, sessionId: null, address: '127.0.0.1' },
    connect: () => connect(server),
    close: async () => {
      await hub.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  server.on('upgrade', (req, socket, head) => {
    sockets.handleUpgrade(req, socket, head, (ws) => hub.accept(ws, site.who))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return site
}

async function connect(server: Server): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const frames: Frame[] = []
  const waiting: ((frame: Frame) => void)[] = []
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as Frame
    const taker = waiting.shift()
    if (taker) taker(frame)
    else frames.push(frame)
  })
  socket.on('error', () => {})
  const closed = new Promise<number>((done) => socket.on('close', (code) => done(code)))
  await new Promise((done) => socket.once('open', done))
  return {
    socket,
    closed,
    ask: (frame) => socket.send(JSON.stringify(frame)),
    next: async () => frames.shift() ?? new Promise((taker) => waiting.push(taker)),
  }
}

const joinFrame = (slug = 'a') => ({ op: 'join', id: 1, channel: 'chat.room', params: { slug } })
const anybody = { canJoin: () => true }

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((done) => setTimeout(done, 5))
}

let site: Site
const test = suite('realtime hub')
test.before.each(async () => {
  site = await openSite()
})
test.after.each(async () => {
  await site.close()
})

test('delivers what is published to those in the room, and to nobody else', async () => {
  const realtime = site.hub.realtimeFor('chat')
  realtime.channel(room, anybody)
  const [inside, outside] = [await site.connect(), await site.connect()]
  inside.ask({ op: 'join', id: 'x', channel: 'chat.room', params: { side: 'b', slug: 'a' } })
  outside.ask(joinFrame('other'))
  assert.is((await inside.next()).id, 'x')
  await outside.next()
  realtime.publish(room, { slug: 'a', side: 'b' }, 'said', { text: 'hello' })
  realtime.publish(room, { slug: 'other' }, 'said', { text: 'other' })
  assert.equal(await inside.next(), {
    op: 'message',
    channel: 'chat.room',
    params: { slug: 'a', side: 'b' },
    type: 'said',
    data: { text: 'hello' },
  })
  assert.equal((await outside.next()).data, { text: 'other' })
})

test('refuses unknown channels, wrong params, and people the channel does not want', async () => {
  const realtime = site.hub.realtimeFor('chat')
  realtime.channel(room, {
    canJoin: (member, { slug }) => {
      if (slug === 'busy') throw problem(conflict, 'Full.')
      return member.account !== null
    },
  })
  const refusal = async (client: Client, frame: object) => {
    client.ask(frame)
    const answer = await client.next()
    assert.is(answer.op, 'refused')
    return answer.problem as { status: number; detail?: string; errors?: { pointer: string }[] }
  }
  const guest = await site.connect()
  assert.is((await refusal(guest, { ...joinFrame(), channel: 'nope' })).status, 404)
  const wrong = await refusal(guest, { ...joinFrame(), params: { slug: 3 } })
  assert.is(wrong.status, 422)
  assert.is(wrong.errors?.[0]?.pointer, '/params/slug')
  assert.is((await refusal(guest, { ...joinFrame(), params: { slug: 'x'.repeat(2000) } })).status, 422)
  assert.is((await refusal(guest, joinFrame())).status, 401)
  assert.equal((await refusal(guest, joinFrame('busy'))).detail, 'Full.')
  assert.is((await refusal(guest, { ...joinFrame(), op: 'send', type: 'say', data: {} })).status, 403)
  assert.is(site.hub.roomCount, 0)
})

test('runs commands of members in order and answers with their result or problem', async () => {
  const heard: [Member, string][] = []
  site.who.account = person('ann')
  site.hub.realtimeFor('chat').channel(room, {
    canJoin: async () => true,
    on: {
      say: (member, _params, { text }) => {
        if (text === 'bad') throw problem(conflict, 'Slow mode.')
        if (text === 'broken') throw new Error('a password: hunter2')
        heard.push([member, text])
        return { length: text.length }
      },
    },
  })
  const client = await site.connect()
  client.ask(joinFrame())
  const say = (id: number, data: unknown, type = 'say') =>
    client.ask({ op: 'send', id, channel: 'chat.room', params: { slug: 'a' }, type, data })
  say(2, { text: 'hey' })
  say(3, { text: 'bad' })
  say(4, { text: 5 })
  say(5, { text: 'broken' })
  say(6, {}, 'constructor')
  say(7, {}, 'wait')
  assert.is((await client.next()).op, 'joined')
  assert.equal(await client.next(), { op: 'done', id: 2, result: { length: 3 } })
  const problems = [await client.next(), await client.next(), await client.next(), await client.next()]
  assert.equal(
    problems.map((frame) => [frame.id, (frame.problem as { status: number }).status]),
    [
      [3, 409],
      [4, 422],
      [5, 500],
      [6, 404],
    ],
  )
  assert.not.match(JSON.stringify(problems), 'hunter2')
  assert.is(((await client.next()).problem as { status: number }).status, 404)
  assert.equal(
    heard.map(([member, text]) => [member.account?.id, text]),
    [['ann', 'hey']],
  )
})

test('counts who is present and tells the channel who came and went', async () => {
  const realtime = site.hub.realtimeFor('chat')
  const story: string[] = []
  realtime.channel(room, {
    canJoin: () => true,
    joined: (member) => story.push(`+${member.account?.id ?? 'guest'}`),
    left: (member) => story.push(`-${member.account?.id ?? 'guest'}`),
  })
  const guest = await site.connect()
  site.who = { ...site.who, account: person('ann') }
  const [first, second] = [await site.connect(), await site.connect()]
  for (const client of [guest, first, second]) {
    client.ask(joinFrame())
    await client.next()
  }
  assert.equal(realtime.presence(room, { slug: 'a' }), { connections: 3, accounts: ['ann'] })
  second.ask({ op: 'leave', channel: 'chat.room', params: { slug: 'a' } })
  guest.socket.terminate()
  await until(() => story.length === 5)
  assert.equal(story.slice(0, 3), ['+guest', '+ann', '+ann'])
  assert.equal(realtime.presence(room, { slug: 'a' }), { connections: 1, accounts: ['ann'] })
  realtime.expel(room, { slug: 'a' }, 'ann')
  assert.is((await first.next()).op, 'expelled')
  assert.is(site.hub.roomCount, 0)
})

test('closes the rooms of a disabled plugin and leaves the others open', async () => {
  const other = defineChannel({ name: 'live.viewers', params: z.strictObject({}), messages: {} })
  site.hub.realtimeFor('chat').channel(room, anybody)
  site.hub.realtimeFor('live').channel(other, anybody)
  const client = await site.connect()
  client.ask(joinFrame())
  client.ask({ op: 'join', id: 2, channel: 'live.viewers', params: {} })
  await client.next()
  await client.next()
  site.hub.dropOwner('chat')
  assert.equal(await client.next(), { op: 'expelled', channel: 'chat.room', params: { slug: 'a' } })
  client.ask(joinFrame())
  assert.is((await client.next()).op, 'refused')
  assert.is(site.hub.roomCount, 1)
  site.hub.realtimeFor('chat').channel(room, anybody)
  client.ask(joinFrame())
  assert.is((await client.next()).op, 'joined')
})

test('closes the connections of a session or an account that was signed out', async () => {
  site.who = { account: person('ann'), sessionId: 's1', address: '127.0.0.1' }
  const one = await site.connect()
  site.who = { ...site.who, sessionId: 's2' }
  const two = await site.connect()
  site.who = { account: person('bob'), sessionId: 's3', address: '127.0.0.1' }
  const bob = await site.connect()
  site.hub.closeSession('s1')
  assert.is(await one.closed, 4001)
  await until(() => site.hub.connectionCount === 2)
  site.hub.closeAccount('ann')
  assert.is(await two.closed, 4001)
  bob.ask({ op: 'ping' })
  assert.is((await bob.next()).op, 'pong')
})

test('ends a connection whose session ran out, was revoked or lost its permission', async () => {
  await site.close()
  const sessions = new Map<string, Account>([['kept', person('ann')]])
  site = await openSite({
    limits: { heartbeatMs: 30 },
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
  assert.is(await revoked.closed, 4001)
  assert.is(await expired.closed, 4001)
  sessions.set('kept', person('ann'))
  assert.is((await kept.next()).op, 'expelled')
  assert.is(kept.socket.readyState, WebSocket.OPEN)
})

test('ends connections that do not answer pings', async () => {
  await site.close()
  site = await openSite({ limits: { heartbeatMs: 30 } })
  const [alive, dead] = [await site.connect(), await site.connect()]
  dead.socket.pause()
  await until(() => site.hub.connectionCount === 1)
  alive.ask({ op: 'ping' })
  assert.is((await alive.next()).op, 'pong')
})

test('drops a browser that never reads, keeps memory bounded and serves the others [SEC-11]', async () => {
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
  assert.is(await client.closed, 4008)
})

test('closes floods, oversized frames and repeated rubbish with a code each [SEC-11]', async () => {
  const [flooder, pinger] = [await site.connect(), await site.connect()]
  const [huge, mumbler] = [await site.connect(), await site.connect()]
  for (let sent = 0; sent < 100; sent += 1) flooder.ask({ op: 'ping' })
  assert.is(await flooder.closed, 4029)
  for (let sent = 0; sent < 100; sent += 1) pinger.socket.ping()
  assert.is(await pinger.closed, 4029)
  huge.ask({ op: 'ping', filler: 'x'.repeat(1024 * 1024) })
  assert.is(await huge.closed, 1009)
  for (const bad of ['{', '[]', 'null', '{"op":"join"}', '{"op":"ping","x":1}']) mumbler.socket.send(bad)
  for (let seen = 0; seen < 5; seen += 1)
    assert.is(((await mumbler.next()).problem as { status: number }).status, 400)
  assert.is(await mumbler.closed, 4002)
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
