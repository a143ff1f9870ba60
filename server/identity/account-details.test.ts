import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { audit } from '../audit/index.ts'
import { noPassword } from './accounts.ts'
import { closing, cookieOf, login, mailsTo, member, statusByCookie } from './testdata/member.ts'

interface Context {
  app: TestApp
  clock: FakeClock
}
const next = 'eleven paper lanterns'

for (const kind of databaseKinds) {
  const test = suite<Context>(`account details on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(25 * 3_600_000))
  test.after(({ app }) => app.close())

  const change = (app: TestApp, cookie: string, body: object) =>
    app.request('/api/v1/auth/change-password', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('a changed password renews this session’s cookie and ends the other sessions [AUTH-12] [AUTH-07]', async ({
    app,
  }) => {
    const { username, email, password, cookie, refreshToken } = await member(app)
    const other = await login(app, username, password)
    const socket = await app.socket({ cookie: cookieOf(other.headers) } as never)
    const answer = await change(app, cookie, { currentPassword: password, newPassword: next })
    assert.is(answer.status, 204)
    const renewed = cookieOf(answer.headers)
    assert.is.not(renewed, cookie)
    assert.is(await statusByCookie(app, renewed), 200)
    assert.is(await statusByCookie(app, cookie), 401, 'a planted cookie is worth nothing afterwards')
    assert.is(await statusByCookie(app, cookieOf(other.headers)), 401)
    assert.is(await closing(socket), 4001)
    for (const token of [refreshToken, other.body.refreshToken])
      assert.is((await app.call(identity.refresh, { body: { refreshToken: token } })).status, 401)
    assert.is((await login(app, username, password)).status, 401)
    assert.is((await login(app, username, next)).status, 200)
    assert.is((await mailsTo(app, email, 'Your password was changed')).length, 1)
  })

  test('the present password is asked for, and guesses at it wait as at the door [AUTH-12] [AUTH-10]', async ({
    app,
  }) => {
    const { client, cookie, password } = await member(app)
    const wrong = await client.call(identity.changePassword, {
      body: { currentPassword: 'not my password', newPassword: next },
    })
    const { errors } = wrong.body as unknown as { errors: { pointer: string }[] }
    assert.equal([wrong.problem, errors[0]?.pointer], ['identity.wrong-credentials', '/currentPassword'])
    assert.is((await change(app, cookie, { newPassword: next })).status, 401)
    const weak = await change(app, cookie, { currentPassword: password, newPassword: 'iloveyou2024!' })
    assert.is(((await weak.json()) as { errors: { pointer: string }[] }).errors[0]?.pointer, '/newPassword')
    const statuses = []
    for (let n = 0; n < 8; n++)
      statuses.push((await change(app, cookie, { currentPassword: `guess ${n}`, newPassword: next })).status)
    assert.is(statuses.at(-1), 429)
    assert.is(await statusByCookie(app, cookie), 200)
    assert.is((await app.call(identity.changePassword, { body: { newPassword: next } })).status, 401)
  })

  test('an account without a password sets one after a recent proof [AUTH-12]', async (context) => {
    const { app, clock } = context
    const { id, cookie, username } = await member(app)
    await app.site.database.db('accounts').where({ id }).update({ passwordHash: noPassword })
    clock.advance(15 * 60_000)
    assert.is((await change(app, cookie, { newPassword: next })).status, 403)
    await app.site.database
      .db('sessions')
      .where({ accountId: id })
      .update({ confirmedAt: clock.now().toISOString() })
    assert.is((await change(app, cookie, { newPassword: next })).status, 204)
    assert.is((await login(app, username, next)).status, 200)
  })

  test('mail preferences begin quiet about news and change one by one [PROF-06] [SEC-02]', async ({
    app,
  }) => {
    const { client } = await member(app)
    const quiet = { news: false, live: true, replies: true }
    assert.equal((await client.call(identity.getPreferences)).body, quiet)
    const changed = await client.call(identity.updatePreferences, { body: { live: false } })
    assert.equal(changed.body, { ...quiet, live: false })
    await client.call(identity.updatePreferences, { body: { news: true } })
    assert.equal((await client.call(identity.getPreferences)).body, {
      news: true,
      live: false,
      replies: true,
    })
    const [consent] = (await client.call(identity.listConsents)).body.items
    assert.equal([consent?.kind, consent?.withdrawnAt], ['news', null])
    for (const bad of [{ news: 'yes' }, { safety: false }, { live: null }])
      assert.is((await client.callRaw(identity.updatePreferences, { body: bad })).status, 422)
    assert.is((await app.call(identity.getPreferences)).problem, 'not-signed-in')
  })

  test('consents are given to a version, taken back, and both stay noted [SEC-02]', async (context) => {
    const { app, clock } = context
    const owner = app.as(await app.addAccount({ roles: ['owner'] }))
    const { client } = await member(app)
    const set = (kind: 'terms' | 'news', isGiven: boolean) =>
      client.call(identity.setConsent, { body: { kind, isGiven } })
    const nothing = await set('terms', true)
    assert.equal([nothing.status, nothing.problem], [422, 'invalid-input'])
    await owner.call(admin.updateSettings, { body: { terms: 'Be kind.' } })
    const given = (await set('terms', true)).body.items
    assert.is((await set('terms', true)).body.items.length, 1, 'a repeat changes nothing')
    clock.advance(60_000)
    const [taken] = (await set('terms', false)).body.items
    assert.is(taken?.version, given[0]?.version)
    assert.is(taken?.withdrawnAt, clock.now().toISOString())
    await owner.call(admin.updateSettings, { body: { terms: 'Be kinder.' } })
    const both = (await set('terms', true)).body.items
    assert.is(new Set(both.map(({ version }) => version)).size, 2)
    await set('news', true)
    assert.is((await client.call(identity.getPreferences)).body.news, true)
    await set('news', false)
    assert.is((await client.call(identity.getPreferences)).body.news, false)
    await owner.call(admin.updateSettings, { body: { terms: '' } })
  })

  test('shown name, language, time zone and theme are kept, also for the next sign-in [PROF-06]', async ({
    app,
  }) => {
    const { client, username, password } = await member(app)
    const wish = {
      displayName: 'Zoé',
      language: 'fr',
      timeZone: 'America/Montreal',
      theme: 'dark',
    } as const
    await client.call(identity.updateMe, { body: wish })
    const { account } = (await login(app, username, password)).body
    assert.equal(
      [account.displayName, account.language, account.timeZone, account.theme],
      ['Zoé', 'fr', 'America/Montreal', 'dark'],
    )
    const none = await client.call(identity.updateMe, { body: { language: null, timeZone: null } })
    assert.equal([none.body.language, none.body.timeZone, none.body.theme], [null, null, 'dark'])
    for (const bad of [{ timeZone: 'Mars/Olympus' }, { timeZone: '' }, { language: 'de' }, { theme: 'pink' }])
      assert.is((await client.callRaw(identity.updateMe, { body: bad })).status, 422, JSON.stringify(bad))
    assert.is((await client.call(identity.me)).body.theme, 'dark')
  })

  test('the security log tells the holder of their own account alone, page by page [AUTH-07] [SEC-01]', async ({
    app,
  }) => {
    const other = await member(app)
    const { id, client, username, password } = await member(app)
    await login(app, username, 'a wrong guess')
    await client.call(identity.changePassword, { body: { currentPassword: password, newPassword: next } })
    const { db } = app.site.database
    await app.site.mail.send(db, { to: 'nobody@people.test', subject: 'x', text: 'x' })
    const { body } = await client.call(identity.listSecurityEvents)
    const actions = body.items.map(({ action }) => action)
    assert.equal(actions, [
      'password.changed',
      'session.refused',
      'email.verified',
      'session.began',
      'account.registered',
    ])
    assert.is(body.items[0]?.address, '127.0.0.1')
    const first = (await client.call(identity.listSecurityEvents, { query: { limit: 2 } })).body
    const second = await client.call(identity.listSecurityEvents, {
      query: { limit: 100, after: first.next ?? '' },
    })
    assert.equal(
      [...first.items, ...second.body.items].map(({ action }) => action),
      actions,
    )
    assert.is(second.body.next, null)
    const ids = (await other.client.call(identity.listSecurityEvents)).body.items.map((event) => event.id)
    assert.not.ok(body.items.some((event) => ids.includes(event.id)))
    const staff = await app.addAccount({ roles: ['owner'] })
    for (const action of [
      'recovery-code.made',
      'recovery-code.used',
      'app-password.created',
      'identity.linked',
    ])
      await audit.record(db, { action, subject: id, actor: { id, username } })
    const factors = (await client.call(identity.listSecurityEvents, { query: { limit: 4 } })).body.items
    assert.equal(
      factors.map(({ action }) => action),
      ['identity.linked', 'app-password.created', 'recovery-code.used', 'recovery-code.made'],
    )
    const entry = { action: 'account.roles-changed', subject: id, detail: { device: 'Firefox on Linux' } }
    await audit.record(db, { ...entry, actor: staff })
    const [told] = (await client.call(identity.listSecurityEvents)).body.items
    assert.equal([told?.action, told?.device], ['account.roles-changed', null])
    assert.is((await app.call(identity.listSecurityEvents)).problem, 'not-signed-in')
  })

  test('the pages ask how good a password is, in the reader’s language [AUTH-13]', async ({ app }) => {
    const check = async (body: object, language = 'en') => {
      const answer = await app.request('/api/v1/auth/password-strength', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': language },
        body: JSON.stringify(body),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    assert.equal((await check({ password: next })).body, { score: 4, isAccepted: true, reason: null })
    assert.match((await check({ password: 'Qwertyuiop123' })).body.reason as string, /^This is close/)
    assert.match((await check({ password: 'Qwertyuiop123' }, 'fr')).body.reason as string, /^Beaucoup/)
    const about = ['valentina.ortega@fans.test']
    assert.is((await check({ password: 'ortegavalentina', about })).body.isAccepted, false)
    assert.is((await check({ password: 'x'.repeat(257) })).status, 422)
    assert.is((await check({ password: '', about: Array(6).fill('x') })).status, 422)
    assert.is((await check({ password: '' })).body.isAccepted, false)
  })

  test.run()
}
