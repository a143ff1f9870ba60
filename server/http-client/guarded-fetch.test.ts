import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { definePlugin, FetchRefused, type GuardedFetch } from '#sdk'
import { testApp } from '../../test/kit/app.ts'
import { type GuardOptions, guardedFetch, type Network } from './guarded-fetch.ts'
import { isPublicAddress } from './public-addresses.ts'

type Hit = IncomingMessage & { at: string | undefined }
/** A server on this machine that nobody may reach who did not say so, and what it was asked. */
interface Context {
  canary: Server
  port: number
  hits: Hit[]
}
const test = suite<Context>('the door out')
test.before(async (context) => {
  context.hits = []
  context.canary = createServer((req, res) => {
    context.hits.push(Object.assign(req, { at: req.socket.localAddress }))
    answer(req, res)
  })
  await new Promise<void>((done) => context.canary.listen(0, '0.0.0.0', done))
  context.port = (context.canary.address() as AddressInfo).port
})
test.before.each(({ hits }) => {
  hits.length = 0
})
test.after(({ canary }) => {
  canary.closeAllConnections()
  canary.close()
})

function answer(req: IncomingMessage, res: ServerResponse): void {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://canary.test')
  if (pathname === '/to') {
    res
      .writeHead(Number(searchParams.get('status') ?? 302), { location: searchParams.get('url') ?? '' })
      .end()
  } else if (pathname === '/huge') {
    const more = () => {
      while (!res.destroyed && res.write(Buffer.alloc(65_536))) {}
    }
    res.on('drain', more)
    more()
  } else if (pathname === '/slow') {
    res.write('a')
  } else if (pathname === '/echo') {
    res.setHeader('x-method', req.method ?? '')
    req.pipe(res)
  } else if (pathname === '/empty') {
    res.writeHead(204, { 'set-cookie': ['a=1', 'b=2'] }).end()
  } else res.end('SECRET')
}

async function refusal(url: string, options?: GuardOptions, network?: Network): Promise<string> {
  try {
    const response = await guardedFetch(url, options, network)
    return `${response.status} ${await response.text()}`
  } catch (error) {
    if (!(error instanceof FetchRefused)) throw error
    return error.reason
  }
}

const closed = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.19.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:c0a8:101::1',
  '3fff::1',
  'fc00::1',
  'fdaa:bbbb::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'localhost',
  '',
]
const open = [
  '1.1.1.1',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.0.1',
  '172.32.0.1',
  '192.0.1.1',
  '198.17.0.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '::ffff:1.1.1.1',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
]
test('knows which addresses are of the public internet [SEC-05]', () => {
  assert.equal(closed.filter(isPublicAddress), [])
  assert.equal(
    open.filter((address) => !isPublicAddress(address)),
    [],
  )
})

test('asks no address of this machine, however it is written [SEC-05]', async ({ port, hits }) => {
  const hosts = ['127.0.0.1', '127.1', '0x7f.1', '0177.0.0.1', '2130706433', '0x7f000001', '0', '①②⑦.⓪.⓪.①']
  const six = [
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
  ]
  const names = ['localhost', 'LOCALHOST', 'ⓛocalhost', '127。0。0。1', '%31%32%37.0.0.1']
  for (const host of [...hosts, ...six, ...names])
    assert.is(await refusal(`http://${host}:${port}/`), 'private-address', host)
  assert.is(hits.length, 0)
  assert.is(await refusal(`http://127.1:${port}/`, { allowPrivate: true }), '200 SECRET')
})

test('asks no address that means another one to somebody else [SEC-05]', async ({ port, hits }) => {
  const here = `127.0.0.1:${port}`
  const odd = [
    `http://user:pass@${here}/`,
    `http://1.1.1.1@${here}/`,
    `http://1.1.1.1\\@${here}/`,
    `http:\\\\${here}/`,
    `http://${here}/\r\nx: y`,
    `http://${here}/\tx`,
    ` http://${here}/`,
    `file:///etc/passwd`,
    `gopher://${here}/`,
    `ftp://${here}/`,
    'data:text/plain,x',
    `//${here}/`,
    'nonsense',
    '',
  ]
  for (const url of odd) assert.is(await refusal(url, { allowPrivate: true }), 'malformed', url)
  for (const wrong of [22, 25, 1023]) assert.is(await refusal(`http://1.1.1.1:${wrong}/`), 'malformed')
  for (const headers of [new Map([['x-a', 'b\r\nc: d']]), new Map([['x-a\r\n', 'b']])])
    assert.is(
      await refusal(`http://${here}/`, { headers: Object.fromEntries(headers), allowPrivate: true }),
      'malformed',
    )
  assert.is(await refusal(`http://${here}/`, { method: 'CONNECT', allowPrivate: true }), 'malformed')
  assert.is(hits.length, 0)
})

