import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childrenOf } from './kit/processes.ts'
import { publish } from './kit/publisher.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { openSocket } from './kit/socket.ts'
import { dumpOf } from './kit/sqlite.ts'
import { streamKey, Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'

/** A whole evening with every kind of secret, logged at the finest level. */
interface Context {
  server: RunningServer
  secrets: Record<string, string>
  metrics: string
}

const test = suite<Context>('secrets')
test.before(async (context) => {
  context.server = await startServer({
    withOwner: false,
    env: { VEZA_LOG_LEVEL: 'debug', VEZA_PLUGINS_LIVE_SEGMENT_MS: '1000', VEZA_PLUGINS_LIVE_GRACE_S: '1' },
  })
  const visitor = new Visitor(context.server)
  context.secrets = {
    ...(await signIns(context.server, visitor)),
    ...(await publishes(context.server, visitor)),
  }
  context.metrics = (await visitor.call<string>('/metrics')).body
})
test.after(({ server }) => server?.close())

async function signIns(server: RunningServer, visitor: Visitor): Promise<Record<string, string>> {
  const setUpToken = /token=([\w-]+)/.exec(server.output())?.[1] ?? ''
  await visitor.call(`/setup?token=${setUpToken}`)
  await visitor.call(`/api/v1/setup?token=${setUpToken}`)
  const owner = { ...server.owner, username: 'owner' }
  const made = await visitor.call('/api/v1/setup', { body: { token: setUpToken, ...owner } })
  assert.is(made.status, 200, JSON.stringify(made.body))
  const { accessToken, refreshToken, cookie } = await visitor.signIn()
  const sessionCookie = cookie.split('=')[1] ?? ''
  const wrongPassword = 'wrong-canary-password'
  await visitor.call('/api/v1/auth/login', { body: { email: owner.email, password: wrongPassword } })
  await visitor.call('/api/v1/auth/login', {
    body: { email: owner.email, password: wrongPassword, extra: 1 },
  })
  await visitor.call('/api/v1/auth/register', { body: { password: wrongPassword } })
  await visitor.call(`/api/v1/auth/me?access_token=${accessToken}`)
  await visitor.call(`/api/v1/nowhere?token=${accessToken}&cookie=${sessionCookie}`)
  await fetch(`${server.url}/api/v1/auth/me`, { headers: { cookie } })
  const account = { id: '', sessionId: '', username: '', email: '', accessToken, cookie }
  const socket = await openSocket(server.port, account, { host: `127.0.0.1:${server.port}` })
  socket.send({ op: 'join', id: 1, channel: 'chat.room', params: { slug: 'general' } })
  await socket.until((frame) => frame.op === 'joined')
  socket.close()
  const refreshed = await visitor.call<{ accessToken: string; refreshToken: string }>(
    '/api/v1/auth/refresh',
    {
      body: { refreshToken },
    },
  )
  await visitor.call('/api/v1/auth/refresh', { body: { refreshToken: 'refresh-canary-token' } })
  assert.is(refreshed.status, 200)
  return {
    setUpToken,
    password: owner.password,
    wrongPassword,
    sessionCookie,
    accessToken,
    refreshToken,
    secondAccessToken: refreshed.body.accessToken,
    secondRefreshToken: refreshed.body.refreshToken,
    wrongRefreshToken: 'refresh-canary-token',
  }
}

async function publishes(server: RunningServer, visitor: Visitor): Promise<Record<string, string>> {
  const target = await streamKey(server, 'stage')
  const wrongStreamKey = `${target.key.slice(8)}deadbeef`
  await publish({ ...target, key: wrongStreamKey, seconds: 2 }).ended
  await publish({ ...target, key: `${wrongStreamKey}?cam=2`, seconds: 2 }).ended
  const publisher = publish(target)
  await visitor.live('stage')
  const [ingest] = await childrenOf(server.pid, 'ingest/main')
  if (ingest) process.kill(ingest, 'SIGKILL')
  await publisher.ended
  await visitor.replay('stage')
  const revoked = await server.cli(['stream-key', 'revoke', target.key.slice(0, 4)])
  assert.is(revoked.code, 0, revoked.stderr)
  await publish({ ...target, seconds: 2 }).ended
  await eventually('the refusal in the log', () => server.output().includes('a publisher was refused'))
  return { streamKey: target.key, wrongStreamKey }
}

function assertNone(where: string, text: string, secrets: Record<string, string>): void {
  for (const [kind, secret] of Object.entries(secrets)) {
    assert.ok(secret.length >= 16, `${kind} is a secret worth looking for`)
    const at = text.indexOf(secret)
    assert.is(at, -1, `${where} shows the ${kind}: ${text.slice(Math.max(0, at - 120), at + 20)}`)
  }
}

test('no secret is in the log, though it tells of everything', async ({ server, secrets }) => {
  const folder = join(server.dataDir, 'logs')
  const files = await readdir(folder)
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  const text = texts.join('\n')
  assert.match(text, /"level":"debug"/)
  assert.match(text, /\/api\/v1\/auth\/login/)
  assertNone('the log', text, secrets)
})

test('nor in what the process prints, but for the set-up link', ({ server, secrets }) => {
  const lines = server.output().split('\n')
  const printed = lines.filter((line) => !/^Set up {2}\S+$/.test(line))
  assert.is(lines.length - printed.length, 1)
  assertNone('the output', printed.join('\n'), secrets)
})

test('nor in the metrics', ({ metrics, secrets }) => {
  assert.match(metrics, /veza_live_publishes_total/)
  assertNone('the metrics', metrics, secrets)
})

test('nor in the database, which keeps hashes', async ({ server, secrets }) => {
  const lines = await dumpOf(server.dataDir)
  assert.ok(lines.some((line) => line.endsWith('accounts.email: owner@label.test')))
  assert.ok(
    lines.some((line) => line.includes(' live_stream_keys.')),
    lines.slice(0, 5).join('\n'),
  )
  assertNone('the database', lines.join('\n'), secrets)
})

test.run()
