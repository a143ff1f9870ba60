import { EventEmitter, once } from 'node:events'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { WebSocket } from 'ws'
import { defineChannel, z } from '#contract'
import { type Log, newId } from '#sdk'
import { somebody } from '../../../test/kit/account.ts'
import { createHub } from '../hub.ts'
import { redisFanOut } from './redis.ts'
import type { FanOut } from './types.ts'

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const room = defineChannel({
  name: 'chat.room',
  params: z.strictObject({ slug: z.string() }),
  messages: { said: z.string() },
})

function redisUrl(): string {
  const url = process.env.VEZA_TEST_REDIS_URL
  if (!url) throw new Error('No Redis for the tests: run them by `npm test`, or set VEZA_TEST_REDIS_URL.')
  return url
}

/** A socket without a network: what the hub sends is an event. */
function wire() {
  const sent = new EventEmitter()
  const socket = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    send: (bytes: Buffer) => sent.emit('frame', JSON.parse(bytes.toString())),
    close: (code: number) => sent.emit('code', code),
    terminate: () => {},
    ping: () => {},
  })
  return { sent, socket: socket as unknown as WebSocket }
}

const open: FanOut[] = []
async function fanOut(site: string): Promise<FanOut> {
  const made = await redisFanOut({ url: redisUrl(), prefix: 'test', site, log })
  open.push(made)
  return made
}

const test = suite('realtime fan-out by redis')
test.after.each(async () => {
  for (const each of open.splice(0)) await each.close()
})

test('reaches the other processes of the site, not itself and not other sites', async () => {
  const site = `t-${newId()}`
  const [here, there, elsewhere] = [await fanOut(site), await fanOut(site), await fanOut(`${site}-b`)]
  const heard: string[] = []
  here.subscribe((text) => heard.push(`here ${text}`))
  elsewhere.subscribe((text) => heard.push(`elsewhere ${text}`))
  const arrived = new Promise<string>((done) => there.subscribe(done))
  here.publish('one two\nthree')
  assert.is(await arrived, 'one two\nthree')
  // What was sent after it has arrived everywhere it goes, so the first would have too.
  const back = new Promise<void>((done) => here.subscribe(() => done()))
  there.publish('back')
  await back
  assert.equal(heard, ['here back'])
})

test('carries messages, expulsions and sign-outs between the hubs of two processes', async () => {
  const site = `t-${newId()}`
  const here = createHub({ log, fanOut: await fanOut(site) })
  const there = createHub({ log, fanOut: await fanOut(site) })
  for (const hub of [here, there]) hub.realtimeFor('chat').channel(room, { canJoin: () => true })
  const { sent, socket } = wire()
  const account = somebody('ann', { displayName: 'Ann' })
  there.accept(socket, { account, sessionId: 's1', address: '127.0.0.1' })
  const next = async () => (await once(sent, 'frame'))[0]
  const joined = next()
  socket.emit(
    'message',
    Buffer.from('{"op":"join","id":1,"channel":"chat.room","params":{"slug":"a"}}'),
    false,
  )
  assert.is((await joined).op, 'joined')
  const message = next()
  here.realtimeFor('chat').publish(room, { slug: 'a' }, 'said', 'line\nbreak')
  assert.is((await message).data, 'line\nbreak')
  const expelled = next()
  here.realtimeFor('chat').expel(room, { slug: 'a' }, 'ann')
  assert.is((await expelled).op, 'expelled')
  const code = once(sent, 'code')
  here.closeSession('s1')
  assert.equal(await code, [4001])
  await Promise.all([here.close(), there.close()])
})

test('says so at once where no Redis answers', async () => {
  try {
    await redisFanOut({ url: 'redis://127.0.0.1:1', prefix: 'test', site: 'x', log })
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code?: string }).code, 'ECONNREFUSED')
  }
})

test.run()
