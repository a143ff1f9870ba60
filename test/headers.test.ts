import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type Route } from '#contract'
import { bundledPlugins } from '../plugins/index.ts'
import { setsCalendar } from '../plugins/live/contract.ts'
import { type TestAccount, type TestApp, testApp } from './kit/app.ts'
import { type FakeClock, fakeClock } from './kit/clock.ts'
import { codeOf, person, ticketOf, withTotp } from './kit/factors.ts'
import { nameOf } from './kit/recipes.ts'
import { pathOf, sampleBody } from './kit/routes.ts'

/** Made from the routes and pages themselves; `safe` is a site behind HTTPS. */
interface Context {
  app: TestApp
  clock: FakeClock
  owners: Record<'main' | 'safe', TestAccount>
  routes: Route[]
  pages: string[]
}

/** On every answer of the pages and the API, word for word. */
const always = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; " +
    "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}
/** Answers that may be kept: public keys, and the calendar that programs ask for again and again. */
const keptAnswers: string[] = [identity.jwks.path, setsCalendar.path]

const test = suite<Context>('headers of everything')
test.before(async (context) => {
  context.clock = fakeClock(new Date())
  const opened = await testApp({ plugins: bundledPlugins, sites: ['safe'], clock: context.clock })
  await opened.appliance.registry.setUrl('safe', 'https://safe.test')
  const app = await opened.restart()
  const owners = {
    main: await app.addAccount({ roles: ['owner'], username: 'somebody' }),
    safe: await app.addAccount({ roles: ['owner'], username: 'somebody', site: 'safe' }),
  }
  const routes = app.site.table.routes().map(({ route }) => route)
  const pages = app.site.table.pages().map(({ path }) => path)
  Object.assign(context, { app, owners, routes, pages })
})
test.after(({ app }) => app.close())

function assertWhole(what: string, { headers }: Response, isSecure: boolean): void {
  const found = Object.keys(always).map((name) => [name, headers.get(name)])
  assert.equal(Object.fromEntries(found), always, what)
  assert.is(headers.get('strict-transport-security'), isSecure ? 'max-age=31536000' : null, what)
  assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/, what)
  assertClosed(what, headers)
}

/** Nothing is opened to other web sites, and nothing told about the software. */
function assertClosed(what: string, headers: Headers): void {
  for (const name of headers.keys()) assert.not.match(name, /^access-control-|^x-powered-by$|^server$/, what)
  assert.is(headers.get('x-content-type-options'), 'nosniff', what)
}

for (const site of ['main', 'safe'] as const)
  test(`every route answers with every header, to strangers and to the owner, at ${site} [SEC-03]`, async (context) => {
    const { app, clock, owners, routes } = context
    for (const route of routes)
      for (const as of [null, owners[site]]) {
        // A minute passes, so that no limit is met; one's session must outlive all this.
        clock.advance(61_000)
        if (as && route.path.startsWith('/api/v1/auth/') && route.method !== 'GET') continue
        const body = route.takes ? undefined : sampleBody(route)
        const response = await app.request(pathOf(route), {
          method: route.method,
          host: `${site}.test`,
          headers: {
            ...(as ? { cookie: cookieFor(app, site, as) } : {}),
            ...(body ? { 'content-type': 'application/json' } : {}),
          },
          ...(body && route.method !== 'GET' ? { body: JSON.stringify(body) } : {}),
        })
        const what = `${nameOf(route)} ${response.status} to ${as ? 'the owner' : 'nobody'}`
        assert.ok(response.status < 500, what)
        assertWhole(what, response, site === 'safe')
        const kept = keptAnswers.includes(route.path) ? 'public, max-age=300' : 'no-store'
        assert.is(response.headers.get('cache-control'), kept, what)
        if (route.method === 'GET' && response.ok) assert.equal(response.headers.getSetCookie(), [], what)
      }
  })

const cookieFor = (app: TestApp, site: string, { cookie }: TestAccount): string =>
  `${app.siteNamed(site).http.cookieName}=${cookie.split('=')[1]}`

test('every page answers with every header and sets no cookie, in both languages [SEC-03]', async (context) => {
  const { app, owners, pages } = context
  assert.ok(pages.length > 15, `${pages.length} pages`)
  for (const site of ['main', 'safe'] as const)
    for (const page of [...pages, '/nothing/here', '/@nobody', '/assets/nothing.js'])
      for (const cookie of ['', cookieFor(app, site, owners[site]), 'veza_language=fr']) {
        const path = pathOf({ path: page } as Route)
        const response = await app.request(path, { host: `${site}.test`, headers: cookie ? { cookie } : {} })
        const what = `${path} ${response.status}`
        assert.ok(response.status < 500, what)
        assertWhole(what, response, site === 'safe')
        assert.is(response.headers.get('cache-control'), 'no-store', what)
        assert.equal(response.headers.getSetCookie(), [], what)
        const isPage = response.status !== 302 && response.status < 400
        if (isPage) assert.is(response.headers.get('content-type'), 'text/html; charset=utf-8', what)
      }
})

test('so does what is refused before any route is looked for [SEC-03]', async ({ app }) => {
  const foreign = { method: 'POST', headers: { origin: 'https://evil.test' } }
  for (const [path, init, status] of [
    ['/api/v1/auth/logout', foreign, 403],
    ['/api/v1/site', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } }, 403],
    ['/api/v1/site', { headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' } }, 403],
    ['/api/v1/site', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } }, 200],
    ['/api/v1/nothing', {}, 404],
    ['/api/v1/auth/me', { method: 'PUT' }, 405],
    ['/', { method: 'DELETE' }, 404],
    ['/%00', {}, 404],
    ['/', { host: 'nobody.test' }, 421],
    [
      '/api/v1/auth/login',
      { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
      400,
    ],
    ['/api/v1/auth/login', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
  ] as [string, RequestInit & { host?: string }, number][]) {
    const response = await app.request(path, init)
    assert.is(response.status, status, path)
    assertWhole(path, response, false)
    assert.is(response.headers.get('cache-control'), 'no-store', path)
  }
})

