import { once } from 'node:events'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { openRaw, sendRaw, statusesOf } from './testdata/raw.ts'

let app: TestApp
const test = suite('requests that are none')
test.before(async () => {
  app = await testApp({ plugins: [] })
})
test.after.each(async () => {
  assert.is((await app.request('/api/v1/site')).status, 200, 'it still answers')
})
test.after(() => app.close())

const post = (...headers: string[]) =>
  ['POST /api/v1/auth/login HTTP/1.1', 'Host: main.test', ...headers, '', ''].join('\r\n')
const get = (target: string, ...headers: string[]) =>
  [`GET ${target} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n')
const json = 'Content-Type: application/json'

const broken: [name: string, pieces: (string | Buffer | number)[]][] = [
  ['headers without end', [get('/', 'Host: main.test', `X-Filler: ${'x'.repeat(40_000)}`)]],
  ['a thousand headers', [get('/', 'Host: main.test', ...Array(3000).fill('A: bbbbbbbb'))]],
  [
    'a length and chunks at once',
    [post('Content-Length: 4', 'Transfer-Encoding: chunked', json), '0\r\n\r\n'],
  ],
  ['two lengths', [post('Content-Length: 4', 'Content-Length: 40', json), '{"a"']],
  ['a negative length', [post('Content-Length: -4', json), '{"a"']],
  ['a chunk without a size', [post('Transfer-Encoding: chunked', json), 'xyz\r\n{}\r\n0\r\n\r\n']],
  ['chunks encoded twice', [post('Transfer-Encoding: chunked, identity', json), '0\r\n\r\n']],
  ['a header with a space before its colon', [get('/', 'Host : main.test')]],
  ['no host', [get('/')]],
  ['two hosts', [get('/', 'Host: main.test', 'Host: evil.test')]],
  ['no HTTP at all', [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])]],
  ['a version that is none', ['GET / HTTP/9.9\r\nHost: main.test\r\n\r\n']],
  ['a method that is none', ['BREW / HTTP/1.1\r\nHost: main.test\r\n\r\n']],
  [
    'a bare line feed smuggling a second request',
    [post('Content-Length: 3\nX: y', json), '{}\r\nGET / HTTP/1.1'],
  ],
]
for (const [name, pieces] of broken)
  test(`refuses ${name}`, async () => {
    const statuses = statusesOf(await sendRaw(app.url, pieces))
    assert.ok(statuses.length <= 1, `${statuses.length} answers`)
    assert.ok(
      statuses.every((status) => status >= 400 && status < 500),
      String(statuses),
    )
  })

const strange: [name: string, target: string, host: string][] = [
  ['a host with a space', '/', 'main test'],
  ['a host that is half an IPv6 address', '/', '[::1'],
  ['an empty host', '/', ''],
  ['a host with an account', '/?a=1', 'user:pass@main.test'],
  ['an absolute address', 'http://evil.test/api/v1/site?x=1', 'main.test'],
  ['a query on a strange host', '/api/v1/setup?token=x', 'a b'],
  ['an address without a path', '?a', 'main.test'],
  ['two slashes', '//evil.test/%2e%2e', 'main.test'],
  ['half an escape', '/%', 'main.test'],
  ['an escaped NUL', '/live/%00', 'main.test'],
  ['a way up', '/assets/../../../../etc/passwd', 'main.test'],
  ['an escaped way up', '/media/%2e%2e%2f%2e%2e%2fetc/passwd', 'main.test'],
]
for (const [name, target, host] of strange)
  test(`answers ${name} without breaking`, async () => {
    const text = await sendRaw(app.url, [get(target, `Host: ${host}`)])
    const statuses = statusesOf(text)
    assert.ok(statuses.length === 1 && (statuses[0] ?? 0) < 500, `${statuses} ${text.slice(0, 300)}`)
    assert.not.match(text, /root:|location:/i)
  })

test('answers several requests on one line in their order', async () => {
  const first = get('/health/live', 'Host: main.test').replace('Connection: close\r\n', '')
  const text = await sendRaw(app.url, [first + first + get('/nothing/here', 'Host: main.test')])
  assert.equal(statusesOf(text), [200, 200, 404])
})

test('waits for a body that comes byte by byte, and serves others meanwhile', async () => {
  const body = '{"login":"a","password":"b"}'
  const slow = sendRaw(app.url, [
    post(`Content-Length: ${body.length}`, json, 'Connection: close'),
    ...[...body].flatMap((character) => [character, 15]),
  ])
  for (let calls = 0; calls < 20; calls++) assert.is((await app.request('/api/v1/site')).status, 200)
  assert.equal(statusesOf(await slow), [401])
})

test('takes a request that breaks off in its headers or in its body for the caller’s fault', async () => {
  for (const begun of [
    'GET /api/v1/si',
    post('Content-Length: 500', json),
    `${post('Content-Length: 500', json)}{"login":`,
  ]) {
    const socket = openRaw(app.url)
    await once(socket, 'connect')
    socket.write(begun)
    await app.request('/health/live')
    socket.destroy()
  }
  for (let tries = 0; tries < 100 && !/status="4xx"\} [1-9]/.test(await counts()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.not.match(await counts(), 'status="5xx"', 'what the other side breaks off is no fault of ours')
})

async function counts(): Promise<string> {
  const text = await (await app.request('/metrics')).text()
  return (text.match(/^veza_http_request_seconds_count.*$/gm) ?? []).join('\n')
}

test('stops reading a body that is too large, and says so', async () => {
  const said = [post('Content-Length: 999999999', json), 'x'.repeat(1000)]
  assert.equal(statusesOf(await sendRaw(app.url, said)), [413])
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  const unsaid = [post('Transfer-Encoding: chunked', json), ...Array<string>(8).fill(chunk)]
  assert.equal(statusesOf(await sendRaw(app.url, unsaid)), [413])
})

test.run()
