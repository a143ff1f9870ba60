import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'

interface Context {
  app: TestApp
  clock: FakeClock
}
const password = 'a long enough password'
let people = 0

/** Opens an account and gives its tokens and its cookie. */
async function register({ app, clock }: Context, username = `someone${++people}`) {
  clock.advance(2_000)
  const body = { email: `${username}@people.test`, username, password }
  const answer = await app.call(identity.register, { body })
  assert.is(answer.status, 200, JSON.stringify(answer.body))
  return {
    ...answer.body,
    username,
    setCookie: answer.headers.get('set-cookie') ?? '',
    cookie: cookieOf(answer),
  }
}
const cookieOf = ({ headers }: { headers: Headers }) =>
  (headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const statusOfMe = async (app: TestApp, headers: Record<string, string>) =>
  (await app.request('/api/v1/auth/me', { headers })).status

for (const kind of databaseKinds) {
  const test = suite<Context>(`identity on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(61_000))
  test.after(({ app }) => app.close())

  test('an account is opened, is signed in by cookie and by token, and is a member [AUTH-01] [AUTH-02]', async (context) => {
    const { app } = context
    const made = await app.call(identity.register, {
      body: { email: 'Ada@People.TEST', username: 'ada', password, displayName: ' Ada L. ' },
    })
    const { account, accessToken } = made.body
    assert.equal(
      [account.email, account.displayName, account.roles],
      ['ada@people.test', 'Ada L.', ['member']],
    )
    assert.equal([...account.permissions], [])
    assert.match(
      made.headers.get('set-cookie') ?? '',
      /^veza_session=[\w-]{32}; Path=\/; SameSite=Lax; HttpOnly; Max-Age=7776000, veza_device=[^;]+; Path=\/; SameSite=Lax; HttpOnly;/,
    )
    for (const headers of [{ cookie: cookieOf(made) }, bearer(accessToken)]) {
      const me = await app.request('/api/v1/auth/me', { headers: headers as Record<string, string> })
      assert.equal(await me.json(), account)
    }
    const rows = JSON.stringify(await app.site.database.db('sessions').select('*'))
    for (const secret of [accessToken, made.body.refreshToken, cookieOf(made).split('=')[1] ?? 'none'])
      assert.not.match(rows, secret, 'only hashes are kept')
    const { passwordHash } = await app.site.database.db('accounts').where({ username: 'ada' }).first()
    assert.match(passwordHash, /^\$argon2id\$/)
  })

  test('takes each name and address once, whatever its case, and none that passes for the label', async (context) => {
    const { app } = context
    const { username } = await register(context)
    const attempt = (email: string, name: string) =>
      app.call(identity.register, { body: { email, username: name, password } })
    assert.is((await attempt(`${username.toUpperCase()}@people.test`, 'free-name')).problem, 'identity.taken')
    assert.is((await attempt('free@people.test', username)).problem, 'identity.taken')
    for (const name of ['admin', 'veza', 'support', 'moderator'])
      assert.is((await attempt(`${name}@people.test`, name)).problem, 'identity.taken')
    const racing = await Promise.all([1, 2, 3, 4, 5].map((n) => attempt(`race${n}@people.test`, 'racer')))
    assert.equal(racing.map(({ status }) => status).sort(), [200, 409, 409, 409, 409])
    for (const name of ['A', 'a', '-ab', 'ab-', 'a b', 'ä-b', 'a'.repeat(31)])
      assert.is((await attempt('other@people.test', name)).status, 422, name)
  })

  test('takes no registration where the label closed it', async ({ app }) => {
    const owner = app.as(await app.addAccount({ roles: ['owner'] }))
    await owner.call(admin.updateSettings, { body: { registration: 'closed' } })
    const body = { email: 'late@people.test', username: 'late', password }
    assert.is((await app.call(identity.register, { body })).problem, 'identity.registration-closed')
    await owner.call(admin.updateSettings, { body: { registration: 'open' } })
    assert.is((await app.call(identity.register, { body })).status, 200)
  })

  test('signs in by name or address; a wrong password and an unknown name answer alike [AUTH-02]', async (context) => {
    const { app } = context
    const { username } = await register(context)
    const attempt = (body: { login?: string; email?: string; password: string }) =>
      app.call(identity.login, { body })
    for (const login of [username, username.toUpperCase(), ` ${username}@People.test `])
      assert.is((await attempt({ login, password })).status, 200, login)
    assert.is((await attempt({ email: `${username}@people.test`, password })).status, 200)
    assert.is((await attempt({ password })).problem, 'invalid-input')
    const wrong = await attempt({ login: username, password: 'another password' })
    for (const login of ['nobody', 'nobody@people.test', '%', "' or 1=1 --"]) {
      const unknown = await attempt({ login, password })
      const { requestId: _one, ...seen } = unknown.body as unknown as Record<string, unknown>
      const { requestId: _other, ...expected } = wrong.body as unknown as Record<string, unknown>
      assert.equal(seen, expected)
      assert.is(unknown.headers.get('set-cookie'), null)
    }
    assert.equal([wrong.status, wrong.problem], [401, 'identity.wrong-credentials'])
  })

  test('a cookie that was there before signing in is never taken over', async (context) => {
    const { app } = context
    const { username, cookie: own } = await register(context)
    const planted = `veza_session=${'a'.repeat(32)}`
    for (const before of [planted, own, `${planted}; ${own}`]) {
      const answer = await app.request('/api/v1/auth/login', {
        method: 'POST',
        headers: { cookie: before, 'content-type': 'application/json' },
        body: JSON.stringify({ login: username, password }),
      })
      const given = cookieOf(answer)
      assert.match(given, /^veza_session=[\w-]{32}$/)
      assert.ok(!before.includes(given))
      assert.is(await statusOfMe(app, { cookie: given }), 200)
    }
    assert.is(await statusOfMe(app, { cookie: planted }), 401)
  })

  test('a refresh token works once; used again it ends the whole session [AUTH-03]', async (context) => {
    const { app } = context
    const first = await register(context)
    const other = await app.call(identity.login, { body: { login: first.username, password } })
    const second = await app.call(identity.refresh, { body: { refreshToken: first.refreshToken } })
    assert.is(second.body.account.username, first.username)
    assert.is(await statusOfMe(app, bearer(second.body.accessToken)), 200)
    const odd = `${'-'.repeat(36)}.${'x'.repeat(40)}`
    assert.is((await app.call(identity.refresh, { body: { refreshToken: odd } })).status, 401)
    const reused = await app.call(identity.refresh, { body: { refreshToken: first.refreshToken } })
    assert.is(reused.problem, 'identity.bad-refresh-token')
    const { refreshToken, accessToken } = second.body
    assert.is((await app.call(identity.refresh, { body: { refreshToken } })).status, 401)
    for (const token of [first.accessToken, accessToken]) assert.is(await statusOfMe(app, bearer(token)), 401)
    assert.is(await statusOfMe(app, { cookie: first.cookie }), 401)
    assert.is(await statusOfMe(app, bearer(other.body.accessToken)), 200, 'other sessions go on')
    const mails = (await app.inbox()).filter(({ toAddress }) => toAddress === first.account.email)
    assert.is(mails.filter(({ subject }) => subject.startsWith('A session was ended')).length, 1)
  })

  test('of twenty refreshes at once one wins [AUTH-03]', async (context) => {
    const { app } = context
    const { refreshToken } = await register(context)
    const all = await Promise.all(
      Array.from({ length: 20 }, () => app.call(identity.refresh, { body: { refreshToken } })),
    )
    assert.is(all.filter(({ status }) => status === 200).length, 1)
    assert.is(all.filter(({ status }) => status === 401).length, 19)
  })

  test('signing out ends cookie, tokens and open connections of this session alone', async (context) => {
    const { app } = context
    const one = await register(context)
    const two = await app.call(identity.login, { body: { login: one.username, password } })
    const socket = await app.socket({ cookie: one.cookie } as never)
    const out = await app.request('/api/v1/auth/logout', { method: 'POST', headers: { cookie: one.cookie } })
    assert.is(out.status, 204)
    assert.match(out.headers.get('set-cookie') ?? '', /^veza_session=; .*Max-Age=0/)
    assert.is(await socket.closed, 4001)
    assert.is(await statusOfMe(app, { cookie: one.cookie }), 401)
    assert.is(await statusOfMe(app, bearer(one.accessToken)), 401)
    assert.is((await app.call(identity.refresh, { body: { refreshToken: one.refreshToken } })).status, 401)
    assert.is(await statusOfMe(app, bearer(two.body.accessToken)), 200)
    assert.is((await app.call(identity.logout)).status, 204)
  })

  test('tokens end after a quarter of an hour, sessions unused for two weeks and after ninety days [AUTH-03]', async (context) => {
    const { app, clock } = context
    const { accessToken, refreshToken, cookie, expiresAt } = await register(context)
    // The times in a token are whole seconds.
    const leftMs = Date.parse(expiresAt) - clock.now().getTime()
    assert.ok(leftMs > 15 * 60_000 - 1000 && leftMs <= 15 * 60_000, String(leftMs))
    clock.advance(leftMs - 1)
    assert.is(await statusOfMe(app, bearer(accessToken)), 200)
    clock.advance(1001)
    assert.is(await statusOfMe(app, bearer(accessToken)), 401)
    assert.is(await statusOfMe(app, { cookie }), 200)
    const later = await app.call(identity.refresh, { body: { refreshToken } })
    assert.is(later.status, 200)
    const dayMs = 24 * 3_600_000
    for (let day = 13; day < 90; day += 13) {
      clock.advance(13 * dayMs)
      assert.is(await statusOfMe(app, { cookie }), 200, `day ${day}`)
    }
    clock.advance(13 * dayMs)
    assert.is(await statusOfMe(app, { cookie }), 401, 'over, though in use')
    assert.is(
      (await app.call(identity.refresh, { body: { refreshToken: later.body.refreshToken } })).status,
      401,
    )
    const idle = await register(context)
    clock.advance(14 * dayMs)
    assert.is(await statusOfMe(app, { cookie: idle.cookie }), 401, 'not used')
  })

  test('a suspended account is out at once and learns why only with its password', async (context) => {
    const { app } = context
    const { username, cookie, accessToken, refreshToken } = await register(context)
    await app.site.database.db('accounts').where({ username }).update({ status: 'suspended' })
    assert.is(await statusOfMe(app, { cookie }), 401)
    assert.is(await statusOfMe(app, bearer(accessToken)), 401)
    assert.is(
      (await app.call(identity.refresh, { body: { refreshToken } })).problem,
      'identity.bad-refresh-token',
    )
    const attempt = (text: string) => app.call(identity.login, { body: { login: username, password: text } })
    assert.is((await attempt(password)).problem, 'identity.suspended')
    assert.is((await attempt('another password')).problem, 'identity.wrong-credentials')
  })

  test('everybody may change their own shown name, and nothing else', async (context) => {
    const { app } = context
    const { accessToken, account } = await register(context)
    const me = app.as({ ...account, accessToken, cookie: '', sessionId: '' })
    assert.is(
      (await me.call(identity.updateMe, { body: { displayName: ' New name ' } })).body.displayName,
      'New name',
    )
    assert.is((await me.call(identity.me)).body.displayName, 'New name')
    for (const displayName of ['', '   ', 'x'.repeat(61)])
      assert.is((await me.call(identity.updateMe, { body: { displayName } })).status, 422)
    assert.is((await app.call(identity.updateMe, { body: { displayName: 'X' } })).problem, 'not-signed-in')
  })

  test('takes no token of another shape', async (context) => {
    const { app } = context
    const { accessToken } = await register(context)
    assert.is(await statusOfMe(app, bearer(accessToken)), 200)
    for (const authorization of [
      accessToken,
      `Basic ${accessToken}`,
      `Bearer ${accessToken} x`,
      'Bearer',
      `Bearer ${'x'.repeat(5000)}`,
      'Bearer eyJhbGciOiJub25lIn0.e30.',
    ])
      assert.is(await statusOfMe(app, { authorization }), 401, authorization.slice(0, 40))
  })

  test.run()
}
