import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { sendRaw, statusesOf } from './testdata/raw.ts'

let app: TestApp
const test = suite('WebSocket')
test.before(async () => {
  app = await testApp({ plugins: [] })
})
test.after(() => app.close())

/** Status with which an upgrade is refused. */
async function refusal(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(app.url.replace('http', 'ws') + path, {
    headers: { host: 'main.test', ...headers },
  })
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_req, res) => {
      resolve(res.statusCode)
      res.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
  })
}

test('is opened by pages of the site and by programs, and by no other web site [SEC-04]', async () => {
  const path = '/api/v1/realtime'
  for (const origin of [
    'https://evil.test',
    'null',
    'http://main.test.evil.test',
    'http://main.test:99',
    'file://',
    'not an address',
  ])
    assert.is(await refusal(path, { origin }), 403, origin)
  assert.is(await refusal(path, { 'sec-fetch-site': 'cross-site' }), 403)
  for (const headers of [{ origin: 'http://main.test' }, {}, { 'sec-fetch-site': 'same-origin' }])
    assert.is(await refusal(path, headers as Record<string, string>), 101)
})

test('is at its own address only', async () => {
  for (const path of ['/', '/api/v1/realtime/', '/api/v1/site', '/ws'])
    assert.is(await refusal(path, {}), 404, path)
})

test('refuses upgrades that are none', async () => {
  const ask = (...headers: string[]) =>
    ['GET /api/v1/realtime HTTP/1.1', 'Host: main.test', 'Connection: Upgrade', ...headers, '', ''].join(
      '\r\n',
    )
  for (const headers of [
    ['Upgrade: h2c'],
    ['Upgrade: websocket'],
    ['Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'],
  ]) {
    const [status = 0] = statusesOf(await sendRaw(app.url, [ask(...headers)]))
    assert.ok(status >= 400 && status < 500, `${headers}: ${status}`)
  }
})

test('closes an oversized message with 1009', async () => {
  const socket = await app.socket()
  socket.send({ op: 'ping', filler: 'x'.repeat(70_000) })
  assert.is(await socket.closed, 1009)
})

test('closes a flood with a code, and what is no message of ours after a few', async () => {
  const flood = await app.socket()
  for (let n = 0; n < 500; n++) flood.send({ op: 'ping' })
  assert.is(await flood.closed, 4029)
  const rubbish = await app.socket()
  for (let n = 0; n < 5; n++) rubbish.send({ op: 'unknown', n })
  assert.is(await rubbish.closed, 4002)
  const answered = await app.socket()
  answered.send({ op: 'ping' })
  await answered.until((frame) => frame.op === 'pong')
  answered.close()
})

test('takes no text that the database could not keep', async () => {
  const socket = await app.socket()
  socket.send({ op: 'join', id: 1, channel: `a${String.fromCharCode(0)}`, params: {} })
  const refused = await socket.until((frame) => frame.op === 'refused')
  assert.is(refused.id, null)
  socket.close()
})

test('a server that stops closes what is open', async () => {
  const own = await testApp({ plugins: [] })
  const socket = await own.socket()
  await own.close()
  assert.ok([1001, 1006].includes(await socket.closed))
})

test.run()
