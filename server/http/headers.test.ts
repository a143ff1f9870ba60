import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestApp, testApp } from '../../test/kit/app.ts'

let app: TestApp
const test = suite('headers')
test.before(async () => {
  app = await testApp({ plugins: [], sites: ['other'] })
  await app.appliance.registry.setUrl('other', 'https://other.test')
  app = await app.restart()
})
test.after(() => app.close())

/** Reviewed as a whole: a change here is a change of what every browser may do with our pages. */
const security = {
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

const answers: [what: string, path: string, init: RequestInit & { host?: string }, status: number][] = [
  ['a page', '/', {}, 200],
  ['a page that is not there', '/nothing/here', {}, 404],
  ['an answer of the API', '/api/v1/site', {}, 200],
  ['a refusal of the API', '/api/v1/auth/me', {}, 401],
  ['a route that is not there', '/api/v1/nothing', {}, 404],
  ['the description of the API', '/api/v1/openapi.json', {}, 200],
  ['a refused method', '/', { method: 'POST' }, 404],
  [
    'a foreign request',
    '/api/v1/auth/logout',
    { method: 'POST', headers: { origin: 'https://evil.test' } },
    403,
  ],
  ['a host that is no site’s', '/', { host: 'nobody.test' }, 421],
]
for (const [what, path, init, status] of answers)
  test(`${what} carries every security header, a request id and no word about the software [SEC-03]`, async () => {
    const response = await app.request(path, init)
    assert.is(response.status, status)
    const found = Object.keys(security).map((name) => [name, response.headers.get(name)])
    assert.equal(Object.fromEntries(found), security)
    assert.match(response.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
    assert.is(response.headers.get('strict-transport-security'), null)
    for (const name of ['x-powered-by', 'server', 'access-control-allow-origin'])
      assert.is(response.headers.get(name), null, name)
    const type = response.headers.get('content-type') ?? ''
    assert.match(type, path.startsWith('/api/') || status >= 403 ? /json|html/ : 'text/html')
  })

test('a site behind HTTPS tells browsers to stay there [SEC-03]', async () => {
  const response = await app.request('/', { host: 'other.test' })
  assert.is(response.headers.get('strict-transport-security'), 'max-age=31536000')
})

test('each request has an id of its own, never one that the caller brought', async () => {
  const headers = { 'x-request-id': 'chosen' }
  const ids = await Promise.all(
    [1, 2].map(async () => (await app.request('/', { headers })).headers.get('x-request-id')),
  )
  assert.is(new Set([...ids, 'chosen']).size, 3)
})

test('answers of the API and pages are kept in no cache', async () => {
  for (const path of ['/', '/api/v1/site', '/api/v1/auth/me', '/api/v1/nothing', '/health/ready'])
    assert.is((await app.request(path)).headers.get('cache-control'), 'no-store', path)
})

test('HEAD answers as GET does, without the body', async () => {
  for (const path of ['/', '/api/v1/site', '/api/v1/auth/me', '/health/live', '/nothing']) {
    const [head, get] = [await app.request(path, { method: 'HEAD' }), await app.request(path)]
    assert.is(head.status, get.status, path)
    for (const name of ['content-type', 'cache-control', 'content-security-policy'])
      assert.is(head.headers.get(name), get.headers.get(name), `${path} ${name}`)
    assert.is(await head.text(), '')
  }
})

test.run()
