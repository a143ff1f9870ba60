import type { IncomingMessage } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, defineRoute, identity, z } from '#contract'
import { definePlugin } from '#sdk'
import { type TestAccount, testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { actionsOf, type Turned, wasTold } from '../../test/kit/factors.ts'
import { appPasswordSecrets, checkAppPassword } from './app-passwords.ts'
import { createAuthenticate } from './authenticate.ts'

const read = defineRoute({
  method: 'GET',
  path: '/api/v1/shelf/{name}',
  access: 'signed-in',
  summary: 'Who reads',
  result: z.strictObject({ username: z.string(), mayCurate: z.boolean() }),
})
const write = defineRoute({
  method: 'POST',
  path: '/api/v1/shelf/{name}',
  access: 'signed-in',
  summary: 'Write',
})
/** A plugin that programs read. */
const shelf = definePlugin({
  name: 'shelf',
  version: '1.0.0',
  title: 'Shelf',
  permissions: { 'shelf.curate': { title: 'Curate', roles: ['member'] } },
  setup: (ctx) => {
    ctx.router.handle(read, (_input, call) => ({
      username: call.me.username,
      mayCurate: call.can('shelf.curate'),
    }))
    ctx.router.handle(write, () => undefined)
  },
})

const basic = (username: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`,
})
const get = ({ app }: Turned, headers: Record<string, string>, path = '/api/v1/shelf/a') =>
  app.request(path, { headers })

async function create({ app }: Turned, account: TestAccount, scopes?: identity.AppPasswordScope[]) {
  const body = { name: 'Phone', ...(scopes ? { scopes } : {}) } as never
  const answer = await app.as(account).call(identity.createAppPassword, { body })
  assert.is(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}

for (const kind of databaseKinds) {
  const test = suite<Turned>(`app passwords on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [shelf], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(10 * 60_000))
  test.after(({ app }) => app.close())

  test('an app password is shown once, listed without its secret and sealed in the database [SEC-09]', async (context) => {
    const { app } = context
    const { db } = app.site.database
    const account = await app.addAccount()
    const made = await create(context, account)
    assert.match(made.password, /^([0-9a-z]{5}-){4}[0-9a-z]{5}$/)
    assert.equal([made.name, made.scopes, made.usedAt], ['Phone', ['api-read'], null])
    const { password, ...shown } = made
    const { items } = (await app.as(account).call(identity.listAppPasswords)).body
    assert.equal(items, [shown])
    const dump = JSON.stringify([
      await db('app_passwords'),
      await db('audit_entries'),
      await db('mail_outbox'),
    ])
    assert.match(dump, made.id)
    assert.is(dump.includes(password), false)
    const row = await db('app_passwords').where({ id: made.id }).first()
    assert.is(app.site.keyring.open(row.secret, `app_passwords.secret/${made.id}`), password)
    assert.is(await wasTold(context, account, 'New app password'), 1)
  })

  test('a program reads by it as the account, without permissions, and does nothing else', async (context) => {
    const { app } = context
    const account = await app.addAccount()
    const { password } = await create(context, account)
    const asMember = await app.as(account).call(read, { params: { name: 'a' } })
    assert.equal(asMember.body, { username: account.username, mayCurate: true })
    for (const name of [account.username, account.email, account.username.toUpperCase()]) {
      const answer = await get(context, basic(name, password))
      assert.equal(await answer.json(), { username: account.username, mayCurate: false })
    }
    const me = await get(context, basic(account.username, password), '/api/v1/auth/me')
    assert.equal((await me.json()).permissions, [])
    const headers = basic(account.username, password)
    for (const path of [
      '/api/v1/auth/sessions',
      '/api/v1/auth/app-passwords',
      '/api/v1/%61uth/factors',
      '/api/v1/auth%2Ffactors',
    ])
      assert.ok([401, 404].includes((await get(context, headers, path)).status), path)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      assert.is.not((await app.request('/api/v1/shelf/a', { method, headers })).status, 204, method)
    const posted = await app.request('/api/v1/shelf/a', { method: 'POST', headers })
    assert.is(posted.status, 401)
    assert.is((await app.as(account).call(write, { params: { name: 'a' } })).status, 204)
    const owner = await app.addAccount({ roles: ['owner'] })
    const ofOwner = await create(context, owner)
    const path = admin.listAudit.path
    assert.is((await app.as(owner).call(admin.listAudit)).status, 200)
    assert.is((await get(context, basic(owner.username, ofOwner.password), path)).status, 403)
  })

  test('it opens no connection that stays', async (context) => {
    const { app } = context
    const account = await app.addAccount()
    const { password } = await create(context, account)
    const { site } = app
    const authenticate = createAuthenticate({
      db: site.database.db,
      permissions: site.permissions,
      keyring: site.keyring,
      tokens: site.tokens,
      needsVerifiedEmail: () => false,
      now: context.clock.now,
      cookieName: 'c',
    })
    const callerOf = (more: Record<string, string>) => {
      const headers = { ...basic(account.username, password), ...more }
      const req = { method: 'GET', url: '/api/v1/realtime', headers } as unknown as IncomingMessage
      return authenticate.byRequest(req, '192.0.2.1')
    }
    assert.is((await callerOf({})).account?.id, account.id)
    assert.equal(await callerOf({ upgrade: 'websocket' }), { account: null, sessionId: null })
  })

  test('it opens only what its scopes name, and only for its own account [SEC-09]', async (context) => {
    const { app } = context
    const [account, other] = [await app.addAccount(), await app.addAccount()]
    const subsonic = await create(context, account, ['subsonic', 'webdav', 'subsonic'])
    assert.equal(subsonic.scopes, ['subsonic', 'webdav'])
    assert.is((await get(context, basic(account.username, subsonic.password))).status, 401)
    const parts = { db: app.site.database.db, keyring: app.site.keyring, now: context.clock.now }
    const check = (username: string, scope: identity.AppPasswordScope) =>
      checkAppPassword(parts, { username, given: subsonic.password, scope, address: '192.0.2.9' })
    assert.is((await check(account.username, 'webdav'))?.id, account.id)
    assert.is(await check(account.username, 'api-read'), null)
    assert.is(await check(other.username, 'webdav'), null)
    assert.is(await check('nobody', 'webdav'), null)
    assert.equal(await appPasswordSecrets(parts, account.id, 'subsonic'), [
      { id: subsonic.id, secret: subsonic.password },
    ])
    assert.equal(await appPasswordSecrets(parts, account.id, 'api-read'), [])
    const { password } = await create(context, account)
    assert.is((await get(context, basic(other.username, password))).status, 401)
    for (const body of [
      { name: '', scopes: ['api-read'] },
      { name: 'x', scopes: [] },
      { name: 'x', scopes: ['admin'] },
      { name: 'x', secret: 'mine' },
    ])
      assert.is((await app.as(account).callRaw(identity.createAppPassword as never, { body })).status, 422)
    assert.is((await app.callRaw(identity.listAppPasswords as never)).problem, 'not-signed-in')
  })

  test('one that was removed, or whose account is out, opens nothing from then on', async (context) => {
    const { app } = context
    const [account, other] = [await app.addAccount(), await app.addAccount()]
    const [one, two] = [await create(context, account), await create(context, account)]
    const status = async ({ password }: { password: string }) =>
      (await get(context, basic(account.username, password))).status
    assert.equal([await status(one), await status(two)], [200, 200])
    const removal = { params: { id: one.id } }
    assert.is((await app.as(other).call(identity.removeAppPassword, removal)).status, 404)
    assert.is((await app.as(account).call(identity.removeAppPassword, removal)).status, 204)
    assert.equal([await status(one), await status(two)], [401, 200])
    assert.is((await app.as(account).call(identity.removeAppPassword, removal)).status, 404)
    const { items } = (await app.as(account).call(identity.listAppPasswords)).body
    assert.equal(
      items.map(({ id, usedAt }) => [id, typeof usedAt]),
      [[two.id, 'string']],
    )
    await app.site.database.db('accounts').where({ id: account.id }).update({ status: 'suspended' })
    assert.is(await status(two), 401)
    const parts = { db: app.site.database.db, keyring: app.site.keyring, now: context.clock.now }
    assert.equal(await appPasswordSecrets(parts, account.id, 'api-read'), [])
    assert.equal(await actionsOf(context, account.id), [
      'app-password.created',
      'app-password.created',
      'app-password.removed',
    ])
  })

  test('wrong ones are slowed down by address; the right one is not kept waiting', async (context) => {
    const { app } = context
    const account = await app.addAccount()
    const { password } = await create(context, account)
    const wrong = `${password.slice(0, -1)}${password.endsWith('0') ? '1' : '0'}`
    const statuses = []
    for (let guess = 0; guess < 60; guess++)
      statuses.push((await get(context, basic(account.username, wrong))).status)
    assert.equal([...new Set(statuses)], [401, 429])
    const refused = await get(context, basic(account.username, wrong))
    assert.is((await refused.json()).type, 'urn:veza:problem:identity.slow-down')
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.is((await get(context, basic(account.username, password))).status, 200)
  })

  test('a proxy’s own name and password mean nothing, and the cookie counts', async (context) => {
    const { app } = context
    const account = await app.addAccount()
    for (const authorization of [
      'Basic',
      'Basic !',
      'Basic Og==',
      basic('staging', 'secret').authorization,
    ]) {
      assert.is((await get(context, { authorization })).status, 401)
      assert.is((await get(context, { authorization, cookie: account.cookie })).status, 200)
    }
  })

  test('an account has at most fifty', async (context) => {
    const { app, clock } = context
    const account = await app.addAccount()
    const { db } = app.site.database
    await create(context, account)
    const row = await db('app_passwords').where({ accountId: account.id }).first()
    const more = Array.from({ length: 49 }, (_, at) => ({
      ...row,
      id: `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
      scopesJson: '[]',
    }))
    await db('app_passwords').insert(more)
    clock.advance(1000)
    const refused = await app.as(account).call(identity.createAppPassword, { body: { name: 'x' } as never })
    assert.equal([refused.status, refused.problem], [422, 'invalid-input'])
  })

  test.run()
}
