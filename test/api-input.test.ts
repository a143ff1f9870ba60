import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type ProblemBody, type Route } from '#contract'
import { bundledPlugins } from '../plugins/index.ts'
import { type TestAccount, type TestApp, testApp } from './kit/app.ts'
import { type FakeClock, fakeClock } from './kit/clock.ts'
import { databaseKinds } from './kit/databases.ts'
import { fieldsOf, isId, paramsOf, pathOf, sampleBody } from './kit/routes.ts'
import { wrongQueries } from './kit/wrong-queries.ts'

interface Context {
  app: TestApp
  clock: FakeClock
  owner: TestAccount
  member: TestAccount
  routes: Route[]
  /** Sends as the owner unless said otherwise. A minute passes before each call, so that no limit is met. */
  send(route: Route, how?: Sending): Promise<Reply>
}
interface Sending {
  as?: TestAccount | null
  path?: string
  body?: string | Buffer | object
  headers?: Record<string, string>
}
interface Reply {
  status: number
  text: string
  headers: Headers
}

async function boot(context: Context, kind: 'sqlite' | 'postgres'): Promise<void> {
  const clock = fakeClock(new Date())
  const app = await testApp({ kind, plugins: bundledPlugins, clock })
  const owner = await app.addAccount({ roles: ['owner'] })
  const send: Context['send'] = async (route, { as = owner, path, body, headers } = {}) => {
    clock.advance(61_000)
    const isText = typeof body === 'string' || Buffer.isBuffer(body)
    const response = await app.request(path ?? pathOf(route), {
      method: route.method,
      headers: {
        ...(as ? { cookie: as.cookie } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  const routes = app.site.table.routes().map(({ route }) => route)
  Object.assign(context, { app, clock, owner, member: await app.addAccount(), routes, send })
}

/** A refusal as RFC 9457 wants it, with that status; the message names the case. */
function refused({ status, text, headers }: Reply, wanted: number[], what: string): ProblemBody {
  assert.ok(wanted.includes(status), `${what}: ${status} ${text.slice(0, 200)}`)
  assert.match(headers.get('content-type') ?? '', 'application/problem+json', what)
  const body = JSON.parse(text) as ProblemBody & { requestId: string }
  assert.match(body.type, /^urn:veza:problem:[a-z.-]+$/, what)
  assert.ok(
    body.title.length > 5 && body.status === status && /^\/(?:api|\.well-known|live)\//.test(body.instance),
    what,
  )
  assert.is(body.requestId, headers.get('x-request-id'), what)
  return body
}
/** Others take bytes, which their own tests send. */
const readsJson = ({ body, takes }: Route) => body !== undefined && !takes
/** One that takes no body at all for an empty one; null is none of both. */
const mayBeEmpty = ({ body }: Route) => body?.safeParse(undefined).success
const nameOf = (route: Route) => `${route.method} ${route.path}`

const api = suite<Context>('every route of the API')
api.before((context) => boot(context, 'sqlite'))
api.after(({ app }) => app.close())

api('asks strangers to sign in and refuses members without the permission [SEC-12]', async (context) => {
  const { routes, send, member } = context
  const guarded = routes.filter(({ access }) => access !== 'public')
  assert.ok(routes.length > 40 && guarded.length > 25, `${guarded.length} of ${routes.length} routes`)
  for (const route of guarded) {
    refused(await send(route, { as: null }), [401], nameOf(route))
    const forged = await send(route, { as: null, headers: { authorization: `Bearer ${'x'.repeat(32)}` } })
    refused(forged, [401], nameOf(route))
    if (typeof route.access === 'object') refused(await send(route, { as: member }), [403], nameOf(route))
  }
})

/** One value of each JSON type. */
const ofTypes: [type: string, value: unknown][] = [
  ['null', null],
  ['number', 1.5],
  ['boolean', true],
  ['array', ['x']],
  ['object', { a: 1 }],
  ['string', 'neither of the known words'],
]

api('takes no field of a wrong type and no unknown one', async ({ routes, send }) => {
  for (const route of routes.filter(readsJson)) {
    const sample = sampleBody(route) ?? {}
    for (const { name, types } of fieldsOf(route.body))
      for (const [type, value] of ofTypes.filter(([type]) => !types.includes(type))) {
        const body = refused(await send(route, { body: { ...sample, [name]: value } }), [422], nameOf(route))
        assert.ok(
          body.errors?.some(({ pointer }) => pointer === `/${name}`),
          `${nameOf(route)} ${name} ${type}`,
        )
      }
    for (const whole of [[], [sample], 'text', 1, null, true])
      refused(await send(route, { body: JSON.stringify(whole) }), [422], `${nameOf(route)} ${whole}`)
    if (!mayBeEmpty(route)) refused(await send(route), [422], `${nameOf(route)} without a body`)
  }
})

api('lets nobody set what is not theirs to set', async ({ app, routes, send }) => {
  const extras = {
    id: crypto.randomUUID(),
    role: 'owner',
    roles: ['owner'],
    createdAt: '2020-01-01T00:00:00.000Z',
  }
  const more = { ownerId: extras.id, isAdmin: true, status: 'live', passwordHash: '!', constructor: { a: 1 } }
  for (const route of routes.filter(readsJson)) {
    const body = { ...sampleBody(route), ...extras, ...more }
    const { errors = [] } = refused(await send(route, { body }), [422], nameOf(route))
    const own = new Set(fieldsOf(route.body).map(({ name }) => name))
    for (const name of Object.keys({ ...extras, ...more }).filter((name) => !own.has(name)))
      assert.ok(
        errors.some(({ pointer }) => pointer === `/${name}`),
        `${nameOf(route)} ${name}`,
      )
  }
  const { email, username, password } = sampleBody(identity.register as Route) ?? {}
  const plain = await send(identity.register as Route, { as: null, body: { email, username, password } })
  assert.equal(JSON.parse(plain.text).account.roles, ['member'])
  assert.is((await app.site.database.db('account_roles').where({ role: 'owner' })).length, 1)
})

api(
  'reads no body that is no JSON, too large, of another type or against prototypes',
  async ({ routes, send }) => {
    for (const route of routes.filter((route) => readsJson(route) && route.method !== 'GET')) {
      const name = nameOf(route)
      const text = JSON.stringify(sampleBody(route))
      for (const broken of ['{', text.slice(0, -1), `${text},`, '\u0000', Buffer.from([0xff, 0xfe, 0x7b])])
        refused(await send(route, { body: broken }), [400], `${name} ${broken}`)
      for (const key of ['__proto__', '\\u005f_proto__'])
        refused(await send(route, { body: `{"${key}":{"isAdmin":true},${text.slice(1)}` }), [400], name)
      const large = JSON.stringify({ ...sampleBody(route), filler: 'x'.repeat(300_000) })
      refused(await send(route, { body: large }), [413], name)
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''])
        refused(
          await send(route, { body: text, headers: { 'content-type': type } }),
          [415],
          `${name} ${type}`,
        )
    }
  },
)

api('takes no wrong and no unknown value in a query', async ({ routes, send }) => {
  const missing = (name: string): never => {
    throw new Error(`no wrong value for ?${name}`)
  }
  // What providers send back is theirs to choose; a wrong return ends on the sign-in page.
  const asking = routes.filter(({ query, path }) => query && path !== identity.externalCallback.path)
  assert.ok(asking.length > 5)
  for (const route of asking) {
    const address = pathOf(route)
    for (const { name } of fieldsOf(route.query))
      for (const value of wrongQueries[`${route.path} ${name}`] ?? wrongQueries[name] ?? missing(name))
        refused(
          await send(route, { path: `${address}?${name}=${encodeURIComponent(value)}` }),
          [422],
          `${nameOf(route)} ${name}=${value}`,
        )
    for (const extra of ['unknown=1', '__proto__=1', 'constructor=1', 'limit[]=1'])
      refused(await send(route, { path: `${address}?${extra}` }), [422], `${nameOf(route)} ${extra}`)
  }
})

api('answers 404 to an id that is none, and 405 to a method that is none', async ({ routes, send }) => {
  const ids = ['1', 'me', '..', '%2e%2e', "' or 1=1 --", '0'.repeat(36), 'x'.repeat(5000), '%', '%00']
  for (const route of routes) {
    for (const name of paramsOf(route).filter(isId))
      for (const id of ids) {
        const path = pathOf(route, { [name]: 'ID' }).replace('/ID', () => `/${id.replaceAll(' ', '%20')}`)
        refused(await send(route, { path, body: sampleBody(route) ?? {} }), [404], `${nameOf(route)} ${id}`)
      }
    const taken = new Set(routes.filter(({ path }) => path === route.path).map(({ method }) => method))
    if (taken.has('PUT')) continue
    const reply = await send({ ...route, method: 'PUT' })
    refused(reply, [405], nameOf(route))
    assert.ok(reply.headers.get('allow')?.includes(route.method), nameOf(route))
  }
})

api('does nothing that another web site asks for [SEC-04]', async ({ app, routes, send }) => {
  const unsafe = routes.filter(({ method }) => method !== 'GET')
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: 'http://main.test.evil.test' },
    { origin: 'http://main.test:81' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://main.test' },
  ]
  const before = await app.site.database.db('audit_entries').count('* as n').first()
  for (const route of unsafe) {
    for (const headers of foreign) {
      const reply = await send(route, { body: sampleBody(route) ?? {}, headers })
      const what = `${nameOf(route)} ${JSON.stringify(headers)}`
      assert.is(refused(reply, [403], what).type, 'urn:veza:problem:cross-origin', what)
    }
    const own = await send(route, { body: '[', headers: { origin: 'http://main.test' } })
    assert.not.match(own.text, 'cross-origin', nameOf(route))
  }
  assert.equal(await app.site.database.db('audit_entries').count('* as n').first(), before)
  const override = { 'x-http-method-override': 'POST', 'x-method-override': 'POST' }
  const got = await send({ ...(identity.logout as Route), method: 'GET' }, { headers: override })
  refused(got, [405], 'method override')
})

api.run()

/** Texts that break what handles text carelessly; made at run time, so that no editor or tool changes them. */
const odd = [
  `'; drop table accounts; --`,
  `" or ""="`,
  '%_\\%',
  '{{7*7}}<%= 7*7 %><script>alert(1)</script>',
  `a${String.fromCharCode(0)}b`,
  String.fromCharCode(0xd800),
  `${String.fromCharCode(0xdc00)}x${String.fromCharCode(0xdbff)}`,
  String.fromCharCode(0x202e, 0x200b, 0xfeff, 0x07, 0x1b),
  '../../../../etc/passwd',
  '🎛'.repeat(200),
  'x'.repeat(100_000),
]

for (const kind of databaseKinds) {
  const texts = suite<Context>(`odd texts on ${kind}`)
  texts.before((context) => boot(context, kind))
  texts.after(({ app }) => app.close())

  texts('break no route, in whichever field or part of the address they come', async (context) => {
    const { app, routes, send } = context
    const fine = (reply: Reply, what: string) =>
      assert.ok(reply.status < 500, `${what}: ${reply.status} ${reply.text.slice(0, 200)}`)
    for (const route of routes) {
      const sample = sampleBody(route)
      for (const text of odd) {
        const what = `${nameOf(route)} ${JSON.stringify(text.slice(0, 30))}`
        for (const { name, types } of sample ? fieldsOf(route.body) : [])
          if (types.includes('string'))
            fine(await send(route, { body: { ...sample, [name]: text } }), `${what} in ${name}`)
        // Half a surrogate pair cannot be written in an address, and servers cut long ones off themselves.
        const inAddress = encodeURIComponent(text.slice(0, 1000).toWellFormed())
        for (const name of paramsOf(route))
          fine(
            await send(route, {
              path: pathOf(route, { [name]: 'HERE' }).replace('HERE', () => inAddress),
              body: sample,
            }),
            `${what} as ${name}`,
          )
        for (const { name } of fieldsOf(route.query))
          fine(await send(route, { path: `${pathOf(route)}?${name}=${inAddress}` }), `${what} as ?${name}`)
      }
    }
    for (const table of ['accounts', 'sessions', 'live_channels', 'chat_rooms'])
      assert.ok(await app.site.database.db.schema.hasTable(table))
  })

  texts.run()
}