test('media, health and measures are never guessed at, set no cookie and are opened to nobody [SEC-03]', async ({
  app,
}) => {
  const { storage } = app.site
  const names = ['a.webp', 'a.mp4', 'a.html', 'a.svg', 'a.zip', 'a']
  for (const name of names) await storage.write(`shared/${name}`, Buffer.from('<script>alert(1)</script>'))
  const media = names.map((name) => new URL(storage.url(`shared/${name}`, 600), 'http://main.test').pathname)
  const others = [
    '/media/x',
    '/media/1.x/shared/a.html',
    '/hls/x/y',
    '/health/live',
    '/health/ready',
    '/metrics',
  ]
  for (const path of [...media, ...others])
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      const response = await app.request(path, { method })
      const what = `${method} ${path} ${response.status}`
      assert.ok(response.status < 500, what)
      // Players on other sites read streams by the token in their address, and never with a cookie.
      if (path.startsWith('/hls/')) response.headers.delete('access-control-allow-origin')
      assertClosed(what, response.headers)
      assert.equal(response.headers.getSetCookie(), [], what)
      assert.not.match(response.headers.get('content-type') ?? '', /html|javascript/, what)
      if (response.status >= 400) assert.match(response.headers.get('cache-control') ?? '', 'no-store', what)
      const isShown = /webp|mp4/.test(path)
      if (media.includes(path) && response.ok && !isShown)
        assert.equal(
          ['content-disposition', 'content-security-policy'].map((name) => response.headers.get(name)),
          ['attachment', 'sandbox'],
          what,
        )
    }
})

/** Every cookie that coming in and going out sets at a site. */
async function cookiesOf(context: Context, site: 'main' | 'safe'): Promise<string[]> {
  const { app } = context
  const found: string[] = []
  const call = async (route: unknown, body?: unknown, cookie?: string) => {
    const { method, path } = route as Route
    const response = await app.request(pathOf({ path } as Route, { provider: 'label' }), {
      method,
      host: `${site}.test`,
      headers: { ...(cookie ? { cookie } : {}), ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    found.push(...response.headers.getSetCookie())
    return response
  }
  const username = `came-to-${site}`
  const password = 'opens an account 7'
  const email = `${username}@people.test`
  await call(identity.register, { email, username, password, acceptsTerms: true })
  await call(identity.login, { login: username, password })
  const session = found.at(-1)?.split(';')[0] ?? ''
  const known = found.find((cookie) => cookie.includes('session='))?.split(';')[0] ?? session
  await call(identity.changePassword, { currentPassword: password, newPassword: 'quite another 7' }, known)
  await call(identity.logout, undefined, known)
  if (site === 'main') {
    const account = await person({ app })
    const { secret } = await withTotp(context, account)
    const { ticket } = await ticketOf({ app }, account)
    await call(identity.secondFactor, { ticket, code: codeOf(secret, context) })
  }
  return found
}

test('cookies are closed to scripts and other sites, and on HTTPS bound to it and to this host [SEC-03]', async (context) => {
  for (const site of ['main', 'safe'] as const) {
    const cookies = await cookiesOf(context, site)
    assert.ok(cookies.length >= 5, cookies.join('\n'))
    for (const cookie of cookies) {
      const [pair = '', ...attributes] = cookie.split('; ')
      assert.ok(
        ['HttpOnly', 'SameSite=Lax', 'Path=/'].every((one) => attributes.includes(one)),
        cookie,
      )
      assert.not.ok(
        attributes.some((one) => one.startsWith('Domain')),
        cookie,
      )
      assert.is(attributes.includes('Secure'), site === 'safe', cookie)
      assert.match(pair, site === 'safe' ? /^__Host-veza_[a-z]+=/ : /^veza_[a-z]+=/)
    }
  }
})

test('no text of anybody becomes a header or leads to another site [SEC-03]', async ({ app, owners }) => {
  const cookie = owners.main.cookie
  const evil = [
    'x%0d%0aset-cookie:%20evil=1',
    '%E5%98%8A%E5%98%8Dset-cookie:evil=1',
    '%0aevil:1',
    '//evil.test',
  ]
  const paths = evil.flatMap((text) => [
    `/@${text}`,
    `/%40${text}`,
    `/artists/${text}`,
    `/chat/${text}`,
    `/live/${text}`,
    `/login?next=${text}`,
    `/api/v1/admin/audit/export?action=${text}`,
    `/api/v1/auth/external/${text}/callback?state=${text}`,
    `/api/v1/auth/external/label/callback?state=${text}&error=${text}&iss=${text}`,
    `/media/1.${text}/${text}`,
    `/hls/${text}`,
  ])
  for (const path of paths) {
    const response = await app.request(path, {
      headers: { cookie, 'x-request-id': 'evil', 'user-agent': 'evil' },
    })
    const what = `${path} ${response.status}`
    assert.ok(response.status < 500, what)
    assert.not.ok(response.headers.has('evil'), what)
    assert.not.ok(
      response.headers.getSetCookie().some((one) => one.startsWith('evil')),
      what,
    )
    assert.is.not(response.headers.get('x-request-id'), 'evil', what)
    const location = response.headers.get('location')
    if (location) assert.is(new URL(location, 'http://main.test').origin, 'http://main.test', what)
  }
})

test.run()
