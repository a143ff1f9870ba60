import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { noPassword } from './accounts.ts'
import { closing, follow, login, mailsTo, member, statusByCookie, tokenIn } from './testdata/member.ts'
import { insertTicket } from './tickets.ts'

interface Context {
  app: TestApp
  clock: FakeClock
}
const next = 'eleven paper lanterns'
const subject = 'Set a new password'

for (const kind of databaseKinds) {
  const test = suite<Context>(`recovery on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], clock: context.clock })
  })
  // Waits and limits of the test before are over.
  test.before.each(({ clock }) => clock.advance(25 * 3_600_000))
  test.after(({ app }) => app.close())

  const forgot = (app: TestApp, email: string) => app.call(identity.forgot, { body: { email } })
  const reset = (app: TestApp, token: string, password = next) =>
    app.call(identity.reset, { body: { token, password } })

  test('the mailed link sets a new password once [AUTH-11]', async ({ app }) => {
    const { email, username, password } = await member(app)
    assert.is((await forgot(app, email.toUpperCase())).status, 204)
    const token = await tokenIn(app, email, subject)
    const [mail] = await mailsTo(app, email, subject)
    assert.match(mail?.text ?? '', username)
    const done = await reset(app, token)
    assert.equal([done.status, done.headers.get('set-cookie')], [204, null])
    assert.is((await reset(app, token, 'twelve paper lanterns')).problem, 'identity.bad-link')
    assert.is((await login(app, username, password)).problem, 'identity.wrong-credentials')
    assert.is((await login(app, username, next)).status, 200)
    assert.is((await mailsTo(app, email, 'Your password was changed')).length, 1)
  })

  test('answers alike and mails nothing where there is no account [AUTH-11] [AUTH-10]', async ({ app }) => {
    const { email } = await member(app)
    const [known, unknown] = [await forgot(app, email), await forgot(app, 'stranger@people.test')]
    const seen = ({ status, body, headers }: typeof known) => [
      status,
      body,
      [...headers.keys()].filter((name) => name !== 'x-request-id').sort(),
    ]
    assert.equal(seen(known), seen(unknown))
    assert.is((await mailsTo(app, email, subject)).length, 1)
    assert.is((await mailsTo(app, 'stranger@people.test')).length, 0)
    const jobs = JSON.stringify(await app.site.database.db('jobs').select('*'))
    assert.not.match(jobs, 'stranger@people', 'addresses are kept sealed')
    assert.is((await forgot(app, 'no address')).status, 422)
  })

  test('nobody is flooded with mails, and an address without account waits alike [AUTH-11]', async (context) => {
    const { app, clock } = context
    const { email } = await member(app)
    for (const address of [email, 'flooded@people.test']) {
      const answers = []
      for (let n = 0; n < 6; n++) answers.push(await forgot(app, address))
      assert.equal(
        answers.map(({ problem }) => problem),
        [null, null, null, ...Array(3).fill('identity.slow-down')],
        address,
      )
      assert.is(answers[5]?.headers.get('retry-after'), '60')
    }
    assert.ok((await mailsTo(app, email, subject)).length <= 3)
    clock.advance(61_000)
    assert.is((await forgot(app, email)).status, 204)
    let refused = 0
    for (let n = 0; n < 40; n++) if ((await forgot(app, `someone-${n}@people.test`)).status === 429) refused++
    assert.ok(refused >= 20, 'one address of the network cannot ask for many mailboxes')
  })

  test('a link runs out after an hour, and one of another purpose opens nothing [AUTH-11]', async (context) => {
    const { app, clock } = context
    const { id, email } = await member(app)
    await forgot(app, email)
    const token = await tokenIn(app, email, subject)
    assert.is((await follow(app, token)).problem, 'identity.bad-link')
    const { db } = app.site.database
    const other = { accountId: id, payload: { email }, ttlMs: 60_000, now: clock.now() }
    for (const purpose of ['verify', 'change-email', 'undo-email', 'second-factor'] as const)
      assert.is(
        (await reset(app, await insertTicket(db, { purpose, ...other }))).problem,
        'identity.bad-link',
      )
    for (const bad of ['0123456789', '%00%00%00%00', token.slice(1), ` ${token}`])
      assert.is((await reset(app, bad)).problem, 'identity.bad-link', bad)
    clock.advance(3_600_000)
    assert.is((await reset(app, token)).problem, 'identity.bad-link')
  })

  test('a link to an address the account no longer has is worth nothing [AUTH-11]', async ({ app }) => {
    const { id, email, username } = await member(app)
    await forgot(app, email)
    const token = await tokenIn(app, email, subject)
    await app.site.database
      .db('accounts')
      .where({ id })
      .update({ email: `${username}@elsewhere.test` })
    assert.is((await reset(app, token)).problem, 'identity.bad-link')
  })

  test('of twenty uses of one link at once one passes [AUTH-11]', async ({ app }) => {
    const { email, username } = await member(app)
    await forgot(app, email)
    const token = await tokenIn(app, email, subject)
    const words = Array.from({ length: 20 }, (_none, n) => `lanterns number ${n} on paper`)
    const answers = await Promise.all(words.map((word) => reset(app, token, word)))
    assert.is(answers.filter(({ status }) => status === 204).length, 1)
    assert.is(answers.filter(({ problem }) => problem === 'identity.bad-link').length, 19)
    const winner = words[answers.findIndex(({ status }) => status === 204)] ?? ''
    assert.is((await login(app, username, winner)).status, 200)
  })

  test('a weak password is refused and costs nothing of the link [AUTH-11] [AUTH-13]', async ({ app }) => {
    const { email, username } = await member(app)
    await forgot(app, email)
    const token = await tokenIn(app, email, subject)
    for (const weak of ['password123', `${username}2024!`, `${email}1`]) {
      const { problem, body } = await reset(app, token, weak)
      assert.is(problem, 'identity.weak-password', weak)
      const { errors } = body as unknown as { errors: { pointer: string }[] }
      assert.is(errors[0]?.pointer, '/password')
    }
    assert.is((await reset(app, token, 'short')).status, 422)
    assert.is((await reset(app, token)).status, 204)
  })

  test('a reset ends sessions, refresh tokens, open sockets and other links [AUTH-11]', async ({ app }) => {
    const { email, username, password, cookie, refreshToken } = await member(app)
    const second = await login(app, username, password)
    const socket = await app.socket({ cookie } as never)
    await forgot(app, email)
    const older = await tokenIn(app, email, subject)
    await forgot(app, email)
    const token = await tokenIn(app, email, subject)
    assert.is.not(older, token)
    assert.is((await reset(app, token)).status, 204)
    assert.is(await closing(socket), 4001)
    assert.is(await statusByCookie(app, cookie), 401)
    for (const spent of [refreshToken, second.body.refreshToken])
      assert.is((await app.call(identity.refresh, { body: { refreshToken: spent } })).status, 401)
    assert.is((await reset(app, older)).problem, 'identity.bad-link')
  })

  test('a reset lifts the wait after wrong guesses [AUTH-11]', async ({ app }) => {
    const { email, username } = await member(app)
    for (let n = 0; n < 8; n++) await login(app, username, `a wrong guess ${n}`)
    assert.is((await login(app, username, 'a wrong guess')).problem, 'identity.slow-down')
    await forgot(app, email)
    assert.is((await reset(app, await tokenIn(app, email, subject))).status, 204)
    assert.is((await login(app, username, next)).status, 200)
  })

  test('an account of an external sign-in gets its first password this way [AUTH-11]', async ({ app }) => {
    const { id, email, username } = await member(app)
    await app.site.database.db('accounts').where({ id }).update({ passwordHash: noPassword })
    assert.is((await login(app, username, next)).problem, 'identity.wrong-credentials')
    await forgot(app, email)
    assert.is((await reset(app, await tokenIn(app, email, subject))).status, 204)
    assert.is((await login(app, username, next)).status, 200)
  })

  test('a reset proves the address; who opened the account with it before keeps no way in [AUTH-11]', async (context) => {
    const { app, clock } = context
    const { id: accountId, email, username } = await member(app, { isVerified: false })
    const { db } = app.site.database
    const at = clock.now().toISOString()
    await db('external_identities').insert({
      id: accountId,
      accountId,
      provider: 'github',
      issuer: 'https://github.com',
      subject: accountId,
      createdAt: at,
    })
    await db('totp_secrets').insert({ accountId, secret: 'k', createdAt: at, confirmedAt: at })
    await db('recovery_codes').insert({ accountId, codeHash: 'theirs' })
    await forgot(app, email)
    assert.is((await reset(app, await tokenIn(app, email, subject))).status, 204)
    assert.is((await db('accounts').where({ id: accountId }).first()).emailVerifiedAt, at)
    for (const table of ['external_identities', 'totp_secrets', 'recovery_codes'])
      assert.equal(await db(table).where({ accountId }), [], table)
    assert.is((await login(app, username, next)).status, 200, 'no app of a stranger keeps the holder out')
  })

  test('a reset leaves second factors on where the address was confirmed before [AUTH-11] [AUTH-08]', async (context) => {
    const { app, clock } = context
    const { id: accountId, email, username } = await member(app)
    const at = clock.now().toISOString()
    await app.site.database
      .db('totp_secrets')
      .insert({ accountId, secret: 'k', createdAt: at, confirmedAt: at })
    await forgot(app, email)
    assert.is((await reset(app, await tokenIn(app, email, subject))).status, 204)
    assert.is((await login(app, username, next)).problem, 'identity.second-factor-needed')
  })

  test('suspended stays suspended, and a deleted account gets no link [AUTH-11]', async ({ app }) => {
    const { id, email, username } = await member(app)
    const { db } = app.site.database
    await db('accounts').where({ id }).update({ status: 'suspended' })
    await forgot(app, email)
    assert.is((await reset(app, await tokenIn(app, email, subject))).status, 204)
    assert.is((await login(app, username, next)).problem, 'identity.suspended')
    await db('accounts').where({ id }).update({ status: 'deleted' })
    const before = (await mailsTo(app, email, subject)).length
    await forgot(app, email)
    assert.is((await mailsTo(app, email, subject)).length, before)
  })

  test.run()
}
