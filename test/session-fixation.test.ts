import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type Route } from '#contract'
import { testApp } from './kit/app.ts'
import { Authenticator } from './kit/authenticator.ts'
import { fakeClock } from './kit/clock.ts'
import { databaseKinds } from './kit/databases.ts'
import { codeOf, finish, password, person, ticketOf, withTotp } from './kit/factors.ts'
import { doorRecipes, type Kitchen, nameOf } from './kit/recipes.ts'

/** A cookie somebody else chose, or saw, is worth nothing after its holder proved who they are. */
const planted = `veza_session=${'a'.repeat(32)}`
const signingIn = [
  identity.register,
  identity.login,
  identity.secondFactor,
  identity.passkeyLogin,
  identity.registerExternal,
  identity.setUp,
] as Route[]

/** The session's cookie that an answer sets; null where it sets none. */
const givenBy = (response: Response): string | null =>
  /veza_session=[\w-]{32}/.exec(response.headers.getSetCookie().join('\n'))?.[0] ?? null

for (const kind of databaseKinds) {
  const test = suite<Kitchen>(`session fixation on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], clock: context.clock, sites: ['other'] })
  })
  test.before.each(({ clock }) => clock.advance(61_000))
  test.after(({ app }) => app.close())

  const send = ({ app }: Kitchen, route: Route, body: unknown, cookie: string, host = 'main.test') =>
    app.request(route.path, {
      method: route.method,
      host,
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    })
  const status = async ({ app }: Kitchen, cookie: string, host = 'main.test') =>
    (await app.request('/api/v1/auth/me', { host, headers: { cookie } })).status

  test('every way to sign in gives a cookie of its own, whatever the browser brought [AUTH-02]', async (context) => {
    const cooks = new Map(doorRecipes)
    for (const route of signingIn) {
      const other = await context.app.addAccount()
      context.clock.advance(61_000)
      const { body, cookie = '', host } = (await cooks.get(nameOf(route))?.(context)) ?? {}
      const response = await send(context, route, body, `${planted}; ${other.cookie}; ${cookie}`, host)
      const given = givenBy(response)
      assert.is(response.status, 200, nameOf(route))
      assert.ok(given && ![planted, other.cookie].includes(given), nameOf(route))
      assert.equal(
        [await status(context, given as string, host), await status(context, planted, host)],
        [200, 401],
      )
    }
  })

  test('a password alone gives no session where two factors are asked for, and lifts no session there is [AUTH-02] [AUTH-08]', async (context) => {
    const account = await person(context)
    const { secret } = await withTotp(context, account)
    const old = await context.app.addAccount({ username: `old-${account.username}` })
    await context.app.site.database
      .db('sessions')
      .where({ id: old.sessionId })
      .update({ accountId: account.id })
    const { ticket } = await ticketOf(context, account)
    const answer = await send(
      context,
      identity.secondFactor as Route,
      { ticket, code: codeOf(secret, context) },
      old.cookie,
    )
    const given = givenBy(answer) ?? ''
    assert.is.not(given, old.cookie)
    const sessions = await context.app.site.database.db('sessions').where({ accountId: account.id })
    const oldOne = sessions.find(({ id }: { id: string }) => id === old.sessionId)
    assert.not.ok(oldOne.hasSecondFactor, 'the session from before stays what it was')
    assert.is((await finish(context, ticket, codeOf(secret, context))).problem, 'identity.bad-ticket')
  })

  test('a changed password ends every other cookie and token, and renews this one [AUTH-02]', async (context) => {
    const { app } = context
    const { username } = await person(context)
    const login = () => send(context, identity.login as Route, { login: username, password }, planted)
    const [here, elsewhere] = [await login(), await login()]
    const [cookie, other] = [givenBy(here) ?? '', givenBy(elsewhere) ?? '']
    const { refreshToken } = (await here.json()) as identity.Tokens
    const body = { currentPassword: password, newPassword: 'quite another one 7' }
    const changed = await send(context, identity.changePassword as Route, body, cookie)
    const renewed = givenBy(changed) ?? ''
    assert.is(changed.status, 204)
    const statuses = [renewed, cookie, other].map((one) => status(context, one))
    assert.equal(await Promise.all(statuses), [200, 401, 401])
    assert.is((await app.call(identity.refresh, { body: { refreshToken } })).status, 401)
  })

  test('a new proof of who sits there gives the browser another cookie, and leaves programs their tokens [AUTH-02] [AUTH-08]', async (context) => {
    const { app } = context
    const account = await person(context)
    let { cookie } = account
    const renew = async (route: Route, body: unknown) => {
      const response = await send(context, route, body, cookie)
      const given = givenBy(response) ?? ''
      assert.ok(response.ok, `${nameOf(route)}: ${await response.clone().text()}`)
      assert.equal([await status(context, given), await status(context, cookie)], [200, 401], nameOf(route))
      cookie = given
    }
    await renew(identity.confirmIdentity as Route, { password })
    const { secret } = (await app.as(account).call(identity.enrolTotp)).body
    await renew(identity.confirmTotp as Route, { code: codeOf(secret, context) })
    context.clock.advance(30_000)
    await renew(identity.confirmIdentity as Route, { code: codeOf(secret, context) })
    const { ticket, options } = (await app.as(account).call(identity.passkeyCreation)).body
    const response = new Authenticator().create(options)
    await renew(identity.addPasskey as Route, { ticket, response, name: 'Phone' })
    const wrong = await send(context, identity.confirmIdentity as Route, { password: 'wrong' }, cookie)
    assert.equal([wrong.status, givenBy(wrong), await status(context, cookie)], [401, null, 200])
    const byToken = await app.as(account).call(identity.confirmIdentity, { body: { password } })
    assert.equal([byToken.status, byToken.headers.get('set-cookie')], [204, null])
    assert.is((await app.as(account).call(identity.me)).status, 200)
  })

  test.run()
}
