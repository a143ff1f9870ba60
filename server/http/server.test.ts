import { createServer, type Server } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { defineRoute, notFound, z } from '#contract'
import { definePlugin, problem } from '#sdk'
import { testApp } from '../../test/kit/app.ts'
import type { VezaError } from '../errors.ts'

const echo = defineRoute({
  method: 'POST',
  path: '/api/v1/parts/echo',
  access: 'public',
  summary: 'Echo',
  query: z.strictObject({ a: z.string().optional() }),
  body: z.strictObject({ n: z.number() }),
  result: z.strictObject({ n: z.number() }),
})
const bare = defineRoute({ method: 'POST', path: '/api/v1/parts/bare', access: 'public', summary: 'Bare' })
const made = defineRoute({ method: 'POST', path: '/api/v1/parts/made', access: 'public', summary: 'Made' })
const broken = defineRoute({
  method: 'GET',
  path: '/api/v1/parts/broken',
  access: 'public',
  summary: 'Broken',
  result: z.strictObject({ n: z.number() }),
})
const taken = defineRoute({ method: 'GET', path: '/api/v1/parts/taken', access: 'public', summary: 'Taken' })
const full = defineRoute({ method: 'GET', path: '/api/v1/parts/full', access: 'public', summary: 'Full' })

const parts = definePlugin({
  name: 'parts',
  version: '1.0.0',
  title: 'Parts',
  setup: ({ router, db }) => {
    router.handle(echo, ({ body }, call) => {
      call.setCookie('a', 'x y', { maxAgeMs: 1500, path: '/parts', httpOnly: false })
      call.setHeader(
        'x-seen',
        `${call.header('x-asked') ?? 'nothing'} ${call.cookie('b') ?? ''} ${call.can('x')}`,
      )
      return body
    })
    router.handle(bare, () => undefined)
    router.handle(made, (_input, call) => call.status(202))
    router.handle(broken, () => ({ n: 'not a number' }) as never)
    router.handle(full, () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    })
    router.handle(taken, async () => {
      const row = { name: 'twice', appliedAt: '' }
      for (const table of ['veza_migrations', 'veza_migrations']) await db(table).insert(row)
    })
    router.bare('raw', async (_req, res, rest) => {
      if (rest === 'gone') throw problem(notFound)
      if (rest === 'broken') throw new Error('secret words')
      res.writeHead(200)
      res.write('half')
      if (rest === 'half') throw new Error('in the middle')
      res.end()
    })
    router.bare('now', () => {
      throw new Error('at once')
    })
    assert.throws(() => router.bare('raw', () => {}), /already served/)
    assert.throws(() => router.handle(bare, () => undefined), /already served/)
  },
})
const test = suite('web server')

test('hands handlers what was sent, and sends what they give', async () => {
  const app = await testApp({ plugins: [parts] })
  const asked = await app.request('/api/v1/parts/echo/', {
    method: 'POST',
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'x-asked': 'this', cookie: 'b=1' },
    body: '{"n":1}',
  })
  assert.equal([asked.status, await asked.json()], [200, { n: 1 }])
  assert.is(asked.headers.get('set-cookie'), 'a=x%20y; Path=/parts; SameSite=Lax; Max-Age=1')
  assert.is(asked.headers.get('x-seen'), 'this 1 false')
  assert.is((await app.call(bare)).status, 204)
  const status = await app.request('/api/v1/parts/made', { method: 'POST' })
  assert.equal([status.status, await status.text()], [202, ''])
  await app.close()
})

test('a result that is not what the contract says is a fault of ours, seen in tests', async () => {
  const app = await testApp({ plugins: [parts] })
  const answer = await app.call(broken)
  assert.equal([answer.status, answer.problem], [500, 'internal'])
  assert.equal((await app.call(full)).problem, 'storage-full')
  await app.close()
})

test('who wants at the same moment what another one gets hears that it is taken', async () => {
  const app = await testApp({ plugins: [parts] })
  const answer = await app.call(taken)
  assert.equal([answer.status, answer.problem], [409, 'conflict'])
  await app.close()
})

test('media that break answer without their reason, or break off', async () => {
  const app = await testApp({ plugins: [parts] })
  assert.is((await app.request('/raw/whole')).status, 200)
  assert.is((await app.request('/raw/gone')).status, 404)
  for (const path of ['/raw/broken', '/now/x']) {
    const answer = await app.request(path)
    assert.is(answer.status, 500)
    assert.not.match(await answer.text(), 'secret')
  }
  const half = await app.request('/raw/half').catch((error: Error) => error)
  assert.instance(half, Error)
  await app.close()
})

test('a port that is taken is one sentence with a remedy', async () => {
  const taken = await listening()
  const port = String((taken.address() as { port: number }).port)
  const refused = await failing({ VEZA_HTTP_PORT: port })
  assert.is(refused.message, `Port ${port} is already in use.`)
  assert.match(refused.remedy, 'VEZA_HTTP_PORT')
  await new Promise((resolve) => taken.close(resolve))
})

test('an address that is not of this machine is one sentence with a remedy', async () => {
  const refused = await failing({ VEZA_HTTP_HOST: '192.0.2.1' })
  assert.match(refused.message, 'Cannot listen on 192.0.2.1:0 (EADDRNOTAVAIL)')
  assert.match(refused.remedy, 'http.host')
})

function listening(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
  })
}

async function failing(environment: Record<string, string>): Promise<VezaError> {
  const error = await testApp({ plugins: [], environment }).then(
    (app) => app.close().then(() => new Error('it started')),
    (error: Error) => error,
  )
  return error as VezaError
}

test.run()
