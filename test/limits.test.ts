import { randomBytes } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type Route } from '#contract'
import { bundledPlugins } from '../plugins/index.ts'
import * as profiles from '../plugins/profiles/contract.ts'
import { type TestAccount, type TestApp, testApp } from './kit/app.ts'
import { type FakeClock, fakeClock } from './kit/clock.ts'
import { password, person } from './kit/factors.ts'
import { nameOf } from './kit/recipes.ts'
import { fieldsOf, pathOf, sampleBody } from './kit/routes.ts'

/** Two processes of one label: one PostgreSQL database, one key, a data folder each. */
interface Pair {
  clock: FakeClock
  apps: [TestApp, TestApp]
}

const pair = suite<Pair>('limits of two processes')
pair.before(async (context) => {
  context.clock = fakeClock(new Date())
  const environment = {
    VEZA_DATABASE_SCHEMA: `t${randomBytes(5).toString('hex')}`,
    VEZA_SECURITY_INSTANCE_KEY: randomBytes(32).toString('base64url'),
  }
  const open = () => testApp({ kind: 'postgres', plugins: [], clock: context.clock, environment })
  const first = await open()
  context.apps = [first, await open()]
})
pair.after(async ({ apps: [first, second] }) => {
  await second.appliance.stop()
  await first.close()
})

const tryAt = async (app: TestApp, login: string, given: string) => {
  const { status, problem, headers } = await app.call(identity.login, { body: { login, password: given } })
  return { status, problem, waitS: headers.get('retry-after') }
}

pair(
  'wrong passwords at one count at the other, and the wait is the same [AUTH-10] [SEC-06]',
  async (context) => {
    const { apps, clock } = context
    const { username } = await person({ app: apps[0] })
    const seen: (string | null)[] = []
    for (let n = 0; n < 5; n++) seen.push((await tryAt(apps[n % 2 ? 1 : 0], username, 'wrong')).problem)
    assert.equal(seen, Array(5).fill('identity.wrong-credentials'))
    for (const app of apps) {
      const { status, problem, waitS } = await tryAt(app, username, password)
      assert.equal([status, problem, waitS], [429, 'identity.slow-down', '2'])
    }
    clock.advance(2_001)
    assert.is((await tryAt(apps[1], username, password)).status, 200)
    for (const app of apps)
      assert.is(
        (await tryAt(app, username, 'wrong')).problem,
        'identity.wrong-credentials',
        'forgotten at both',
      )
  },
)

pair('guesses sent to both at once count each [AUTH-10] [SEC-06]', async ({ apps, clock }) => {
  clock.advance(24 * 3_600_000)
  const { username } = await person({ app: apps[0] })
  const all = await Promise.all(
    Array.from({ length: 30 }, (_none, n) => tryAt(apps[n % 2 ? 1 : 0], username, 'wrong')),
  )
  assert.is(all.filter(({ status }) => status === 401).length, 5)
  assert.is(all.filter(({ status }) => status === 429).length, 25)
})

pair('a session that one ends is over at the other [AUTH-07] [SEC-06]', async ({ apps: [first, second] }) => {
  const account = await person({ app: first })
  assert.is((await second.as(account).call(identity.me)).status, 200)
  assert.is((await first.as(account).call(identity.logoutAll)).status, 204)
  assert.is((await second.as(account).call(identity.me)).status, 401)
})

pair.run()

interface Context {
  app: TestApp
  clock: FakeClock
  owner: TestAccount
  routes: Route[]
}

/** Longest that one call may keep the processor, whatever it was sent; wall time says more of the machine. */
const busyMs = 500
const long = 100_000
/** Texts that make careless patterns and parsers look back again and again. */
const evil = [
  'a'.repeat(long),
  `${'a'.repeat(long)}!`,
  `${'1.'.repeat(long / 2)}x`,
  `${' '.repeat(long)}x`,
  `${'-a'.repeat(long / 2)}-`,
  `${'a@'.repeat(long / 2)}.`,
  `http://${'a.'.repeat(long / 2)}`,
  '<'.repeat(long),
  '\u0301'.repeat(long),
  '👩‍🚀'.repeat(long / 5),
  `${'%25'.repeat(long / 3)}%`,
]
/** The same within what a Markdown text may be. */
const nested = [
  '[',
  '*',
  '_',
  '`',
  '> ',
  '- ',
  '<a ',
  '![',
  '**a ',
  '[a](',
  '\\',
  '&#',
  '~',
  '1. ',
  '[^',
].map((sign) => sign.repeat(5000).slice(0, 5000))

