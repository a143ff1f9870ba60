import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, Bytes, defineRoute, identity, notFound } from '#contract'
import { accountChanged, call, urlOf, whenSignedOut } from './call.ts'
import { setLanguage } from './language.ts'
import { ProblemError } from './problem-error.ts'

const realFetch = globalThis.fetch

function answer(make: () => Response | Promise<Response>): Request[] {
  const seen: Request[] = []
  globalThis.fetch = async (url, init) => {
    seen.push(new Request(new URL(String(url), 'http://label.example'), init))
    return make()
  }
  return seen
}

async function refusalOf(work: Promise<unknown>): Promise<ProblemError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.instance(error, ProblemError)
  return error as ProblemError
}

test.after.each(() => {
  globalThis.fetch = realFetch
})

test('puts parameters into the path, escaped, and drops what is undefined from the query', () => {
  const route = { path: '/api/v1/live/channels/{slug}/replays' }
  assert.is(
    urlOf(route, { params: { slug: 'a/b?c' }, query: { limit: 5, after: undefined } }),
    '/api/v1/live/channels/a%2Fb%3Fc/replays?limit=5',
  )
  assert.is(urlOf({ path: '/x' }), '/x')
  assert.throws(() => urlOf(route, { params: { slug: '' } }), 'needs slug')
})

test('sends JSON with the cookie and answers the result', async () => {
  const seen = answer(() => Response.json({ title: 'Harbour Tapes' }))
  const result = await call(admin.updateSettings, { body: { title: 'Harbour Tapes' } })
  assert.is((result as { title: string }).title, 'Harbour Tapes')
  assert.is(seen[0]?.method, 'PATCH')
  assert.is(seen[0]?.headers.get('content-type'), 'application/json')
  assert.is(seen[0]?.credentials, 'same-origin')
  assert.equal(await seen[0]?.json(), { title: 'Harbour Tapes' })
})

test('sends a file as it is where the route takes bytes', async () => {
  const route = defineRoute({
    method: 'PUT',
    path: '/api/v1/example/picture',
    access: 'signed-in',
    summary: 'Upload',
    takes: ['image/*'],
    body: Bytes,
  })
  const seen = answer(() => Response.json({}))
  await call(route, { body: new Blob(['bytes'], { type: 'image/png' }) })
  assert.is(seen[0]?.headers.get('content-type'), 'image/png')
  assert.is(await seen[0]?.text(), 'bytes')
})

test('an empty answer is no result and no error', async () => {
  answer(() => new Response(null, { status: 204 }))
  assert.is(await call(identity.logout), undefined)
})

test('a problem keeps its name, its fields and the request number', async () => {
  const body = {
    type: 'urn:veza:problem:not-found',
    title: 'x',
    status: 404,
    instance: '/x',
    errors: [
      { pointer: '/body/title', message: 'Too long.' },
      { pointer: '/accent', message: 'Write the colour as #rrggbb.' },
    ],
  }
  answer(() => Response.json(body, { status: 404, headers: { 'x-request-id': 'r1' } }))
  const problem = await refusalOf(call(admin.site))
  assert.ok(problem.is(notFound))
  assert.is(problem.requestId, 'r1')
  assert.equal(problem.fields, { title: 'Too long.', accent: 'Write the colour as #rrggbb.' })
})

test('a suspension is told with its reason and its end, in the language of the page [ADM-02]', async () => {
  const body = {
    type: 'urn:veza:problem:identity.suspended',
    title: 'This account is suspended; ask the label.',
    detail: 'What the server wrote.',
    status: 403,
    instance: '/x',
    reason: 'Sold tickets.',
    until: '2026-01-05T10:10:00.000Z',
  }
  answer(() => Response.json(body, { status: 403 }))
  const said = async () => (await refusalOf(call(admin.site))).message
  setLanguage('en')
  assert.match(await said(), /^This account is suspended until .*2026.*\. Reason: Sold tickets\.$/)
  setLanguage('fr')
  assert.match(await said(), /^Ce compte est suspendu jusqu’au .*2026.*\. Motif : Sold tickets\.$/)
  Object.assign(body, { until: null, reason: '' })
  assert.is(await said(), 'Ce compte est suspendu ; demandez au label.')
  setLanguage('en')
})

test('a field that repeats the refusal says it in the language of the page, other words stay', async () => {
  const [title, other] = ['You may not do that.', 'Too long.']
  const errors = [
    { pointer: '/code', message: title },
    { pointer: '/title', message: other },
  ]
  const body = { type: 'urn:veza:problem:not-allowed', title, status: 403, instance: '/x', errors }
  answer(() => Response.json(body, { status: 403 }))
  setLanguage('fr')
  const { fields, message } = await refusalOf(call(admin.site))
  setLanguage('en')
  assert.equal(fields, { code: 'Votre compte ne permet pas cela.', title: other })
  assert.is(message, fields.code)
})

test('no connection, and an answer that is not ours, have names of their own', async () => {
  answer(() => Promise.reject(new TypeError('fetch failed')))
  const offline = await refusalOf(call(admin.site))
  assert.ok(offline.isOffline)
  answer(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
  const proxy = await refusalOf(call(admin.site))
  assert.not.ok(proxy.isOffline)
  assert.is(proxy.status, 502)
  answer(() => new Response('<h1>Welcome to the hotel network</h1>'))
  assert.is((await refusalOf(call(admin.site))).problem, 'unreadable')
})

test('an answer that nobody is signed in is told, but not of who signed in after it was asked for', async () => {
  let told = 0
  whenSignedOut(() => {
    told += 1
  })
  const body = { type: 'urn:veza:problem:not-signed-in', title: 'x', status: 401, instance: '/x' }
  answer(() => Response.json(body, { status: 401 }))
  await refusalOf(call(identity.me))
  assert.is(told, 1)
  let arrive = () => {}
  answer(() => new Promise((resolve) => (arrive = () => resolve(Response.json(body, { status: 401 })))))
  const late = refusalOf(call(identity.me))
  accountChanged()
  arrive()
  await late
  assert.is(told, 1)
})

test.run()
