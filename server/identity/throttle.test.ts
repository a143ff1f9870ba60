import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { accountRule, waitAfter } from './throttle.ts'

interface Context {
  app: TestApp
  clock: FakeClock
  /** Tries to sign in; each `from` is another visitor behind the trusted proxy. */
  tryAs(login: string, password: string, from: string, cookie?: string): Promise<Try>
}
interface Try {
  status: number
  problem: string
  retryAfterS: number
  cookies: string
}
const password = 'seven quiet harbours'
let people = 0

for (const kind of databaseKinds) {
  const test = suite<Context>(`growing delays on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    const environment = { VEZA_HTTP_TRUSTED_PROXIES: '127.0.0.1' }
    context.app = await testApp({ kind, plugins: [], clock: context.clock, environment })
    context.tryAs = async (login, given, from, cookie = '') => {
      const response = await context.app.request('/api/v1/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from, cookie },
        body: JSON.stringify({ login, password: given }),
      })
      const body = (await response.json()) as { type?: string }
      return {
        status: response.status,
        problem: (body.type ?? '').replace('urn:veza:problem:', ''),
        retryAfterS: Number(response.headers.get('retry-after') ?? 0),
        cookies: response.headers
          .getSetCookie()
          .map((text) => text.split(';', 1)[0])
          .join('; '),
      }
    }
  })
  test.before.each(({ clock }) => clock.advance(25 * 3_600_000))
  test.after(({ app }) => app.close())

  const newcomer = async ({ app }: Context) => {
    const username = `guarded${++people}`
    const body = { email: `${username}@people.test`, username, password }
    assert.is((await app.call(identity.register, { body })).status, 200)
    return username
  }

  test('guessing one account waits longer each time, from however many addresses [AUTH-10]', async (context) => {
    const { tryAs, clock } = context
    const username = await newcomer(context)
    const waits: number[] = []
    let address = 0
    let guesses = 0
    for (let step = 0; step < 12; step++) {
      for (;;) {
        const { status, retryAfterS } = await tryAs(username, `guess ${guesses}`, `198.51.100.${++address}`)
        if (status === 429) {
          waits.push(retryAfterS)
          clock.advance(retryAfterS * 1000)
          break
        }
        assert.is(status, 401)
        guesses++
      }
    }
    assert.equal(waits.slice(0, 5), [2, 4, 8, 16, 32])
    assert.is(waits.at(-1), 900)
    assert.is(guesses, 16, 'five free ones, then one a wait')
  })

  test('parallel guesses count each [AUTH-10]', async (context) => {
    const username = await newcomer(context)
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) => context.tryAs(username, `guess ${n}`, `203.0.113.${n}`)),
    )
    assert.is(all.filter(({ status }) => status === 401).length, accountRule.free)
    assert.is(all.filter(({ problem }) => problem === 'identity.slow-down').length, 35)
  })

  test('a stranger cannot shut the holder out of a device they use [AUTH-10]', async (context) => {
    const { tryAs } = context
    const username = await newcomer(context)
    const { cookies } = await tryAs(username, password, '192.0.2.10')
    for (let n = 0; n < 20; n++) await tryAs(username, 'wrong', `198.51.100.${n}`)
    assert.is((await tryAs(username, password, '192.0.2.77')).status, 429, 'a device never seen waits')
    assert.is((await tryAs(username, password, '192.0.2.10', cookies)).status, 200)
    const forged = cookies.replace(/veza_device=[^;]{12}/, 'veza_device=AAAAAAAAAAAA')
    assert.is((await tryAs(username, password, '192.0.2.10', forged)).status, 429)
    const other = await newcomer(context)
    for (let n = 0; n < 20; n++) await tryAs(other, 'wrong', `198.51.100.${n}`)
    assert.is((await tryAs(other, password, '192.0.2.10', cookies)).status, 429, 'another account’s mark')
  })

  test('a wait ends by itself, and a right password forgets the failures [AUTH-10]', async (context) => {
    const { tryAs, clock } = context
    const username = await newcomer(context)
    for (let n = 0; n < 30; n++) await tryAs(username, 'wrong', `198.51.100.${n}`)
    clock.advance(15 * 60_000)
    assert.is((await tryAs(username, password, '192.0.2.1')).status, 200)
    for (let n = 0; n < 4; n++) assert.is((await tryAs(username, 'wrong', '192.0.2.2')).status, 401)
    assert.is((await tryAs(username, password, '192.0.2.3')).status, 200)
  })

  test('one password tried on many accounts from one address is slowed, a house that signs in is not [AUTH-10]', async (context) => {
    const { tryAs } = context
    const names = await Promise.all(Array.from({ length: 6 }, () => newcomer(context)))
    for (let n = 0; n < 60; n++)
      assert.is(
        (await tryAs(names[n % 6] ?? '', password, '192.0.2.50')).status,
        200,
        'right ones cost nothing',
      )
    let refused = 0
    for (let n = 0; n < 60; n++)
      if ((await tryAs(`nobody${n}`, 'Summer2026!', '192.0.2.60')).status === 429) refused++
    assert.is(refused, 30)
  })

  test('a password sprayed from many addresses reaches each account only a few times [AUTH-10]', async (context) => {
    const { tryAs } = context
    const names = await Promise.all(Array.from({ length: 5 }, () => newcomer(context)))
    const tries = new Map<string, number>()
    for (let n = 0; n < 100; n++) {
      const name = names[n % 5] ?? ''
      const { status } = await tryAs(name, `spray ${n}`, `10.${n}.${n}.1`)
      if (status === 401) tries.set(name, (tries.get(name) ?? 0) + 1)
    }
    assert.equal([...tries.values()], [5, 5, 5, 5, 5])
  })

  test('trying out which names are taken gets slower, opening accounts does not [AUTH-10]', async (context) => {
    const { app } = context
    const known = await newcomer(context)
    const again = { email: `${known}@people.test`, username: 'never-taken', password }
    const answers: string[] = []
    for (let n = 0; n < 25; n++)
      answers.push((await app.call(identity.register, { body: again })).problem ?? '')
    assert.equal(answers.slice(0, 20), Array(20).fill('identity.taken'))
    assert.equal(answers.slice(20), Array(5).fill('identity.slow-down'))
    await newcomer(context)
  })

  test('an unknown name waits like a known one [AUTH-02] [AUTH-10]', async (context) => {
    const { tryAs } = context
    const known = await newcomer(context)
    const seen = async (login: string) => {
      const all: string[] = []
      for (let n = 0; n < 8; n++) {
        const { status, problem, retryAfterS } = await tryAs(login, 'wrong', `198.51.100.${n}`)
        all.push(`${status} ${problem} ${retryAfterS}`)
      }
      return all
    }
    assert.equal(await seen('nobody-at-all'), await seen(known))
  })

  test('a spoofed X-Forwarded-For of a stranger does not start a new count [SEC-06] [AUTH-10]', async () => {
    const app = await testApp({ kind, plugins: [] })
    const statuses: number[] = []
    for (let n = 0; n < 40; n++) {
      const response = await app.request('/api/v1/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${n}` },
        body: JSON.stringify({ login: `nobody${n}`, password: 'wrong' }),
      })
      statuses.push(response.status)
    }
    assert.is(statuses.filter((status) => status === 401).length, 30)
    await app.close()
  })

  test.run()
}

const rules = suite('waits')
rules('grow with each failure and never beyond their most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (failures) => {
      const [now, next] = [waitAfter(failures, accountRule), waitAfter(failures + 1, accountRule)]
      assert.ok(next >= now && next <= accountRule.mostMs)
      assert.is(now === 0, failures < accountRule.free)
    }),
  )
})
rules.run()
