import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { conflict, defineRoute } from '#contract'
import { definePlugin, problem } from '#sdk'
import { type TestApp, testApp } from '../../test/kit/app.ts'

const path = '/api/v1/parts/streams/{id}'
const bytes = { isRaw: true, takes: ['application/octet-stream'] } as const
const read = defineRoute({ method: 'GET', path, access: 'public', summary: 'Read', ...bytes })
const write = defineRoute({ method: 'PATCH', path, access: 'signed-in', summary: 'Write', ...bytes })
const limited = defineRoute({
  method: 'POST',
  path: '/api/v1/parts/limited',
  access: 'public',
  summary: 'Limited',
  perMinute: 1,
  ...bytes,
})

const parts = definePlugin({
  name: 'parts',
  version: '1.0.0',
  title: 'Parts',
  setup: ({ router }) => {
    router.raw(read, async ({ params, req, res }) => {
      res.writeHead(200, { 'x-method': req.method ?? '', 'x-id': params.id }).end('bytes')
    })
    router.raw(write, async () => {
      throw problem(conflict, 'Not now.')
    })
    router.raw(limited, async ({ req, res }) => {
      let size = 0
      for await (const chunk of req) size += (chunk as Buffer).length
      res.writeHead(201).write(String(size))
      if (size > 3) throw new Error('broke off')
      res.end()
    })
  },
})

const id = '0190f2f0-0000-7000-8000-000000000000'
let app: TestApp
const test = suite('raw routes')
test.before(async () => {
  app = await testApp({ plugins: [parts] })
})
test.after(() => app.close())

test('answers by itself, HEAD too, under the headers of every route [SEC-03]', async () => {
  for (const method of ['GET', 'HEAD']) {
    const response = await app.request(`/api/v1/parts/streams/${id}`, { method })
    assert.is(response.status, 200)
    assert.is(response.headers.get('x-method'), method)
    assert.is(response.headers.get('x-id'), id)
    assert.is(response.headers.get('x-content-type-options'), 'nosniff')
    assert.is(response.headers.get('cache-control'), 'no-store')
    assert.is(await response.text(), method === 'GET' ? 'bytes' : '')
  }
})

test('is refused like any route before its handler is asked: access, ids, rate, other origins', async () => {
  const stranger = await app.request(`/api/v1/parts/streams/${id}`, { method: 'PATCH' })
  assert.is(stranger.status, 401)
  assert.is((await app.request('/api/v1/parts/streams/not-an-id')).status, 404)
  const foreign = { method: 'POST', headers: { origin: 'https://evil.test' } }
  assert.is((await app.request('/api/v1/parts/limited', foreign)).status, 403)
  assert.is((await app.request('/api/v1/parts/limited', { method: 'POST', body: 'abc' })).status, 201)
  assert.is((await app.request('/api/v1/parts/limited', { method: 'POST', body: 'abc' })).status, 429)
})

test('what a handler throws before it answers becomes a problem', async () => {
  const owner = await app.addAccount()
  const response = await app.request(`/api/v1/parts/streams/${id}`, {
    method: 'PATCH',
    headers: { cookie: owner.cookie },
  })
  assert.is(response.status, 409)
  assert.is(((await response.json()) as { detail: string }).detail, 'Not now.')
})

test.run()
