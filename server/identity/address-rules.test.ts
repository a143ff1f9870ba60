import { once } from 'node:events'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { admin, type Route } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { newId } from '../sdk/index.ts'
import { networkOf, normalNetwork } from './address-rules.ts'

const rules = suite('networks')

rules('each network is written in one way, and nothing else is taken [SEC-07]', () => {
  const cases: [given: string, kept: string | null][] = [
    ['192.0.2.7', '192.0.2.7'],
    [' 192.0.2.7/32 ', '192.0.2.7'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['192.0.2.255/25', '192.0.2.128/25'],
    ['1.2.3.4/0', '0.0.0.0/0'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['2001:db8:1:2:3:4:5:6/32', '2001:db8::/32'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['::ffff:192.0.2.7/120', '192.0.2.0/24'],
    ['::1', '::1'],
    ['192.0.2', null],
    ['192.0.2.07', null],
    ['192.0.2.7/33', null],
    ['192.0.2.7/-1', null],
    ['192.0.2.7/8/8', null],
    ['192.0.2.7/', null],
    ['2001:db8::/129', null],
    ['fe80::1%eth0', null],
    ['label.test', null],
    ['', null],
  ]
  for (const [given, kept] of cases) {
    assert.is(normalNetwork(given), kept, given)
    assert.is(networkOf(given) === null, kept === null, given)
  }
})

rules.run()

interface Door {
  app: TestApp
  /** The owner with a token of this very moment. */
  fresh(): Promise<TestAccount>
  clock: FakeClock
  /** Status of a page, the API and a media file as that address sees them, through the trusted proxy. */
  seen(from: string): Promise<number[]>
  add(network: string, more?: { kind?: 'deny' | 'allow'; minutes?: number }): Promise<string>
  clear(): Promise<void>
}

for (const kind of databaseKinds) {
  const test = suite<Door>(`addresses kept out, ${kind}`)
  test.before(async (context) => {
    const clock = fakeClock()
    const environment = { VEZA_HTTP_TRUSTED_PROXIES: '127.0.0.1' }
    const app = await testApp({ kind, plugins: [], clock, environment })
    const owner = await app.addAccount({ roles: ['owner'] })
    const fresh = async () => {
      const { accessToken } = await app.site.tokens.sign({ accountId: owner.id, sessionId: owner.sessionId })
      return { ...owner, accessToken }
    }
    await app.site.storage.write('test/a.txt', Buffer.from('a'))
    const media = new URL(app.site.storage.url('test/a.txt', 30 * 86_400), 'http://main.test')
    const paths = ['/', '/api/v1/site', media.pathname + media.search]
    const seen = (from: string) =>
      Promise.all(
        paths.map(async (path) => (await app.request(path, { headers: { 'x-forwarded-for': from } })).status),
      )
    const add: Door['add'] = async (network, { kind: rule = 'deny', minutes } = {}) => {
      const body = { network, kind: rule, reason: 'Noise', minutes: minutes ?? null }
      const answer = await app.as(await fresh()).call(admin.addAddressRule, { body })
      assert.is(answer.status, 200, JSON.stringify(answer.body))
      return answer.body.id
    }
    const clear = async () => {
      await app.site.database.db('address_rules').delete()
      await app.site.addressRules.reload(app.site.database.db)
    }
    Object.assign(context, { app, fresh, clock, seen, add, clear })
  })
  test.after.each(({ clear }) => clear())
  test.after(({ app }) => app.close())

  const well = [200, 200, 200]
  const banned = [403, 403, 403]

  test('a rule holds for pages, API and media at once, by address and network [SEC-07]', async ({
    seen,
    add,
  }) => {
    assert.equal(await seen('203.0.113.5'), well)
    await add('203.0.113.5')
    await add('198.51.100.0/24')
    await add('2001:db8::/32')
    for (const from of [
      '203.0.113.5',
      '::ffff:203.0.113.5',
      '::ffff:cb00:7105',
      '203.0.113.5:4711',
      '198.51.100.250',
      '2001:db8:7::1',
      '[2001:db8::9]:443',
    ])
      assert.equal(await seen(from), banned, from)
    for (const from of ['203.0.113.6', '198.51.101.1', '2001:db9::1'])
      assert.equal(await seen(from), well, from)
  })

  test('a rule of the mapped form is the same rule [SEC-07]', async ({ seen, add }) => {
    const first = await add('::ffff:203.0.113.5')
    assert.is(await add('203.0.113.5'), first)
    assert.equal(await seen('203.0.113.5'), banned)
  })

  test('what is let in is let in whatever else holds, and a time ends by the clock [SEC-07]', async ({
    seen,
    add,
    clock,
  }) => {
    await add('203.0.113.0/24', { minutes: 30 })
    const key = await add('203.0.113.7', { kind: 'allow' })
    assert.ok(key)
    assert.equal(await seen('203.0.113.7'), well)
    assert.equal(await seen('203.0.113.8'), banned)
    clock.advance(29 * 60_000)
    assert.equal(await seen('203.0.113.8'), banned)
    clock.advance(61_000)
    assert.equal(await seen('203.0.113.8'), well)
  })

  test('open sockets of a banned address end, new ones are refused [SEC-07]', async ({ app, add }) => {
    const open = (from: string) =>
      new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/realtime`, {
        headers: { host: 'main.test', 'x-forwarded-for': from },
      })
    const [noisy, quiet] = [open('203.0.113.5'), open('203.0.113.6')]
    await Promise.all([once(noisy, 'open'), once(quiet, 'open')])
    const closed = once(noisy, 'close')
    await add('203.0.113.5')
    assert.is((await closed)[0], 4003)
    assert.is(quiet.readyState, WebSocket.OPEN)
    quiet.terminate()
    const [, answer] = await once(open('203.0.113.5'), 'unexpected-response')
    assert.is(answer.statusCode, 403)
  })

  test('a forged X-Forwarded-For neither gets around a ban nor bans somebody else [SEC-07]', async ({
    seen,
    add,
  }) => {
    await add('203.0.113.5')
    // A proxy that is trusted appends whom it sees; what stands before was sent by the caller.
    for (const from of [
      '8.8.8.8, 203.0.113.5',
      ', ,203.0.113.5',
      'junk, 203.0.113.5',
      '127.0.0.1, 203.0.113.5',
    ])
      assert.equal(await seen(from), banned, from)
    assert.equal(await seen('203.0.113.5, 198.51.100.1'), well)
    const direct = await testApp({ plugins: [] })
    const owner = await direct.addAccount({ roles: ['owner'] })
    const body = { network: '203.0.113.5', kind: 'deny' as const, reason: '', minutes: null }
    await direct.as(owner).call(admin.addAddressRule, { body })
    const headers = { 'x-forwarded-for': '203.0.113.5' }
    assert.is((await direct.request('/api/v1/site', { headers })).status, 200, 'no proxy is trusted here')
    await direct.close()
  })

  test('nobody keeps themselves or the machine out [SEC-07]', async ({ app, fresh, add }) => {
    const owner = await fresh()
    const from = { 'x-forwarded-for': '203.0.113.9', authorization: `Bearer ${owner.accessToken}` }
    const ask = async (network: string) => {
      const answer = await app.request('/api/v1/admin/addresses', {
        method: 'POST',
        headers: { ...from, 'content-type': 'application/json' },
        body: JSON.stringify({ network }),
      })
      return [answer.status, ((await answer.json()) as { detail?: string }).detail]
    }
    assert.equal(await ask('203.0.113.0/24'), [422, 'This would keep you out: you come from 203.0.113.9.'])
    for (const network of ['127.0.0.1', '127.0.0.0/8', '0.0.0.0/0', '::/0', '::1', '::ffff:127.0.0.1'])
      assert.equal(await ask(network), [
        422,
        'This would keep the machine itself out; take a smaller network.',
      ])
    const key = await add('203.0.113.9', { kind: 'allow' })
    assert.is((await ask('203.0.113.0/24'))[0], 200)
    const removal = await app.request(`/api/v1/admin/addresses/${key}`, { method: 'DELETE', headers: from })
    assert.is(removal.status, 422, 'the rule that lets the caller in stays')
  })

  test('only who may ban does; bad input adds nothing [SEC-07]', async ({ app, fresh }) => {
    const owner = await fresh()
    const member = await app.addAccount()
    const params = { id: newId() }
    for (const route of [admin.listAddressRules, admin.addAddressRule, admin.removeAddressRule] as Route[]) {
      assert.is((await app.callRaw(route, { params })).status, 401)
      assert.is((await app.as(member).callRaw(route, { params })).status, 403)
    }
    for (const body of [{ network: 'everywhere' }, { network: '192.0.2.1', kind: 'maybe' }, { minutes: 5 }]) {
      const answer = await app.as(owner).callRaw(admin.addAddressRule as Route, { body })
      assert.is(answer.status, 422, JSON.stringify(body))
    }
    assert.equal((await app.as(owner).call(admin.listAddressRules)).body.items, [])
    assert.is((await app.as(owner).call(admin.removeAddressRule, { params })).status, 404)
  })

  test.run()
}
