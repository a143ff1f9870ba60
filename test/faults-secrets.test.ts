import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { here } from '../cli/testdata/here.ts'
import { forge } from './kit/forge.ts'
import { liveSecrets } from './kit/live-secrets.ts'
import { childrenOf } from './kit/processes.ts'
import { publish } from './kit/publisher.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { openSocket } from './kit/socket.ts'
import { dumpOf } from './kit/sqlite.ts'
import { streamKey, Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'
import { freePort } from './tools/servers.ts'

/** A whole evening with every kind of secret, logged at the finest level. */
interface Context {
  server: RunningServer
  secrets: Record<string, string>
  metrics: string
  /** What was answered to calls that were refused. */
  refusals: string[]
}

const test = suite<Context>('secrets')
test.before(async (context) => {
  const icecastPort = await freePort()
  context.server = await startServer({
    withOwner: false,
    env: {
      VEZA_LOG_LEVEL: 'debug',
      VEZA_ICECAST_PORT: String(icecastPort),
      VEZA_PLUGINS_LIVE_SEGMENT_MS: '1000',
      VEZA_PLUGINS_LIVE_GRACE_S: '1',
      VEZA_PLUGINS_LIVE_SIMULCAST_TO_PRIVATE: 'true',
    },
  })
  const visitor = new Visitor(context.server)
  context.refusals = []
  context.secrets = {
    ...(await signIns(context.server, visitor)),
    ...(await factors(context.server, visitor, context.refusals)),
    ...(await mailedLinks(visitor, context.refusals)),
    ...(await publishes(context.server, visitor)),
    ...(await liveSecrets({ server: context.server, visitor, icecastPort, refusals: context.refusals })),
  }
  await forge(context.server)
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

/** Calls where nobody minds whether it works; keeps what was answered to those refused. */
async function tryAll(
  visitor: Visitor,
  refusals: string[],
  calls: [path: string, body: object][],
): Promise<void> {
  for (const [path, body] of calls) {
    const answer = await visitor.call(`/api/v1/${path}`, { body })
    if (answer.status >= 400) refusals.push(JSON.stringify(answer.body))
  }
}

async function factors(
  { owner }: RunningServer,
  visitor: Visitor,
  refusals: string[],
): Promise<Record<string, string>> {
  const post = async <T>(path: string, body: object = {}) =>
    (await visitor.call<T>(`/api/v1/${path}`, { body })).body
  const { secret } = await post<{ secret: string }>('auth/totp/enrol')
  const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  const { recoveryCodes } = await post<{ recoveryCodes: string[] }>('auth/totp/confirm', { code: code() })
  const app = await post<{ password: string }>('auth/app-passwords', { name: 'Player', scopes: ['api-read'] })
  const { email, password } = owner
  const ask = () => post<{ ticket: string }>('auth/login', { login: email, password })
  const [asked, unspent] = [await ask(), await ask()]
  const [recoveryCode = '', unusedRecoveryCode = ''] = recoveryCodes
  const clientSecret = 'client-secret-canary'
  const provider = { kind: 'github', title: 'Label', clientId: 'c', clientSecret, isEnabled: false }
  await visitor.call('/api/v1/admin/providers/label', { method: 'PUT', body: provider })
  const wrong = { kind: 'oidc', title: 'Label', clientId: 'c', clientSecret, issuer: 'http://127.0.0.1:9/' }
  const refused = await visitor.call('/api/v1/admin/providers/wrong', { method: 'PUT', body: wrong })
  refusals.push(JSON.stringify(refused.body))
  const basic = Buffer.from(`owner:${app.password}`).toString('base64')
  const read = await fetch(`${visitor.url}/api/v1/auth/me`, { headers: { authorization: `Basic ${basic}` } })
  assert.is(read.status, 200, 'the app password opens')
  await tryAll(visitor, refusals, [
    ['auth/second-factor', { ticket: asked.ticket, code: '000000' }],
    ['auth/second-factor', { ticket: asked.ticket, code: recoveryCode, extra: 1 }],
    ['auth/second-factor', { ticket: asked.ticket, code: recoveryCode }],
    ['auth/second-factor', { ticket: asked.ticket, code: recoveryCode }],
    ['auth/confirm', { code: unusedRecoveryCode.slice(1) }],
    ['auth/login', { login: app.password, password: app.password }],
  ])
  await visitor.call(`/api/v1/auth/me?ticket=${asked.ticket}&seed=${secret}`)
  return {
    totpSeed: secret,
    recoveryCode,
    unusedRecoveryCode,
    appPassword: app.password,
    basicAppPassword: basic,
    secondFactorTicket: asked.ticket,
    unspentTicket: unspent.ticket,
    clientSecret,
  }
}

async function mailedLinks(visitor: Visitor, refusals: string[]): Promise<Record<string, string>> {
  const email = 'ben@people.test'
  const invited = await visitor.call<{ url: string }>('/api/v1/admin/invitations', { body: { email } })
  const invitationToken = /#invitation=([\w-]+)/.exec(invited.body.url)?.[1] ?? ''
  const password = 'a member of the canary'
  const member = { email, username: 'ben', password, invitation: invitationToken }
  await tryAll(visitor, refusals, [
    ['auth/invitation', { token: invitationToken }],
    ['auth/register', member],
    ['auth/forgot', { email }],
  ])
  const mailed = (page: string) =>
    eventually(`a link to ${page}`, async () => {
      const { body } = await visitor.call<{ items: { text: string }[] }>('/api/v1/admin/mail')
      const texts = body.items.map(({ text }) => text).join('\n')
      return new RegExp(`/${page}#token=([\\w-]+)`).exec(texts)?.[1]
    })
  const [verifyToken, resetToken] = [await mailed('verify'), await mailed('reset')]
  const newPassword = 'another one of the canary'
  await tryAll(visitor, refusals, [
    ['auth/verify', { token: verifyToken, extra: 1 }],
    ['auth/verify', { token: verifyToken }],
    ['auth/verify', { token: verifyToken }],
    ['auth/reset', { token: resetToken, password: 'short' }],
    ['auth/reset', { token: resetToken, password: newPassword }],
    ['auth/reset', { token: resetToken, password: newPassword }],
    ['auth/invitation', { token: `${invitationToken}x` }],
  ])
  await visitor.call(`/verify?token=${verifyToken}`)
  return { invitationToken, verifyToken, resetToken, memberPassword: password, newPassword }
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
    assert.ok(secret.length >= 14, `${kind} is a secret worth looking for`)
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

test('no text of a stranger makes a line of its own in the log, or a field of a line [SEC-03]', async ({
  server,
}) => {
  const folder = join(server.dataDir, 'logs')
  const texts = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')))
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '')
  assert.ok(lines.some((line) => line.includes('forged') || line.includes('%22forged%22')))
  for (const line of lines) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    assert.not.match(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
    const entry = JSON.parse(line) as Record<string, unknown>
    assert.is.not(entry.msg, 'forged', line)
    assert.ok(typeof entry.time === 'string' && typeof entry.level === 'string', line)
  }
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

test('nor in what refused calls are told, nor in what other users of the machine see of the processes', async ({
  server,
  secrets,
  refusals,
}) => {
  assert.ok(refusals.length > 8, `${refusals.length} refusals`)
  assertNone('a refusal', refusals.join('\n'), secrets)
  const pids = [server.pid, ...(await childrenOf(server.pid, ''))]
  assert.ok(pids.length > 1)
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')))
  assertNone('the list of processes', commands.join('\n'), secrets)
})

test('nor in the database, which keeps hashes and what is sealed [SEC-09]', async ({ server, secrets }) => {
  const lines = await dumpOf(server.dataDir)
  assert.ok(lines.some((line) => line.endsWith('accounts.email: owner@label.test')))
  assert.ok(
    lines.some((line) => line.includes(' live_stream_keys.')),
    lines.slice(0, 5).join('\n'),
  )
  // The mails that wait for a server to send them hold their links.
  const kept = lines.filter((line) => !/ mail_outbox\.(?:text|html): /.test(line))
  assertNone('the database', kept.join('\n'), secrets)
})

/** What mails bring waits in the outbox as text. */
const isMailed = (kind: string) =>
  /^(?:invitationToken|verifyToken|resetToken|guestCode|stopSignature)$/.test(kind)

test('nor in a backup, nor in what commands tell programs [SEC-09]', async ({ server, secrets }) => {
  const archive = join(server.dataDir, 'backups/canaries.tar')
  const commands = ['status', 'audit list', 'config show', 'mail list', 'stream-key list']
  const asked = (words: string) => here([...words.split(' '), '--json', '--data', server.dataDir])
  const backup = await asked(`backup ${archive}`)
  assert.is(backup.code, 0, backup.stderr)
  for (const words of commands) {
    const { code, stdout, stderr } = await asked(words)
    assert.is(code, 0, stderr)
    assertNone(words, stdout, secrets)
  }
  const kept = Object.fromEntries(Object.entries(secrets).filter(([kind]) => !isMailed(kind)))
  assertNone('the backup', (await readFile(archive)).toString('latin1'), kept)
})

test.run()
