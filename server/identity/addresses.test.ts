import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import {
  closing,
  follow,
  login,
  type Member,
  mailsTo,
  member,
  statusByCookie,
  tokenIn,
} from './testdata/member.ts'

interface Context {
  app: TestApp
  clock: FakeClock
}
const verifySubject = 'Confirm your address'
const changeSubject = 'Confirm your new address'
const undoSubject = 'Your address is to be changed'
let count = 0

for (const kind of databaseKinds) {
  const test = suite<Context>(`addresses on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(25 * 3_600_000))
  test.after(({ app }) => app.close())

  const freshAddress = () => `new-address-${++count}@people.test`
  const ask = ({ client, password }: Member, email: string) =>
    client.call(identity.changeEmail, { body: { email, password } })
  const emailOf = async (app: TestApp, { id }: Member): Promise<string> =>
    (await app.site.database.db('accounts').where({ id }).first()).email

  test('the mailed link confirms the address once [AUTH-01]', async ({ app }) => {
    const { email, client } = await member(app, { isVerified: false })
    assert.is((await client.call(identity.me)).body.isEmailVerified, false)
    const token = await tokenIn(app, email, verifySubject)
    assert.equal((await follow(app, token)).body, { done: 'verified', email })
    assert.is((await client.call(identity.me)).body.isEmailVerified, true)
    assert.is((await follow(app, token)).problem, 'identity.bad-link')
    assert.is((await client.call(identity.resendVerification)).status, 204)
    assert.is((await mailsTo(app, email, verifySubject)).length, 1, 'a confirmed one gets no more mails')
  })

  test('a new link ends the one before, and each runs out after three days [AUTH-01]', async (context) => {
    const { app, clock } = context
    const { email, client } = await member(app, { isVerified: false })
    const first = await tokenIn(app, email, verifySubject)
    assert.is((await client.call(identity.resendVerification)).status, 204)
    const second = await tokenIn(app, email, verifySubject)
    assert.is((await follow(app, first)).problem, 'identity.bad-link')
    clock.advance(3 * 24 * 3_600_000)
    assert.is((await follow(app, second)).problem, 'identity.bad-link')
    assert.is((await app.call(identity.resendVerification)).problem, 'not-signed-in')
  })

  test('of twenty uses of one link at once one passes [AUTH-01]', async ({ app }) => {
    const { email } = await member(app, { isVerified: false })
    const token = await tokenIn(app, email, verifySubject)
    const answers = await Promise.all(Array.from({ length: 20 }, () => follow(app, token)))
    assert.is(answers.filter(({ status }) => status === 200).length, 1)
    assert.is(answers.filter(({ problem }) => problem === 'identity.bad-link').length, 19)
  })

  test('another address counts when its link was followed, and not before [AUTH-12]', async ({ app }) => {
    const person = await member(app)
    const email = freshAddress()
    assert.is((await ask(person, email)).status, 204)
    assert.is(await emailOf(app, person), person.email)
    const token = await tokenIn(app, email, changeSubject)
    assert.equal((await follow(app, token)).body, { done: 'changed', email })
    assert.is((await follow(app, token)).problem, 'identity.bad-link')
    const { body } = await person.client.call(identity.me)
    assert.equal([body.email, body.isEmailVerified], [email, true])
    assert.is((await login(app, email, person.password)).status, 200)
    assert.is((await login(app, person.email, person.password)).status, 401)
  })

  test('a change needs the password, or a proof of the last quarter of an hour [AUTH-12]', async (context) => {
    const { app, clock } = context
    const person = await member(app)
    const email = freshAddress()
    const wrong = await person.client.call(identity.changeEmail, {
      body: { email, password: 'not my password' },
    })
    assert.is(wrong.problem, 'identity.wrong-credentials')
    const { errors } = wrong.body as unknown as { errors: { pointer: string; message: string }[] }
    assert.equal(errors, [{ pointer: '/password', message: 'This is not your present password.' }])
    const byCookie = () =>
      app.request('/api/v1/auth/change-email', {
        method: 'POST',
        headers: { cookie: person.cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ email }),
      })
    assert.is((await byCookie()).status, 204)
    clock.advance(15 * 60_000)
    assert.is((await byCookie()).status, 403)
    assert.is((await app.call(identity.changeEmail, { body: { email } })).problem, 'not-signed-in')
  })

  test('does not tell that an address is somebody else’s; that one learns it by mail [AUTH-12]', async ({
    app,
  }) => {
    const [person, other] = [await member(app), await member(app)]
    const taken = await ask(person, other.email)
    const free = await ask(person, freshAddress())
    assert.equal([taken.status, taken.body], [free.status, free.body])
    assert.is((await mailsTo(app, other.email, changeSubject)).length, 0)
    const [mail] = await mailsTo(app, other.email, 'This address has an account already')
    assert.not.match(mail?.text ?? 'token', 'token')
    assert.not.match(mail?.text ?? person.username, person.username)
  })

  test('an address taken meanwhile stays with who took it [AUTH-12]', async ({ app }) => {
    const person = await member(app)
    const email = 'meanwhile@people.test'
    await ask(person, email)
    const token = await tokenIn(app, email, changeSubject)
    await member(app, { username: 'meanwhile', isVerified: false })
    assert.is((await follow(app, token)).problem, 'identity.taken')
    assert.is(await emailOf(app, person), person.email)
  })

  test('the old address undoes a change: it is back, everybody is out, and a new password can be set [AUTH-12]', async ({
    app,
  }) => {
    const person = await member(app)
    const thief = freshAddress()
    await ask(person, thief)
    const undo = await tokenIn(app, person.email, undoSubject)
    await follow(app, await tokenIn(app, thief, changeSubject))
    const socket = await app.socket({ cookie: person.cookie } as never)
    await app.call(identity.forgot, { body: { email: thief } })
    const stolen = await tokenIn(app, thief, 'Set a new password')
    assert.equal((await follow(app, undo)).body, { done: 'undone', email: person.email })
    assert.is(await closing(socket), 4001)
    assert.is(await emailOf(app, person), person.email)
    assert.is(await statusByCookie(app, person.cookie), 401)
    const reset = (token: string) =>
      app.call(identity.reset, { body: { token, password: 'eleven paper lanterns' } })
    assert.is((await reset(stolen)).problem, 'identity.bad-link')
    assert.is((await reset(await tokenIn(app, person.email, 'Set a new password'))).status, 204)
    assert.is((await follow(app, undo)).problem, 'identity.bad-link')
  })

  test('undoing before the change was confirmed ends its link [AUTH-12]', async ({ app }) => {
    const person = await member(app)
    const email = freshAddress()
    await ask(person, email)
    const token = await tokenIn(app, email, changeSubject)
    await follow(app, await tokenIn(app, person.email, undoSubject))
    assert.is((await follow(app, token)).problem, 'identity.bad-link')
  })

  test('of several changes the oldest address wins, for seven days [AUTH-12]', async (context) => {
    const { app, clock } = context
    const person = await member(app)
    const [second, third] = [freshAddress(), freshAddress()]
    await ask(person, second)
    const oldest = await tokenIn(app, person.email, undoSubject)
    await follow(app, await tokenIn(app, second, changeSubject))
    clock.advance(60_000)
    await ask(person, third)
    const younger = await tokenIn(app, second, undoSubject)
    await follow(app, await tokenIn(app, third, changeSubject))
    assert.is((await follow(app, oldest)).status, 200)
    assert.is((await follow(app, younger)).problem, 'identity.bad-link')
    assert.is(await emailOf(app, person), person.email)

    const late = await member(app)
    await ask(late, freshAddress())
    const undo = await tokenIn(app, late.email, undoSubject)
    clock.advance(7 * 24 * 3_600_000)
    assert.is((await follow(app, undo)).problem, 'identity.bad-link')
  })

  test('nobody takes the old address while its change can be undone [AUTH-12]', async ({ app }) => {
    const person = await member(app, { username: 'old-holder' })
    const email = freshAddress()
    await ask(person, email)
    await follow(app, await tokenIn(app, email, changeSubject))
    const squat = { email: person.email, username: 'squatter', password: 'seven quiet harbours' }
    assert.is((await app.call(identity.register, { body: squat })).problem, 'identity.taken')
    await ask(person, person.email)
    assert.is((await follow(app, await tokenIn(app, person.email, changeSubject))).body.done, 'changed')
  })

  test('an address nobody confirmed gets no power over the account [AUTH-12] [AUTH-01]', async ({ app }) => {
    const person = await member(app, { isVerified: false })
    await ask(person, freshAddress())
    assert.is((await mailsTo(app, person.email, undoSubject)).length, 0)
  })

  test.run()
}
