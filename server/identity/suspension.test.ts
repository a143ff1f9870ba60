import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, defineChannel, identity, z } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { eventually, soon } from '../../test/kit/wait.ts'
import { newId } from '../sdk/index.ts'

const password = 'seven green umbrellas'

/** Somebody who can sign in by a password. */
async function joined(app: TestApp, username: string) {
  const body = { email: `${username}@people.test`, username, password }
  const { body: tokens, status } = await app.call(identity.register, { body })
  assert.is(status, 200, username)
  return tokens
}
const login = (app: TestApp, name: string) => app.call(identity.login, { body: { login: name, password } })

for (const kind of databaseKinds) {
  const test = suite<{ app: TestApp; boss: TestAccount }>(`suspension, ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [] })
    context.boss = await context.app.addAccount({ roles: ['admin', 'member'] })
  })
  test.after(({ app }) => app.close())

  test('a suspended account is out at once, by cookie, token, refresh and socket; signing in says why [ADM-02]', async ({
    app,
    boss,
  }) => {
    const told: string[] = []
    app.site.events.eventsFor('test').on(identity.accountSuspended, 'note', async ({ accountId }) => {
      told.push(accountId)
    })
    const tokens = await joined(app, 'rude-one')
    const member = await app.addAccount({ username: 'rude-two' })
    const socket = await app.socket(member)
    const params = { id: tokens.account.id }
    const suspended = await app
      .as(boss)
      .call(admin.suspendAccount, { params, body: { reason: 'Insults in the chat.', minutes: null } })
    assert.equal(
      [suspended.body.status, suspended.body.suspension, suspended.body.sessions],
      ['suspended', { reason: 'Insults in the chat.', until: null }, []],
    )
    const bearer = { authorization: `Bearer ${tokens.accessToken}` }
    assert.is((await app.request('/api/v1/auth/me', { headers: bearer })).status, 401)
    const refresh = await app.call(identity.refresh, { body: { refreshToken: tokens.refreshToken } })
    assert.is(refresh.problem, 'identity.bad-refresh-token')
    const refused = await login(app, 'rude-one')
    assert.is(refused.problem, 'identity.suspended')
    const { reason, until, detail } = refused.body as unknown as Record<string, unknown>
    assert.equal([reason, until], ['Insults in the chat.', null])
    assert.is(detail, 'This account is suspended; ask the label. Reason: Insults in the chat.')
    await app
      .as(boss)
      .call(admin.suspendAccount, { params: { id: member.id }, body: { reason: '', minutes: null } })
    assert.is(await soon('the end of the socket', socket.closed), 4001)
    assert.is((await app.request('/api/v1/auth/me', { headers: { cookie: member.cookie } })).status, 401)
    await app.jobs.drain()
    assert.equal(told, [params.id, member.id])
    const restored = await app.as(boss).call(admin.restoreAccount, { params })
    assert.equal([restored.body.status, restored.body.suspension], ['active', null])
    assert.is((await login(app, 'rude-one')).status, 200)
    assert.is(
      (await app.request('/api/v1/auth/me', { headers: bearer })).status,
      401,
      'the old session stays dead',
    )
  })

  test.run()
}

const alone = suite('changes that reach what is open')

alone('a suspension for a time ends by the clock [ADM-02]', async () => {
  const clock = fakeClock()
  const app = await testApp({ plugins: [], clock })
  const owner = await app.addAccount({ roles: ['owner'] })
  const tokens = await joined(app, 'cool-down')
  const params = { id: tokens.account.id }
  const body = { reason: '', minutes: 10 }
  const made = await app.as(owner).call(admin.suspendAccount, { params, body })
  assert.is(made.body.suspension?.until, '2026-01-05T10:10:00.000Z')
  clock.advance(9 * 60_000)
  const refused = await login(app, 'cool-down')
  assert.is(refused.problem, 'identity.suspended')
  assert.is((refused.body as unknown as { until: string }).until, made.body.suspension?.until)
  clock.advance(61_000)
  const client = app.as(owner)
  const names = async (status: admin.AccountStatus) =>
    (await client.call(admin.listAccounts, { query: { status, q: 'cool' } })).body.items.length
  assert.equal([await names('suspended'), await names('active')], [0, 1])
  assert.is((await client.call(admin.getAccount, { params })).body.suspension, null)
  assert.is((await login(app, 'cool-down')).status, 200)
  await app.close()
})

alone('who asked to be deleted is, also where they were suspended meanwhile [ADM-02] [PROF-10]', async () => {
  const clock = fakeClock()
  const app = await testApp({ plugins: [], clock })
  const owner = await app.addAccount({ roles: ['owner'] })
  const { db } = app.site.database
  const leaving = await app.addAccount({ username: 'going-away' })
  await db('accounts')
    .where({ id: leaving.id })
    .update({ status: 'leaving', leavesAt: '2026-01-05T12:00:00.000Z' })
  const params = { id: leaving.id }
  const client = app.as(owner)
  const listed = async (status: admin.AccountStatus) =>
    (await client.call(admin.listAccounts, { query: { status, q: 'going' } })).body.items.length
  await client.call(admin.suspendAccount, { params, body: { reason: '', minutes: 5 } })
  clock.advance(6 * 60_000)
  assert.is((await client.call(admin.getAccount, { params })).body.status, 'leaving', 'its time is over')
  assert.equal([await listed('leaving'), await listed('active'), await listed('suspended')], [1, 0, 0])
  const restored = (await client.call(admin.restoreAccount, { params })).body
  assert.equal([restored.status, restored.leavesAt], ['leaving', '2026-01-05T12:00:00.000Z'])
  await client.call(admin.suspendAccount, { params, body: { reason: '', minutes: null } })
  clock.advance(3 * 3_600_000)
  const now = clock.now().toISOString()
  const times = { runAt: now, createdAt: now, attempts: 0, maxAttempts: 1, priority: 0 }
  const job = { id: newId(), name: 'server.delete-leaving', payloadJson: '{}', state: 'waiting' }
  await db('jobs').insert({ ...job, ...times })
  await app.jobs.drain()
  assert.is((await db('accounts').where({ id: leaving.id }).first()).status, 'deleted')
  await app.close()
})

alone('who loses a role leaves the rooms it opened at once, and stays signed in [AUTH-15]', async () => {
  const app = await testApp({ plugins: [] })
  const owner = await app.addAccount({ roles: ['owner'] })
  const aide = await app.addAccount({ roles: ['admin', 'member'] })
  const backstage = defineChannel({
    name: 'test.backstage',
    params: z.strictObject({}),
    messages: {},
    commands: {},
  })
  app.site.hub.realtimeFor('test').channel(backstage, {
    canJoin: ({ account }) => account?.permissions.has('identity.read-audit') ?? false,
  })
  const socket = await app.socket(aide)
  const join = { op: 'join', channel: 'test.backstage', params: {} }
  socket.send({ ...join, id: 1 })
  await socket.until(({ op }) => op === 'joined')
  const params = { id: aide.id }
  await app.as(owner).call(admin.setAccountRoles, { params, body: { roles: ['member'] } })
  await socket.until(({ op }) => op === 'expelled')
  socket.send({ ...join, id: 2 })
  await socket.until(({ op, id }) => op === 'refused' && id === 2)
  assert.is((await app.as(aide).call(identity.me)).status, 200)
  await app.close()
})

alone(
  'a change by another process reaches open sockets and roles within a second [ADM-02] [AUTH-15]',
  async () => {
    const app = await testApp({ plugins: [] })
    const other = await testApp({ plugins: [], dataDir: app.dataDir })
    const owner = await app.addAccount({ roles: ['owner'] })
    const member = await app.addAccount({ roles: ['member'] })
    const socket = await app.socket(member)
    const keep = { name: 'keeper', title: 'Keeper', permissions: ['identity.read-audit'] }
    const made = await other.as(owner).call(admin.createRole, { body: { ...keep, needsSecondFactor: false } })
    assert.is(made.status, 200)
    await other
      .as(owner)
      .call(admin.setAccountRoles, { params: { id: member.id }, body: { roles: ['keeper'] } })
    await eventually('the role in this process', () => app.site.permissions.isRole('keeper'))
    assert.equal((await app.as(member).call(identity.me)).body.permissions, ['identity.read-audit'])
    const params = { id: member.id }
    await other.as(owner).call(admin.suspendAccount, { params, body: { reason: '', minutes: null } })
    assert.is((await app.as(member).call(identity.me)).status, 401)
    assert.is(await soon('the end of the socket', socket.closed), 4001)
    await other.appliance.stop()
    await app.close()
  },
)

alone.run()
