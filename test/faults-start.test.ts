import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Ran, type RunningServer, startServer } from './kit/server.ts'
import { integrity } from './kit/sqlite.ts'
import { Visitor } from './kit/visitor.ts'

const test = suite<{ server: RunningServer; visitor: Visitor; taken: Server }>('a start that cannot be')
test.before(async (context) => {
  context.server = await startServer()
  context.visitor = new Visitor(context.server)
  await context.visitor.signIn()
  assert.is((await context.visitor.say('before')).status, 200)
  await context.server.stop()
})
test.after.each(({ taken }) => void taken?.close())
test.after(({ server }) => server?.close())

async function occupy(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** One sentence, an indented remedy, exit 1, no stack trace. */
function assertRefused({ code, stderr, stdout }: Ran, sentence: RegExp, remedy: RegExp): void {
  const [said = '', advice = '', ...more] = stderr.trimEnd().split('\n')
  assert.is(code, 1, `${stdout}\n${stderr}`)
  assert.match(said, sentence)
  assert.match(advice, remedy)
  assert.not.match(stdout + stderr, /^\s+at /m)
  assert.ok(more.length <= 1, stderr)
}

test('an HTTP port in use is told in a sentence with a remedy [OPS-13]', async (context) => {
  const { server } = context
  context.taken = await occupy(server.port)
  assertRefused(
    await server.cli(['start']),
    new RegExp(`${server.port}.*in use|in use.*${server.port}`),
    /VEZA_HTTP_PORT/,
  )
})

test('an RTMP port in use is told in a sentence with a remedy [OPS-13]', async (context) => {
  const { server } = context
  context.taken = await occupy(server.rtmpPort)
  assertRefused(await server.cli(['start']), new RegExp(`${server.rtmpPort}`), /VEZA_RTMP_PORT/)
})

test('a database that cannot be reached is told in a sentence, without its password [OPS-13]', async ({
  server,
}) => {
  const url = 'postgres://veza:hunter2hunter2@127.0.0.1:1/veza'
  const ran = await server.cli(['start'], { VEZA_DATABASE_URL: url })
  assertRefused(ran, /database|PostgreSQL/i, /./)
  assert.not.match(ran.stdout + ran.stderr, /hunter2/)
})

test('an unknown setting is told with the nearest known one', async ({ server }) => {
  const ran = await server.cli(['start'], { VEZA_HTTP_PORT: 'eighty' })
  assertRefused(ran, /http\.port/, /./)
})

test('none of this did harm', async ({ server, visitor }) => {
  await server.restart()
  assert.ok((await visitor.heard()).includes('before'))
  await server.stop()
  assert.equal(await integrity(server.dataDir), ['ok'])
})

test.run()
