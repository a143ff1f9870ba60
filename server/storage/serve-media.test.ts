import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createDiskStorage } from './disk.ts'
import type { StorageDriver } from './driver.ts'
import { serveMedia } from './serve-media.ts'
import type { MediaSigner } from './signed-url.ts'

const keyed = (secret: string): MediaSigner => {
  const sign = (value: string) => createHmac('sha256', secret).update(value).digest('hex')
  return { sign, verify: (value, signature) => sign(value) === signature }
}

let dir: string
let storage: StorageDriver
let server: Server
let now = Date.now()
const test = suite('serving media')
test.before.each(async () => {
  now = Date.now()
  dir = await mkdtemp(join(tmpdir(), 'veza-media-'))
  storage = await createDiskStorage({ dir, signer: keyed('a'), now: () => now })
  const serve = serveMedia(storage, () => now)
  server = createServer(
    (req, res) => void serve(req, res, (req.url ?? '').slice('/media'.length), async () => null),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  await storage.write('live/a.m4s', Buffer.from('0123456789'))
})
test.after.each(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await rm(dir, { recursive: true, force: true })
})

/** Not fetch, which would straighten `..` out of an address. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port } = server.address() as AddressInfo
  const res = await new Promise<IncomingMessage>((done, failed) => {
    request({ port, host: '127.0.0.1', path, headers, method }, done).on('error', failed).end()
  })
  return {
    status: res.statusCode,
    headers: new Headers(res.headers as Record<string, string>),
    text: await text(res),
  }
}

test('serves a signed address with its type, tag and length [CLOUD-01]', async () => {
  const path = storage.url('live/a.m4s', 60)
  const answer = await get(path)
  assert.is(answer.status, 200)
  assert.is(answer.text, '0123456789')
  assert.is(answer.headers.get('content-type'), 'video/iso.segment')
  assert.is(answer.headers.get('content-length'), '10')
  assert.is(answer.headers.get('x-content-type-options'), 'nosniff')
  assert.is(answer.headers.get('content-disposition'), null)
  const head = await get(path, {}, 'HEAD')
  assert.is(head.text, '')
  assert.is(head.headers.get('content-length'), '10')
  const etag = answer.headers.get('etag') ?? ''
  assert.is((await get(path, { 'If-None-Match': `"x", ${etag}` })).status, 304)
  await storage.write('live/a.m4s', Buffer.from('changed'))
  assert.is((await get(path, { 'If-None-Match': etag })).text, 'changed')
})

test('serves ranges', async () => {
  const path = storage.url('live/a.m4s', 60)
  const etag = (await get(path)).headers.get('etag') ?? ''
  const table: [Record<string, string>, number, string, string | null][] = [
    [{ Range: 'bytes=2-4' }, 206, '234', 'bytes 2-4/10'],
    [{ Range: 'bytes=7-' }, 206, '789', 'bytes 7-9/10'],
    [{ Range: 'bytes=7-999' }, 206, '789', 'bytes 7-9/10'],
    [{ Range: 'bytes=-3' }, 206, '789', 'bytes 7-9/10'],
    [{ Range: 'bytes=-99' }, 206, '0123456789', 'bytes 0-9/10'],
    [{ Range: 'bytes=0-0', 'If-Range': etag }, 206, '0', 'bytes 0-0/10'],
    [{ Range: 'bytes=0-0', 'If-Range': '"old"' }, 200, '0123456789', null],
    [{ Range: 'bytes=0-1,4-5' }, 200, '0123456789', null],
    [{ Range: 'bytes=5-2' }, 200, '0123456789', null],
    [{ Range: 'lines=1-2' }, 200, '0123456789', null],
  ]
  for (const [headers, status, body, range] of table) {
    const answer = await get(path, headers)
    assert.equal(
      [answer.status, answer.text, answer.headers.get('content-range')],
      [status, body, range],
      JSON.stringify(headers),
    )
  }
  for (const outside of ['bytes=10-', 'bytes=-0']) {
    const answer = await get(path, { Range: outside })
    assert.is(answer.status, 416)
    assert.is(answer.headers.get('content-range'), 'bytes */10')
  }
  await storage.write('empty.mp3', Buffer.alloc(0))
  assert.is((await get(storage.url('empty.mp3', 60))).status, 200)
  assert.is((await get(storage.url('empty.mp3', 60), { Range: 'bytes=0-' })).status, 416)
})

test('refuses addresses that are expired, changed or signed by another site [SEC-11]', async () => {
  const path = storage.url('live/a.m4s', 60)
  const other = await createDiskStorage({ dir, signer: keyed('b'), now: () => now })
  const expires = Math.floor(now / 1000) + 60
  const wrong = [
    path.replace('a.m4s', 'b.m4s'),
    path.replace(/\/(\d+)\./, (_all, end: string) => `/${Number(end) + 1}.`),
    path.replace(/.(?=\/live)/, (digit) => (digit === '0' ? '1' : '0')),
    path.replace('live/', 'live/%2e%2e/live/'),
    path.replace('live/', 'live//'),
    other.url('live/a.m4s', 60),
    `/media/${expires}.${keyed('a').sign(`${expires}/../x`)}/../x`,
    '/media/',
    '/media/live/a.m4s',
    `/media/${'9'.repeat(400)}.x/live/a.m4s`,
  ]
  for (const each of wrong) {
    const answer = await get(each)
    assert.is(answer.status, 403, each)
    assert.is(answer.headers.get('content-type'), 'application/problem+json')
    assert.is(JSON.parse(answer.text).type, 'urn:veza:problem:media-address')
    assert.not.match(answer.text, 'live')
  }
  now += 61_000
  assert.is((await get(path)).status, 403)
})

test('says 404 for a signed file that is gone and 405 for other methods', async () => {
  assert.is((await get(storage.url('live/gone.m4s', 60))).status, 404)
  assert.is((await get(storage.url('live/a.m4s', 60), {}, 'DELETE')).status, 405)
})

test('lets a browser show only audio, video and pictures; the rest is a sandboxed download', async () => {
  for (const name of ['page.html', 'picture.svg', 'noending', 'archive.zip', 'x.constructor', 'script.js']) {
    await storage.write(name, Buffer.from('<script>alert(1)</script>'))
    const answer = await get(storage.url(name, 60))
    assert.is(answer.headers.get('content-disposition'), 'attachment', name)
    assert.is(answer.headers.get('content-security-policy'), 'sandbox', name)
    assert.not.match(answer.headers.get('content-type') ?? '', 'html')
  }
})

test('lets go of the file when the browser leaves in the middle', async () => {
  await storage.write('big.mp4', Buffer.alloc(20_000_000))
  const { port } = server.address() as AddressInfo
  const path = storage.url('big.mp4', 60)
  await new Promise<void>((done) => {
    const asked = request({ port, path, host: '127.0.0.1' }, (res) => {
      res.once('data', () => asked.destroy())
      res.on('error', () => {})
      res.once('close', () => done())
    }).end()
    asked.on('error', () => {})
  })
  await new Promise<void>((done) => {
    const look = () => server.getConnections((_error, count) => (count === 0 ? done() : setTimeout(look, 5)))
    look()
  })
  assert.is((await get(path, { Range: 'bytes=0-0' })).status, 206)
})

test.run()
