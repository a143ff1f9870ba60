import { hash } from '@node-rs/argon2'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { audit } from '../audit/index.ts'
import { definePlugin } from '../sdk/index.ts'
import { noPassword } from './accounts.ts'
import { cookieOf, login, mailsTo, member, statusByCookie } from './testdata/member.ts'

interface Context {
  app: TestApp
  clock: FakeClock
}
const dayMs = 24 * 3_600_000
const next = 'eleven paper lanterns'
/** Accounts a plugin heard to be renamed. */
const renamed: string[] = []
const listener = definePlugin({
  name: 'listener',
  title: 'Listener',
  version: '1.0.0',
  setup: (ctx) => {
    ctx.events.on(identity.accountRenamed, 'note', async ({ accountId }) => {
      renamed.push(accountId)
    })
  },
})

for (const kind of databaseKinds) {
  const test = suite<Context>(`account details on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [listener], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(25 * 3_600_000))
  test.after(({ app }) => app.close())

  const change = (app: TestApp, cookie: string, body: object) =>
    app.request('/api/v1/auth/change-password', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('a changed password renews this session’s cookie and ends the other sessions [AUTH-12] [AUTH-13]', async ({
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
    assert.is(await socket.closed, 4001)
    for (const token of [refreshToken, other.body.refreshToken])
      assert.is((await app.call(identity.refresh, { body: { refreshToken: token } })).status, 401)
    assert.is((await login(app, username, password)).status, 401)
    assert.is((await login(app, username, next)).status, 200)
    assert.is((await mailsTo(app, email, 'Your password was changed')).length, 1)
  })

  test('the present password is asked for, and guesses at it wait as at the door [AUTH-12] [AUTH-11]', async ({
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

  test('a hash of weaker parameters is made anew at the next sign-in [AUTH-11]', async ({ app }) => {
    const { id, username, password } = await member(app)
    const { db } = app.site.database
    const weaker = await hash(password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 })
    await db('accounts').where({ id }).update({ passwordHash: weaker })
    const stored = async (): Promise<string> => (await db('accounts').where({ id }).first()).passwordHash
    await login(app, username, 'a wrong guess')
    assert.is(await stored(), weaker)
    assert.is((await login(app, username, password)).status, 200)
    assert.match(await stored(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.is((await login(app, username, password)).status, 200)
  })

  test('a username changes once in 30 days; the old one leads to it and nobody else gets it [PROF-04]', async (context) => {
    const { app, clock } = context
    renamed.length = 0
    const { id, client, username, password } = await member(app, { username: 'before-it' })
    const rename = (name: string) => client.call(identity.changeUsername, { body: { username: name } })
    assert.is((await rename(username)).status, 200, 'its own name is no change')
    assert.is((await rename('after-it')).body.username, 'after-it')
    const { db } = app.site.database
    await app.jobs.drain()
    assert.equal(renamed, [id])
    const again = await rename('third-name')
    assert.is(again.problem, 'identity.username-too-soon')
    assert.match((again.body as unknown as { detail: string }).detail, /next time is \d{4}-\d\d-\d\d\.$/)
    assert.is((await login(app, 'after-it', password)).status, 200)
    assert.is((await login(app, username, password)).status, 401)
    const body = { email: 'thief@people.test', username, password }
    assert.is((await app.call(identity.register, { body })).problem, 'identity.taken')
    const thief = await member(app)
    const stolen = await thief.client.call(identity.changeUsername, { body: { username } })
    assert.is(stolen.problem, 'identity.taken')
    assert.is((await db('former_usernames').where({ username }).first()).accountId, id)

    clock.advance(30 * dayMs)
    const back = await login(app, 'after-it', password)
    const me = app.as({ ...back.body.account, accessToken: back.body.accessToken } as never)
    const own = await me.call(identity.changeUsername, { body: { username } })
    assert.is(own.body.username, username, 'its own old name may be taken back')
    assert.is(await db('former_usernames').where({ username }).first(), undefined)
  })

  test('of changes at once one passes [PROF-04]', async ({ app }) => {
    const { client } = await member(app)
    const names = Array.from({ length: 8 }, (_none, n) => `at-once-${n}`)
    const answers = await Promise.all(
      names.map((username) => client.call(identity.changeUsername, { body: { username } })),
    )
    assert.is(answers.filter(({ status }) => status === 200).length, 1)
    assert.is(answers.filter(({ problem }) => problem === 'identity.username-too-soon').length, 7)
  })

  test('refuses names kept for the label, taken ones, and those that look like who runs it [PROF-04] [AUTH-01]', async ({
    app,
  }) => {
    await app.addAccount({ roles: ['owner'], username: 'clara-moreau' })
    await app.addAccount({ roles: ['moderator'], username: 'bill-0wens' })
    await app.addAccount({ roles: ['member'], username: 'just-a-fan' })
    const { client, username } = await member(app)
    const refused = ['admin', 'adm1n', 'support', 'c1ara-moreau', 'claramoreau', 'dara-m0reau', 'bi11-owens']
    for (const name of refused) {
      const answer = await client.call(identity.changeUsername, { body: { username: name } })
      assert.is(answer.problem, 'identity.taken', name)
      const body = { email: `${name}@lookalike.test`, username: name, password: 'seven quiet harbours' }
      assert.is((await app.call(identity.register, { body })).problem, 'identity.taken', name)
    }
    for (const name of ['just-a-fan', 'Upper', 'a', 'ıstanbul', 'a b', '-ab', 'x\u0000y'])
      assert.ok(
        (await client.call(identity.changeUsername, { body: { username: name } })).status >= 400,
        name,
      )
    assert.is((await client.call(identity.me)).body.username, username)
    assert.is((await client.call(identity.changeUsername, { body: { username: 'just-a-fun' } })).status, 200)
  })

  test('shown names are one line of visible signs, composed [PROF-04]', async ({ app }) => {
    const { client } = await member(app)
    const set = (displayName: string) => client.call(identity.updateMe, { body: { displayName } })
    for (const odd of [
      'two\nlines',
      'two\r\nX-Header: 1',
      'bell\u0007',
      'right\u202eto left',
      'isolate\u2066d',
      'no\u200bwidth',
      'join\u200ded',
      'a\ufeffmark',
      'soft\u00adhyphen',
      'line\u2028break',
      '\u3164',
      '\u2800\u2800',
      'half\ud83d',
      `z${'\u0301'.repeat(12)}algo`,
      '\u0301',
      'private\ue000',
      'tag\u{e0041}',
    ])
      assert.is((await set(odd)).status, 422, JSON.stringify(odd))
    for (const [given, kept] of [
      ['Zoe\u0301', 'Zo\u00e9'],
      ['Мария', 'Мария'],
      ['نور', 'نور'],
      ['李雷', '李雷'],
      ['👩\u200d🎤 Ada', '👩\u200d🎤 Ada'],
      ['O’Neil & Söhne <3', 'O’Neil & Söhne <3'],
      ['นิรันดร์', 'นิรันดร์'],
    ] as const)
      assert.is((await set(given)).body.displayName, kept, given)
    const body = { email: 'odd@people.test', username: 'odd-one', password: next, displayName: 'o\u202edd' }
    assert.is((await app.call(identity.register, { body })).status, 422)
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

  test('the security log tells the holder of their own account alone, page by page [AUTH-13] [PROF-06]', async ({
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
    const entry = { action: 'account.roles-changed', subject: id, detail: { device: 'Firefox on Linux' } }
    await audit.record(db, { ...entry, actor: staff })
    const [told] = (await client.call(identity.listSecurityEvents)).body.items
    assert.equal([told?.action, told?.device], ['account.roles-changed', null])
    assert.is((await app.call(identity.listSecurityEvents)).problem, 'not-signed-in')
  })

  test('the pages ask how good a password is, in the reader’s language [AUTH-01]', async ({ app }) => {
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