/** Answers of a resolver, one after the other, on an internet where 127.0.0.1 is public and the rest is as ever. */
function internetOf(...rounds: string[][]): Network {
  return {
    resolve: async () =>
      (rounds.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    isPublic: (address) => address === '127.0.0.1' || isPublicAddress(address),
  }
}

test('every address of a name has to be public, and the one that was checked is asked [SEC-05]', async ({
  port,
  hits,
}) => {
  const url = `http://rebound.test:${port}/`
  for (const found of [['127.0.0.2'], ['127.0.0.1', '127.0.0.2'], ['::1'], ['::ffff:10.0.0.1']])
    assert.is(await refusal(url, {}, internetOf(found)), 'private-address', found.join())
  assert.is(hits.length, 0)
  // Public at the first question and private at the next: there is one question, and its answer is connected to.
  const turning = internetOf(['127.0.0.1'], ['127.0.0.2'])
  assert.is(await refusal(url, {}, turning), '200 SECRET')
  assert.equal([hits[0]?.headers.host, hits[0]?.at], [`rebound.test:${port}`, '127.0.0.1'])
  assert.is(await refusal(url, {}, turning), 'private-address')
  assert.is(await refusal(url, {}, turning), 'unreachable')
  assert.is(hits.length, 1)
})

test('a redirect leads nowhere that could not be asked at once [SEC-05]', async ({ port, hits }) => {
  const inside = ['127.0.0.2', '127.2', '0x7f.2', '[::1]', '169.254.169.254', 'inside.test'].map(
    (host) => `http://${host}:${port}/secret`,
  )
  for (const place of [...inside, 'file:///etc/passwd', 'http://1.1.1.1:25/']) {
    const network = internetOf(['127.0.0.1'], ['127.0.0.2'])
    const url = `http://open.test:${port}/to?url=${encodeURIComponent(place)}`
    const told = await refusal(url, { maxRedirects: 3 }, network)
    assert.is(told, place.endsWith('/secret') ? 'private-address' : 'malformed', place)
  }
  assert.is(hits.filter(({ url }) => !url?.startsWith('/to')).length, 0)
})

test('follows no redirect unless asked, and checks where each one leads [SEC-05]', async ({ port, hits }) => {
  const open = { allowPrivate: true }
  const to = (url: string, status = 302) =>
    `http://127.0.0.1:${port}/to?status=${status}&url=${encodeURIComponent(url)}`
  assert.is(await refusal(to('/secret'), open), '302 ')
  assert.is(await refusal(to('/secret'), { ...open, maxRedirects: 1 }), '200 SECRET')
  assert.is(await refusal(to(to('/secret')), { ...open, maxRedirects: 1 }), 'too-many-redirects')
  for (const url of ['file:///etc/passwd', 'http://a:b@127.0.0.1/', 'http://127.0.0.1\\@x/'])
    assert.is(await refusal(to(url), { ...open, maxRedirects: 3 }), 'malformed', url)
  hits.length = 0
  const post = { ...open, maxRedirects: 1, method: 'POST', body: 'x', headers: { authorization: 'Bearer b' } }
  assert.is(await refusal(to(`http://localhost:${port}/secret`, 307), post), '200 SECRET')
  assert.equal(
    hits.map(({ method, headers }) => [method, headers.authorization, headers['content-length']]),
    [
      ['POST', 'Bearer b', '1'],
      ['POST', undefined, '1'],
    ],
  )
  hits.length = 0
  assert.is(await refusal(to('/echo', 303), post), '200 ')
  assert.equal([hits[1]?.method, hits[1]?.headers.authorization], ['GET', 'Bearer b'])
})

test('stops at a large or slow answer and asks for none that is packed [SEC-05]', async ({ port, hits }) => {
  const at = (path: string) => `http://127.0.0.1:${port}${path}`
  assert.is(await refusal(at('/huge'), { allowPrivate: true }), 'too-large')
  assert.is(await refusal(at('/'), { allowPrivate: true, maxBytes: 5 }), 'too-large')
  assert.is(await refusal(at('/'), { allowPrivate: true, maxBytes: 6 }), '200 SECRET')
  assert.is(await refusal(at('/slow'), { allowPrivate: true, timeoutMs: 100 }), 'too-slow')
  assert.is(hits.at(-1)?.headers['accept-encoding'], 'identity')
  assert.is(await refusal('http://127.0.0.1:1/', { allowPrivate: true }), 'unreachable')
})

test('gives whole answers of every kind', async ({ port }) => {
  const at = (path: string) => `http://127.0.0.1:${port}${path}`
  const body = new URLSearchParams({ a: 'ü & b' })
  const echo = await guardedFetch(at('/echo'), { method: 'POST', body, allowPrivate: true })
  assert.equal([echo.headers.get('x-method'), await echo.text()], ['POST', 'a=%C3%BC+%26+b'])
  const empty = await guardedFetch(at('/empty'), { allowPrivate: true })
  assert.equal([empty.status, empty.body, empty.headers.getSetCookie()], [204, null, ['a=1', 'b=2']])
})

test('is what plugins are given, always with its guard [SEC-05]', async ({ port, hits }) => {
  let door: GuardedFetch | undefined
  const curious = definePlugin({
    name: 'curious',
    title: 'Curious',
    version: '1.0.0',
    setup: (ctx) => {
      door = ctx.fetch
    },
  })
  const app = await testApp({ plugins: [curious] })
  const wish: GuardOptions = { allowPrivate: true }
  const refused = await door?.(`http://127.0.0.1:${port}/`, wish).catch((error: unknown) => error)
  await app.close()
  assert.ok(refused instanceof FetchRefused && refused.reason === 'private-address')
  assert.is(hits.length, 0)
})

test.run()
