import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createServer } from '../node-http.ts'
import { askNode } from './index.ts'

const test = suite<{ server: Server; url: string }>('asking another machine')
test.before(async (context) => {
  context.server = createServer((req, res) => {
    if (req.url !== '/feed') return void res.end('here')
    res.writeHead(200)
    res.flushHeaders()
  })
  context.server.listen(0, '127.0.0.1')
  await once(context.server, 'listening')
  context.url = `http://127.0.0.1:${(context.server.address() as AddressInfo).port}`
})
test.after(({ server }) => {
  server.closeAllConnections()
  server.close()
})

test('is not held up by hundreds of answers that go on and on [LIVE-16]', async ({ url }) => {
  const all = new AbortController()
  const { signal } = all
  const feeds = Array.from({ length: 150 }, () => askNode(`${url}/feed`, { signal, isLong: true }))
  try {
    const answers = await Promise.all(feeds)
    for (const answer of answers) answer.on('error', () => undefined)
    assert.ok(answers.every(({ statusCode }) => statusCode === 200))
    let text = ''
    for await (const chunk of await askNode(`${url}/file`, {})) text += chunk
    assert.is(text, 'here')
  } finally {
    all.abort()
  }
})

test.run()
