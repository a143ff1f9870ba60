import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'

interface Door {
  app: TestApp
  clock: FakeClock
  /** Status of a page as that address sees it, through the trusted proxy. */
  seen(from: string): Promise<number>
  tryIn(from: string, login: string, password?: string): Promise<number>
}

for (const kind of databaseKinds) {
  const test = suite<Door>(`bans after failed sign-ins, ${kind}`)
  test.before(async (context) => {
    const clock = fakeClock()
    const app = await testApp({
      kind,
      plugins: [],
      clock,
      environment: { VEZA_HTTP_TRUSTED_PROXIES: '127.0.0.1' },
    })
    const seen = async (from: string) =>
      (await app.request('/api/v1/site', { headers: { 'x-forwarded-for': from } })).status
    const tryIn = async (from: string, login: string, password = 'a wrong password') => {
      const headers = { 'x-forwarded-for': from, 'content-type': 'application/json' }
      const body = JSON.stringify({ login, password })
      return (await app.request('/api/v1/auth/login', { method: 'POST', headers, body })).status
    }
    Object.assign(context, { app, clock, seen, tryIn })
  })
  test.after(({ app }) => app.close())

  test('failing at very many accounts from one address keeps it out for an hour [AUTH-10] [SEC-07]', async ({
    app,
    clock,
    seen,
    tryIn,
  }) => {
    await failed(app, clock, '203.0.113.20', 98)
    for (let n = 0; n < 3; n++) assert.is(await tryIn('203.0.113.20', 'same-one'), 401)
    assert.is(await seen('203.0.113.20'), 200, 'one account counts once')
    await tryIn('203.0.113.20', 'last-one')
    assert.is(await seen('203.0.113.20'), 403)
    assert.is(await seen('203.0.113.19'), 200)
    const owner = await app.addAccount({ roles: ['owner'] })
    const [rule] = (await app.as(owner).call(admin.listAddressRules)).body.items
    assert.equal([rule?.network, rule?.kind], ['203.0.113.20', 'deny'])
    assert.match(rule?.reason ?? '', '100 accounts')
    const entries = await app.site.database.db('audit_entries').where({ subject: '203.0.113.20' })
    assert.equal([entries.length, entries[0].action, entries[0].actorId], [1, 'address.banned', null])
    clock.advance(3_601_000)
    assert.is(await seen('203.0.113.20'), 200)
  })

  test('failures of the last hour alone count, and never where a rule or the house lets in [AUTH-10]', async ({
    app,
    clock,
    seen,
    tryIn,
  }) => {
    await failed(app, clock, '203.0.113.21', 120, 3_601_000)
    for (const address of ['203.0.113.22', '10.1.2.3', '2001:db8:5:5::/64'])
      await failed(app, clock, address, 120)
    const owner = await app.addAccount({ roles: ['owner'] })
    const body = { network: '203.0.113.22', kind: 'allow' as const, reason: '', minutes: null }
    await app.as(owner).call(admin.addAddressRule, { body })
    for (const from of ['203.0.113.21', '203.0.113.22', '10.1.2.3', '2001:db8:5:5::7'])
      assert.is(await tryIn(from, 'last-one'), 401)
    for (const from of ['203.0.113.21', '203.0.113.22', '10.1.2.3', '2001:db8:5:6::8'])
      assert.is(await seen(from), 200, from)
    assert.is(await seen('2001:db8:5:5::8'), 403, 'the neighbour in the same /64 is the same caller')
    const rules = await app.site.database.db('address_rules').where({ kind: 'deny', network: '203.0.113.22' })
    assert.equal(rules, [])
  })

  test('nobody is banned for what others wrote into X-Forwarded-For [AUTH-10] [SEC-07]', async ({
    app,
    clock,
    seen,
    tryIn,
  }) => {
    await failed(app, clock, '203.0.113.40', 120)
    await tryIn('203.0.113.41, 203.0.113.40', 'other-one')
    assert.equal([await seen('203.0.113.41'), await seen('203.0.113.40')], [200, 403])
  })

  test('who signs in after all was no guess [AUTH-10]', async ({ app, tryIn }) => {
    const body = { email: 'typo@people.test', username: 'typo-maker', password: 'seven green umbrellas' }
    await app.call(identity.register, { body })
    const { db } = app.site.database
    const failures = async () => (await db('failed_sign_ins').where({ address: '203.0.113.30' })).length
    assert.is(await tryIn('203.0.113.30', 'typo-maker'), 401)
    assert.is(await failures(), 1)
    assert.is(await tryIn('203.0.113.30', body.email, body.password), 200)
    assert.is(await failures(), 0)
  })

  test.run()
}

/** As if so many accounts had been tried in vain from there, some time ago. */
async function failed(
  app: TestApp,
  clock: FakeClock,
  address: string,
  count: number,
  agoMs = 0,
): Promise<void> {
  const failedAt = new Date(clock.now().getTime() - agoMs).toISOString()
  const rows = Array.from({ length: count }, (_, n) => ({ address, nameHash: `n${n}`, failedAt }))
  await app.site.database.db('failed_sign_ins').insert(rows)
}
