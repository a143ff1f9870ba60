import type { IncomingMessage } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { defineRoute, identity, type Route } from '#contract'
import { definePlugin } from '#sdk'
import { type TestAccount, testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { addressBlock } from '../sdk/address-block.ts'
import { addressOf, readCookie } from './call.ts'
import { createRateLimit, perMinuteOf } from './rate-limit.ts'

const rare = defineRoute({
  method: 'GET',
  path: '/api/v1/pace/rare',
  access: 'public',
  summary: 'Rare',
  perMinute: 3,
})
const usual = defineRoute({
  method: 'POST',
  path: '/api/v1/pace/usual',
  access: 'public',
  summary: 'Usual',
})
const pace = definePlugin({
  name: 'pace',
  version: '1.0.0',
  title: 'Pace',
  setup: (ctx) => {
    ctx.router.handle(rare, () => undefined)
    ctx.router.handle(usual, () => undefined)
  },
})
const test = suite('rate limits')

async function paced(environment: Record<string, string> = {}) {
  const clock = fakeClock(new Date())
  const app = await testApp({ plugins: [pace], clock, environment })
  const call = async (route: Route, headers: Record<string, string> = {}, account?: TestAccount) => {
    const cookie: Record<string, string> = account ? { cookie: account.cookie } : {}
    return app.request(route.path, { method: route.method, headers: { ...headers, ...cookie } })
  }
  const statuses = async (times: number, ...how: Parameters<typeof call>) => {
    const seen: number[] = []
    for (let n = 0; n < times; n++) seen.push((await call(...how)).status)
    return seen
  }
  return { app, clock, call, statuses }
}

test('refuses one call too many with the time to wait, and takes calls again after it [SEC-06]', async () => {
  const { app, clock, call, statuses } = await paced()
  clock.advance(60_000)
  assert.equal(await statuses(4, rare), [204, 204, 204, 429])
  clock.advance(45_000)
  const refused = await call(rare)
  assert.equal([refused.status, refused.headers.get('retry-after')], [429, '15'])
  assert.match(refused.headers.get('content-type') ?? '', 'application/problem+json')
  assert.is(((await refused.json()) as { type: string }).type, 'urn:veza:problem:too-many-requests')
  clock.advance(15_000)
  assert.is((await call(rare)).status, 204)
  await app.close()
})

test('every route that changes something has a limit: its own, or 600 a minute [SEC-06]', async () => {
  const { app, clock, call, statuses } = await paced()
  clock.advance(60_000)
  assert.is((await statuses(600, usual)).filter((status) => status === 204).length, 600)
  assert.is((await call(usual)).status, 429)
  for (const { route } of app.site.table.routes()) assert.ok((route.perMinute ?? 600) <= 600, route.path)
  // What can be used to guess is slowed by its failures, too (identity/throttle).
  for (const route of [identity.login, identity.register])
    assert.ok((route.perMinute ?? 600) <= 300, `${route.path} can be used to guess`)
  for (const route of [
    identity.setUp,
    identity.secondFactor,
    identity.reset,
    identity.forgot,
    identity.verify,
  ])
    assert.ok((route.perMinute ?? 600) <= 60, `${route.path} can be used to guess`)
  await app.close()
})

test('counts accounts by themselves, and strangers by the address that really calls [SEC-06]', async () => {
  const { app, statuses } = await paced()
  const [one, two] = [await app.addAccount(), await app.addAccount()]
  assert.equal(await statuses(4, rare, {}, one), [204, 204, 204, 429])
  assert.equal(await statuses(3, rare, {}, two), [204, 204, 204])
  const claimed = (n: number) => ({ 'x-forwarded-for': `192.0.2.${n}`, forwarded: `for=192.0.2.${n}` })
  const seen = [1, 2, 3, 4].map((n) => statuses(1, rare, claimed(n)))
  assert.equal((await Promise.all(seen)).flat().sort(), [204, 204, 204, 429])
  await app.close()
})

test('believes the addresses that a trusted proxy gives [SEC-06]', async () => {
  const { app, statuses } = await paced({ VEZA_HTTP_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.1' })
  assert.equal(await statuses(4, rare, { 'x-forwarded-for': '192.0.2.1' }), [204, 204, 204, 429])
  assert.equal(await statuses(1, rare, { 'x-forwarded-for': '192.0.2.2, 10.0.0.1' }), [204])
  // What the caller itself wrote comes first in the list and is not the address.
  assert.equal(await statuses(1, rare, { 'x-forwarded-for': '192.0.2.9, 192.0.2.1' }), [429])
  await app.close()
})

test('counts an IPv6 caller by their network, whichever address of it they take [SEC-06]', () => {
  const blocks = [
    '2001:db8:1:2::1',
    '2001:db8:1:2:ffff::9',
    '2001:0DB8:0001:0002:0:0:0:7',
    '2001:db8:1:2::%eth0',
  ]
  assert.equal([...new Set(blocks.map(addressBlock))], ['2001:db8:1:2::/64'])
  assert.equal(['::1', '2001:db8::', '192.0.2.1', ''].map(addressBlock), [
    '0:0:0:0::/64',
    '2001:db8:0:0::/64',
    '192.0.2.1',
    '',
  ])
})

test('pages, media and sockets have limits of their own [SEC-06]', async () => {
  const { app } = await paced()
  const statusOf = async (path: string) => (await app.request(path)).status
  const used = (kind: 'page' | 'media' | 'socket') => {
    for (let n = 0; n < perMinuteOf[kind]; n++)
      app.site.http.limit(`${kind} 127.0.0.1`, Number.POSITIVE_INFINITY)
  }
  assert.equal([await statusOf('/'), await statusOf('/media/x/y')], [200, 403])
  used('page')
  assert.equal([await statusOf('/'), await statusOf('/media/x/y')], [429, 403])
  used('media')
  assert.is(await statusOf('/media/x/y'), 429)
  ;(await app.socket()).close()
  used('socket')
  assert.match(String(await app.socket().catch((error: Error) => error.message)), '429')
  await app.close()
})

test('forgets its counts each minute, and when there are too many of them', () => {
  let now = 0
  const limit = createRateLimit(() => now)
  limit('a', 1)
  assert.throws(() => limit('a', 1))
  for (let n = 0; n < 50_001; n++) limit(`key ${n}`, 1)
  limit('a', 1)
  now = 60_000
  limit('a', 1)
})

const requestWith = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage

test('finds the caller’s address', () => {
  const forwarded = (list: string) => ({ 'x-forwarded-for': list })
  assert.is(addressOf(requestWith('::ffff:192.0.2.1'), []), '192.0.2.1')
  assert.is(addressOf(requestWith(undefined), []), '')
  assert.is(addressOf(requestWith('10.0.0.1', forwarded('192.0.2.1')), []), '10.0.0.1')
  assert.is(
    addressOf(requestWith('::ffff:10.0.0.1', forwarded('192.0.2.1, ::ffff:10.0.0.2')), [
      '10.0.0.1',
      '10.0.0.2',
    ]),
    '192.0.2.1',
  )
  assert.is(addressOf(requestWith('10.0.0.1', forwarded(' , ')), ['10.0.0.1']), '10.0.0.1')
  assert.is(addressOf(requestWith('10.0.0.1'), ['10.0.0.1']), '10.0.0.1')
})

test('reads cookies as they come', () => {
  const cookie = (text: string) => readCookie(requestWith('', { cookie: text }), 'a')
  assert.equal(
    [cookie('b=1; a=2; a=3'), cookie('a=x%20y'), cookie('aa=1'), cookie('a'), cookie('a=%zz')],
    ['2', 'x y', undefined, undefined, undefined],
  )
  assert.is(readCookie(requestWith(''), 'a'), undefined)
})

test.run()