const test = suite<Context>('long and evil texts')
test.before(async (context) => {
  const clock = fakeClock(new Date())
  const app = await testApp({ plugins: bundledPlugins, clock })
  const routes = app.site.table.routes().map(({ route }) => route)
  Object.assign(context, { app, clock, owner: await app.addAccount({ roles: ['owner'] }), routes })
})
test.after(({ app }) => app.close())

/** Sends as the owner and answers how long the processor was at it: at the least, where it once was too long. */
async function busy(context: Context, route: Route, path: string, text?: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 3 && least > busyMs; tries++)
    least = Math.min(least, await timeOf(context, route, path, text))
  return least
}

async function timeOf(
  { app, clock, owner }: Context,
  route: Route,
  path: string,
  text?: string,
): Promise<number> {
  clock.advance(61_000)
  const before = process.cpuUsage()
  const response = await app.request(path, {
    method: route.method,
    headers: { cookie: owner.cookie, ...(text ? { 'content-type': 'application/json' } : {}) },
    ...(text ? { body: text } : {}),
  })
  const { user, system } = process.cpuUsage(before)
  assert.ok(response.status < 500, `${nameOf(route)}: ${response.status} ${await response.text()}`)
  return (user + system) / 1000
}

test('100 kB in any field of any route keep the process busy for no time worth telling [SEC-06]', async (context) => {
  const slow: string[] = []
  let calls = 0
  for (const route of context.routes.filter(({ body, takes }) => body && !takes)) {
    const sample = sampleBody(route) ?? {}
    const path = pathOf(route)
    for (const { name, types } of fieldsOf(route.body)) {
      if (!types.includes('string') && !types.includes('array')) continue
      for (const [index, text] of evil.entries()) {
        const value = types.includes('string') ? text : [text]
        const tookMs = await busy(context, route, path, JSON.stringify({ ...sample, [name]: value }))
        calls++
        if (tookMs > busyMs) slow.push(`${nameOf(route)} ${name} text ${index}: ${Math.round(tookMs)} ms`)
      }
    }
  }
  assert.ok(calls > 700, `${calls} calls`)
  assert.equal(slow, [])
})

test('Markdown and passwords that are made to be slow are not [SEC-06]', async (context) => {
  const slow: string[] = []
  const passwords = ['a', 'ab', '1', 'aA1!', 'qwerty', 'p@ss', '2001', '\u0301', '👩‍🚀', 'x1y2'].map((part) =>
    part.repeat(256).slice(0, 256).toWellFormed(),
  )
  const tries: [Route, string, string][] = [
    ...nested.map((text): [Route, string, string] => [profiles.previewBio as Route, 'text', text]),
    ...nested.map((text): [Route, string, string] => [profiles.updateMyProfile as Route, 'bio', text]),
    ...passwords.map((text): [Route, string, string] => [identity.checkPassword as Route, 'password', text]),
  ]
  for (const [route, name, text] of tries) {
    const tookMs = await busy(context, route, route.path, JSON.stringify({ [name]: text }))
    if (tookMs > busyMs) slow.push(`${name} ${JSON.stringify(text.slice(0, 12))}: ${Math.round(tookMs)} ms`)
  }
  assert.equal(slow, [])
})

test('nothing in a body or a query reaches the prototype of anything', async ({
  app,
  clock,
  owner,
  routes,
}) => {
  const bad = { polluted: true }
  const inside = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id":"x","type":"public-key"}`
  for (const route of routes.filter(({ body, query }) => body || query)) {
    const shape = fieldsOf(route.body).map(({ name }) => `${JSON.stringify(name)}:${inside}`)
    for (const body of [
      `{${shape.join()}}`,
      JSON.stringify({ ...sampleBody(route), constructor: { prototype: bad } }),
    ]) {
      clock.advance(61_000)
      const query = route.method === 'GET' ? '?__proto__[polluted]=1&constructor[prototype][polluted]=1' : ''
      const response = await app.request(pathOf(route) + query, {
        method: route.method,
        headers: { cookie: owner.cookie, 'content-type': 'application/json' },
        ...(route.method === 'GET' ? {} : { body }),
      })
      assert.ok(response.status < 500, `${nameOf(route)}: ${response.status}`)
      assert.is(({} as { polluted?: boolean }).polluted, undefined, nameOf(route))
    }
  }
})

test.run()
