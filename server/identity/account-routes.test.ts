import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { soon } from '../../test/kit/wait.ts'
import { newId } from '../sdk/index.ts'

const password = 'seven green umbrellas'

interface People {
  app: TestApp
  owner: TestAccount
  boss: TestAccount
}

/** Somebody who can sign in by a password. */
async function joined(app: TestApp, username: string) {
  const body = { email: `${username}@people.test`, username, password }
  const { body: tokens, status } = await app.call(identity.register, { body })
  assert.is(status, 200, username)
  return tokens
}
const login = (app: TestApp, name: string) => app.call(identity.login, { body: { login: name, password } })

for (const kind of databaseKinds) {
  const test = suite<People>(`accounts by who runs the label, ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [] })
    context.owner = await context.app.addAccount({ roles: ['owner'], username: 'the-boss' })
    context.boss = await context.app.addAccount({ roles: ['admin', 'member'], username: 'the-aide' })
  })
  test.after(({ app }) => app.close())

  test('lists accounts by part of a name, role and state, a page at a time [ADM-02]', async ({
    app,
    boss,
  }) => {
    const client = app.as(boss)
    for (const username of ['nina-one', 'nina_two', 'ninaxtwo'])
      await app.addAccount({ username, roles: ['artist'] })
    const names = async (query: Record<string, string | number>) =>
      (await client.call(admin.listAccounts, { query })).body.items.map(({ username }) => username)
    assert.equal(await names({ q: 'NINA' }), ['ninaxtwo', 'nina_two', 'nina-one'])
    assert.equal(await names({ q: 'nina_' }), ['nina_two'], 'signs of patterns are letters like others')
    assert.equal(await names({ q: '%' }), [])
    assert.equal(await names({ q: 'one@people' }), ['nina-one'])
    await app.site.database
      .db('accounts')
      .where({ username: 'nina-one' })
      .update({ displayName: 'Élodie Ünal' })
    for (const q of ['Élodie', 'élodie', 'ÉLODIE ÜN']) assert.equal(await names({ q }), ['nina-one'], q)
    assert.equal(await names({ role: 'owner' }), ['the-boss'])
    assert.equal(await names({ status: 'suspended' }), [])
    const first = (await client.call(admin.listAccounts, { query: { q: 'nina', limit: 2 } })).body
    assert.is(first.items.length, 2)
    assert.equal(await names({ q: 'nina', limit: 2, after: first.next ?? '' }), ['nina-one'])
    const [seen] = (await client.call(admin.listAccounts, { query: { q: 'the-boss' } })).body.items
    assert.equal([seen?.status, seen?.roles, seen?.hasSecondFactor], ['active', ['owner'], false])
    assert.ok(seen?.seenAt)
    assert.is((await client.callRaw(admin.listAccounts as Route, { query: { status: 'gone' } })).status, 422)
  })

  test('opens an account whose holder chooses a password by the mailed link [ADM-02]', async ({
    app,
    boss,
  }) => {
    const body = { email: 'Newcomer@people.test', username: 'newcomer', roles: ['artist'] }
    const { status, body: made } = await app.as(boss).call(admin.addAccount, { body })
    assert.equal([status, made.roles, made.isEmailVerified], [200, ['artist'], false])
    assert.equal(made.factors, { hasPassword: false, hasTotp: false, passkeys: 0 })
    assert.is((await login(app, 'newcomer')).status, 401)
    const [mail] = await app.inbox()
    assert.is(mail?.toAddress, 'newcomer@people.test')
    const token = /http:\/\/main\.test\/reset#token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
    assert.is((await app.call(identity.reset, { body: { token, password } })).status, 204)
    assert.is((await login(app, 'newcomer')).status, 200)
    const again = await app.as(boss).call(admin.addAccount, { body })
    assert.is(again.problem, 'identity.taken')
    const nobody = { ...body, username: 'other-one', email: 'o@people.test', roles: ['artisan'] }
    const unknown = await app.as(boss).callRaw(admin.addAccount as Route, { body: nobody })
    assert.is(unknown.problem, 'identity.unknown-role')
    assert.match(JSON.stringify(unknown.body), 'did you mean \\"artist\\"')
  })

  test('shows one account with its sessions and ways in [ADM-02]', async ({ app, boss, owner }) => {
    const tokens = await joined(app, 'shown-one')
    const params = { id: tokens.account.id }
    const { body } = await app.as(boss).call(admin.getAccount, { params })
    assert.equal([body.sessions.length, body.factors.hasPassword, body.can.edit], [1, true, true])
    assert.equal([body.suspension, body.leavesAt, body.appPasswords], [null, null, 0])
    const above = await app.as(boss).call(admin.getAccount, { params: { id: owner.id } })
    assert.is(above.body.can.edit, false)
    assert.is((await app.as(boss).call(admin.getAccount, { params: { id: newId() } })).status, 404)
  })

  test('signs an account out everywhere, sockets too [ADM-02] [AUTH-07]', async ({ app, boss }) => {
    const member = await app.addAccount()
    const socket = await app.socket(member)
    const { body } = await app.as(boss).call(admin.endAccountSessions, { params: { id: member.id } })
    assert.equal([body.ended, await soon('the end of the socket', socket.closed)], [1, 4001])
    assert.is((await app.as(member).call(identity.me)).status, 401)
  })

  test('takes lost second factors away, ends the sessions and tells by mail [ADM-02] [AUTH-08]', async ({
    app,
    boss,
  }) => {
    const tokens = await joined(app, 'lost-phone')
    const { id } = tokens.account
    const { db } = app.site.database
    const createdAt = new Date().toISOString()
    await db('totp_secrets').insert({ accountId: id, secret: 'x', confirmedAt: createdAt, createdAt })
    await db('recovery_codes').insert({ accountId: id, codeHash: 'x' })
    await db('passkeys').insert({
      id: newId(),
      accountId: id,
      credentialId: `c-${id}`,
      publicKey: 'x',
      signCount: 0,
      transportsJson: '[]',
      name: 'Key',
      createdAt,
    })
    assert.is((await login(app, 'lost-phone')).problem, 'identity.second-factor-needed')
    const { body } = await app.as(boss).call(admin.resetAccountFactors, { params: { id } })
    assert.equal(body.factors, { hasPassword: true, hasTotp: false, passkeys: 0 })
    assert.equal([body.hasSecondFactor, body.sessions.length], [false, 0])
    const [mail] = await app.inbox()
    assert.match(mail?.subject ?? '', 'second factors')
    assert.is((await login(app, 'lost-phone')).status, 200)
    assert.is((await db('recovery_codes').where({ accountId: id })).length, 0)
  })

  test('mails a link to set a new password [ADM-02]', async ({ app, boss }) => {
    const tokens = await joined(app, 'forgetful')
    const params = { id: tokens.account.id }
    assert.is((await app.as(boss).call(admin.mailPasswordLink, { params })).status, 204)
    const [mail] = await app.inbox()
    const token = /reset#token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
    const body = { token, password: 'eleven purple teapots' }
    assert.is((await app.call(identity.reset, { body })).status, 204)
    assert.is((await login(app, 'forgetful')).status, 401)
  })

  test('deletes an account for good [ADM-02]', async ({ app, boss }) => {
    const member = await app.addAccount({ username: 'short-stay' })
    const params = { id: member.id }
    const socket = await app.socket(member)
    assert.is((await app.as(boss).call(admin.removeAccount, { params })).status, 204)
    assert.is(await soon('the end of the socket', socket.closed), 4001)
    assert.is((await app.as(boss).call(admin.removeAccount, { params })).status, 404)
    assert.is((await app.as(boss).call(admin.setAccountRoles, { params, body: { roles: [] } })).status, 404)
    const { items } = (await app.as(boss).call(admin.listAccounts, { query: { q: 'short-stay' } })).body
    assert.equal(items, [])
  })

  test('each of these leaves a record of who did it to whom [ADM-02] [SEC-01]', async ({ app, boss }) => {
    const { id } = await app.addAccount()
    const client = app.as(boss)
    const params = { id }
    await client.call(admin.setAccountRoles, { params, body: { roles: ['artist'] } })
    await client.call(admin.suspendAccount, { params, body: { reason: '', minutes: 5 } })
    await client.call(admin.restoreAccount, { params })
    await client.call(admin.endAccountSessions, { params })
    await client.call(admin.resetAccountFactors, { params })
    await client.call(admin.mailPasswordLink, { params })
    await client.call(admin.removeAccount, { params })
    const entries: { action: string; actorId: string }[] = await app.site.database
      .db('audit_entries')
      .where({ subject: id, actorId: boss.id })
      .orderBy('id')
    assert.equal(
      entries.map(({ action }) => action),
      [
        'account.roles-changed',
        'account.suspended',
        'account.restored',
        'account.sessions-ended',
        'account.factors-reset',
        'account.password-link-sent',
        'account.deleted',
      ],
    )
  })

  test('nobody without the permission gets at any of it; bad input changes nothing [ADM-02]', async ({
    app,
    boss,
    owner,
  }) => {
    const member = await app.addAccount()
    const routes = [
      admin.listAccounts,
      admin.addAccount,
      admin.getAccount,
      admin.setAccountRoles,
      admin.suspendAccount,
      admin.restoreAccount,
      admin.endAccountSessions,
      admin.resetAccountFactors,
      admin.mailPasswordLink,
      admin.removeAccount,
    ] as Route[]
    const params = { id: owner.id }
    for (const route of routes) {
      assert.is((await app.callRaw(route, { params })).status, 401, route.path)
      assert.is((await app.as(member).callRaw(route, { params })).status, 403, route.path)
    }
    const bad: [Route, unknown][] = [
      [admin.addAccount as Route, { email: 'x', username: 'ab' }],
      [admin.addAccount as Route, { email: 'x@y.test', username: 'ab', status: 'active' }],
      [admin.setAccountRoles as Route, { roles: 'owner' }],
      [admin.setAccountRoles as Route, { roles: ['king'] }],
      [admin.suspendAccount as Route, { minutes: 0 }],
      [admin.suspendAccount as Route, { reason: 'x'.repeat(501) }],
    ]
    for (const [route, body] of bad)
      assert.is((await app.as(boss).callRaw(route, { params: { id: member.id }, body })).status, 422)
    assert.equal((await app.as(member).call(identity.me)).body.roles, ['member'])
  })

  test('what gives or takes much asks for a fresh proof of who sits there [ADM-02]', async ({ app }) => {
    const aide = await app.addAccount({ roles: ['admin', 'member'] })
    const { db } = app.site.database
    await db('sessions').where({ id: aide.sessionId }).update({ confirmedAt: '2020-01-01T00:00:00.000Z' })
    const { id } = await app.addAccount()
    const asked: [Route, unknown][] = [
      [admin.setAccountRoles as Route, { roles: ['artist'] }],
      [admin.resetAccountFactors as Route, undefined],
      [admin.removeAccount as Route, undefined],
      [admin.addAccount as Route, { email: 'a@b.test', username: 'made-up', roles: ['admin'] }],
      [admin.createInvitation as Route, { role: 'admin' }],
    ]
    for (const [route, body] of asked) {
      const { problem } = await app.as(aide).callRaw(route, { params: { id }, body })
      assert.is(problem, 'identity.confirm-needed', route.path)
    }
    const quick = await app
      .as(aide)
      .call(admin.suspendAccount, { params: { id }, body: { reason: '', minutes: 1 } })
    assert.is(quick.status, 200)
  })

  test.run()
}
