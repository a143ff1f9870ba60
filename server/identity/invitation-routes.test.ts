import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { newId } from '../sdk/index.ts'

const password = 'seven green umbrellas'
const tokenOf = (url: string) => url.split('#invitation=')[1] ?? ''
const register = (app: TestApp, username: string, invitation?: string) =>
  app.call(identity.register, {
    body: { email: `${username}@people.test`, username, password, ...(invitation ? { invitation } : {}) },
  })

interface Wish {
  role?: string
  maxUses?: number
  expiresInDays?: number | null
  email?: string
}
const invite = (app: TestApp, who: TestAccount, wish: Wish = {}) =>
  app.as(who).call(admin.createInvitation, {
    body: { role: 'member', note: '', maxUses: 1, expiresInDays: 14, ...wish },
  })

for (const kind of databaseKinds) {
  const test = suite<{ app: TestApp; owner: TestAccount }>(`invitations, ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [] })
    context.owner = await context.app.addAccount({ roles: ['owner'], username: 'the-boss' })
  })
  test.after(({ app }) => app.close())

  test('an invitation brings its role, once, and is listed with its state [AUTH-14]', async ({
    app,
    owner,
  }) => {
    const made = await invite(app, owner, { role: 'artist' })
    assert.match(made.body.url, /^http:\/\/main\.test\/register#invitation=[\w-]{32}$/)
    const token = tokenOf(made.body.url)
    const look = async () => (await app.call(admin.lookAtInvitation, { body: { token } })).body
    assert.equal(await look(), { isGood: true, role: 'artist', invitedBy: 'the-boss' })
    assert.equal((await register(app, 'new-artist', token)).body.account.roles, ['artist'])
    assert.equal(await look(), { isGood: false, role: null, invitedBy: null })
    assert.is((await register(app, 'late-artist', token)).problem, 'identity.bad-invitation')
    const [listed] = (await app.as(owner).call(admin.listInvitations)).body.items
    assert.equal(
      [listed?.id, listed?.uses, listed?.state, listed?.createdBy],
      [made.body.id, 1, 'used-up', 'the-boss'],
    )
    const stored = JSON.stringify(await app.site.database.db('invitations'))
    assert.not.match(stored, token)
  })

  test('thirty who come at once by an invitation for five are five accounts [AUTH-14]', async ({
    app,
    owner,
  }) => {
    const made = await invite(app, owner, { maxUses: 5 })
    const token = tokenOf(made.body.url)
    const names = [...'abdefgh'].flatMap((a) => [...'pqstu'].map((b) => `runner-${a}${b}`)).slice(0, 30)
    const answers = await Promise.all(names.map((name) => register(app, name, token)))
    assert.is(answers.filter(({ status }) => status === 200).length, 5)
    assert.is(answers.filter(({ problem }) => problem === 'identity.bad-invitation').length, 25)
    const query = { q: 'runner-', limit: 100 }
    assert.is((await app.as(owner).call(admin.listAccounts, { query })).body.items.length, 5)
    const { items } = (await app.as(owner).call(admin.listInvitations)).body
    assert.is(items.find(({ id }) => id === made.body.id)?.uses, 5)
  })

  test('one that was taken back is good no more [AUTH-14]', async ({ app, owner }) => {
    const { body } = await invite(app, owner)
    const params = { id: body.id }
    assert.is((await app.as(owner).call(admin.removeInvitation, { params })).status, 204)
    assert.is((await register(app, 'too-late', tokenOf(body.url))).problem, 'identity.bad-invitation')
    assert.is((await app.as(owner).call(admin.removeInvitation, { params })).status, 404)
  })

  test('is mailed where an address is given [AUTH-14]', async ({ app, owner }) => {
    const { body } = await invite(app, owner, { email: 'guest@elsewhere.test' })
    const [mail] = await app.inbox()
    assert.is(mail?.toAddress, 'guest@elsewhere.test')
    assert.ok(mail?.text.includes(body.url))
  })

  test('registration is open, by invitation or closed, as the label says [AUTH-14] [AUTH-01]', async ({
    app,
    owner,
  }) => {
    const mode = (registration: 'open' | 'invitation' | 'closed') =>
      app.as(owner).call(admin.updateSettings, { body: { registration } })
    await mode('invitation')
    assert.is((await register(app, 'no-invite')).problem, 'identity.invitation-needed')
    assert.is((await register(app, 'bad-invite', 'made-up-token')).problem, 'identity.bad-invitation')
    const first = await invite(app, owner)
    assert.is((await register(app, 'by-invite', tokenOf(first.body.url))).status, 200)
    await mode('closed')
    assert.is((await register(app, 'shut-out')).problem, 'identity.registration-closed')
    const second = await invite(app, owner)
    assert.is((await register(app, 'let-inside', tokenOf(second.body.url))).status, 200)
    await mode('open')
    assert.is((await register(app, 'walked-in')).status, 200)
  })

  test('only who may invite does; bad input makes none [AUTH-14]', async ({ app, owner }) => {
    const member = await app.addAccount()
    const params = { id: newId() }
    const routes = [admin.listInvitations, admin.createInvitation, admin.removeInvitation] as Route[]
    for (const route of routes) {
      assert.is((await app.callRaw(route, { params })).status, 401)
      assert.is((await app.as(member).callRaw(route, { params })).status, 403)
    }
    const before = (await app.as(owner).call(admin.listInvitations)).body.items.length
    for (const body of [
      { role: 'king' },
      { maxUses: 0 },
      { email: 'x' },
      { uses: 3 },
      { expiresInDays: 0 },
    ]) {
      const answer = await app.as(owner).callRaw(admin.createInvitation as Route, { body })
      assert.is(answer.status, 422, JSON.stringify(body))
    }
    assert.is((await app.as(owner).call(admin.listInvitations)).body.items.length, before)
    assert.is((await app.callRaw(admin.lookAtInvitation as Route, { body: { token: 1 } })).status, 422)
  })

  test.run()
}

const alone = suite('invitations by the clock')

alone('one whose time is over is good no more [AUTH-14]', async () => {
  const clock = fakeClock()
  const app = await testApp({ plugins: [], clock })
  const owner = await app.addAccount({ roles: ['owner'] })
  const { body } = await invite(app, owner, { expiresInDays: 2 })
  const endless = await invite(app, owner, { expiresInDays: null })
  assert.is(body.expiresAt, '2026-01-07T10:00:00.000Z')
  clock.advance(2 * 24 * 3_600_000)
  assert.is((await register(app, 'too-late', tokenOf(body.url))).problem, 'identity.bad-invitation')
  const later = await app.addAccount({ roles: ['owner'] })
  const states = (await app.as(later).call(admin.listInvitations)).body.items.map(({ state }) => state)
  assert.equal(states, ['open', 'expired'])
  assert.is((await register(app, 'in-time', tokenOf(endless.body.url))).status, 200)
  await app.close()
})

alone.run()
