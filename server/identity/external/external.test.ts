import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type Route } from '#contract'
import { databaseKinds } from '../../../test/kit/databases.ts'
import { type Browser, browserAt } from './testdata/browser.ts'
import {
  boot,
  type Context,
  close,
  goRound,
  openAccount,
  rowsOf,
  ticketIn,
} from './testdata/site-with-issuer.ts'

for (const kind of databaseKinds) {
  const test = suite<Context>(`external sign-in on ${kind}`)
  test.before((context) => boot(context, kind))
  test.before.each(({ clock }) => clock.advance(61_000))
  test.after(close)

  test('a newcomer opens an account and signs in again by it [AUTH-04]', async (context) => {
    const { app } = context
    const browser = browserAt(app)
    const place = await goRound(context, browser, 'ada', { next: '/live/one?x=1#top' })
    assert.match(place, /^\/register\?next=%2Flive%2Fone%3Fx%3D1%23top#external=[\w-]{32}$/)
    const ticket = ticketIn(place)
    const newcomer = await browser.call(identity.externalNewcomer as Route, { body: { ticket } })
    const expected = { provider: 'label', email: 'ada@issuer.test', username: 'ada', displayName: 'ADA' }
    assert.equal(newcomer.body, expected)
    const register = (body: object) =>
      browser.call(identity.registerExternal as Route, { body: { ticket, ...body } })
    assert.is((await register({ username: 'admin' })).problem, 'identity.taken')
    // An address that the provider vouched for is the one that counts.
    const made = await register({ username: 'ada', email: 'other@issuer.test' })
    assert.equal([made.status, made.body?.account?.email], [200, 'ada@issuer.test'])
    assert.is(made.body.account.isEmailVerified, true)
    assert.is((await register({ username: 'ada2' })).problem, 'identity.bad-ticket')
    const again = browserAt(app)
    assert.is(await goRound(context, again, 'ada', { next: '/live/one' }), '/live/one')
    assert.is(await again.who(), 'ada')
    const sessions = await again.call(identity.listSessions as Route)
    assert.equal(
      sessions.body.items.map((item: { methods: string[] }) => item.methods),
      [['external'], ['external']],
    )
    const row = await rowsOf(app, 'accounts').where({ username: 'ada' }).first('password_hash')
    assert.is(row.passwordHash, '!')
  })

  test('an address that was not vouched for is asked for and has to be confirmed [AUTH-04]', async (context) => {
    context.claims.set('bob', { email_verified: false, email: 'bob@elsewhere.test' })
    const browser = browserAt(context.app)
    const ticket = ticketIn(await goRound(context, browser, 'bob'))
    const register = (body: object) =>
      browser.call(identity.registerExternal as Route, { body: { ticket, username: 'bob', ...body } })
    const newcomer = await browser.call(identity.externalNewcomer as Route, { body: { ticket } })
    assert.is(newcomer.body.email, null)
    const missing = await register({})
    assert.equal([missing.status, missing.body.errors?.[0]?.pointer], [422, '/email'])
    const made = await register({ email: 'bob@own.test' })
    assert.equal([made.status, made.body.account?.isEmailVerified], [200, false])
    const mails = (await context.app.inbox()).filter(({ toAddress }) => toAddress === 'bob@own.test')
    assert.ok(mails.some(({ text }) => /\/verify#token=[\w-]{32}/.test(text)))
  })

  test('nobody gets into an account by saying its address [AUTH-04] [AUTH-06]', async (context) => {
    const { app, claims } = context
    const victim = await app.addAccount()
    const browser = browserAt(app)
    for (const email_verified of [true, false, 'true', undefined]) {
      claims.set('eve', { email: victim.email.toUpperCase(), email_verified })
      assert.is(await goRound(context, browser, 'eve'), '/login?problem=identity.address-in-use')
    }
    assert.is(await browser.who(), null)
    assert.equal(await rowsOf(app, 'external_identities').where({ accountId: victim.id }), [])
    // Nor by asking for it in the form.
    claims.set('eve', { email: undefined })
    const ticket = ticketIn(await goRound(context, browser, 'eve'))
    const body = { ticket, username: 'eve', email: victim.email }
    assert.is((await browser.call(identity.registerExternal as Route, { body })).problem, 'identity.taken')
  })

  test('an account is linked, used and unlinked, and its holder is told [AUTH-06]', async (context) => {
    const { app, clock } = context
    const account = await app.addAccount()
    const browser = browserAt(app, { as: account })
    assert.is(await goRound(context, browser, 'cy', { intent: 'link', next: '/account' }), '/account')
    assert.is((await app.inbox())[0]?.toAddress, account.email)
    const list = await browser.call(identity.listIdentities as Route)
    const { id, ...item } = list.body.items[0]
    assert.equal(
      { ...item, createdAt: null },
      { provider: 'label', title: 'The label', email: 'cy@issuer.test', createdAt: null, usedAt: null },
    )
    const other = browserAt(app)
    assert.is(await goRound(context, other, 'cy'), '/')
    assert.is(await other.who(), account.username)
    // Linked once, and to nobody else.
    assert.is(await goRound(context, browser, 'cy', { intent: 'link' }), '/')
    const stranger = browserAt(app, { as: await app.addAccount() })
    const refused = await goRound(context, stranger, 'cy', { intent: 'link' })
    assert.is(refused, '/login?problem=identity.linked-elsewhere')
    // The account has no password: this is its last way in.
    const unlink = (by: Browser) => by.call(identity.unlinkIdentity as Route, { params: { id } })
    assert.is((await unlink(stranger)).status, 404)
    assert.is((await unlink(browser)).problem, 'identity.last-way-in')
    await rowsOf(app, 'accounts').where({ id: account.id }).update({ passwordHash: 'some' })
    clock.advance(16 * 60_000)
    assert.is((await unlink(browser)).problem, 'identity.confirm-needed')
    const fresh = browserAt(app)
    await goRound(context, fresh, 'cy')
    assert.is((await unlink(fresh)).status, 204)
    assert.equal((await fresh.call(identity.listIdentities as Route)).body.items, [])
    assert.match(await goRound(context, browserAt(app), 'cy'), /^\/register#external=/)
    const actions = await rowsOf(app, 'audit_entries').where({ subject: account.id }).select('action')
    const names = actions.map(({ action }: { action: string }) => action)
    assert.ok(names.includes('identity.linked') && names.includes('identity.unlinked'), names.join())
  })

  test('linking needs a session that is fresh, and the same one at the return [AUTH-06]', async (context) => {
    const { app, clock, issuer } = context
    const start = (by: Browser) =>
      by.call(identity.startExternal as Route, { params: { provider: 'label' }, body: { intent: 'link' } })
    assert.is((await start(browserAt(app))).problem, 'not-signed-in')
    const account = await app.addAccount()
    const browser = browserAt(app, { as: account })
    const back = await issuer.signInAs('dan', await browser.leave('label', { intent: 'link' }))
    // Somebody else signs in meanwhile.
    browser.jar.take(new Headers({ 'set-cookie': (await app.addAccount()).cookie }))
    assert.is(await browser.comeBack(back), '/login?problem=identity.bad-ticket')
    // Or the same person in another session, which proved nothing.
    const [one, two] = [await openAccount(context, 'ned'), browserAt(app)]
    const linking = await issuer.signInAs('dan', await one.leave('label', { intent: 'link' }))
    await goRound(context, two, 'ned')
    for (const pair of two.jar.header.split('; '))
      if (pair.startsWith('veza_session=')) one.jar.take(new Headers({ 'set-cookie': pair }))
    assert.is(await one.comeBack(linking), '/login?problem=identity.bad-ticket')
    assert.equal(await rowsOf(app, 'external_identities').where({ subject: 'dan' }), [])
    // A second factor that this session has not shown: else the password alone would add a way in.
    const time = clock.now().toISOString()
    const row = { accountId: account.id, secret: 'k', createdAt: time, confirmedAt: time }
    assert.is((await start(browserAt(app, { as: account }))).status, 200)
    await rowsOf(app, 'totp_secrets').insert(row)
    assert.is((await start(browserAt(app, { as: account }))).problem, 'identity.confirm-needed')
    await rowsOf(app, 'totp_secrets').where({ accountId: account.id }).delete()
    clock.advance(16 * 60_000)
    assert.is((await start(browserAt(app, { as: account }))).problem, 'identity.confirm-needed')
  })

  test('the second factor of an account is asked for here, too [AUTH-04] [AUTH-08]', async (context) => {
    const { app } = context
    await openAccount(context, 'fay')
    const { id: accountId } = await rowsOf(app, 'accounts').where({ username: 'fay' }).first('id')
    const time = new Date().toISOString()
    await rowsOf(app, 'totp_secrets').insert({ accountId, secret: 'k', createdAt: time, confirmedAt: time })
    const browser = browserAt(app)
    const place = await goRound(context, browser, 'fay', { next: '/live/one' })
    assert.match(place, /^\/login\?next=%2Flive%2Fone#ticket=[\w-]{32}&methods=totp$/)
    assert.is(await browser.who(), null)
    const ticket = await rowsOf(app, 'tickets').where({ accountId, purpose: 'second-factor' }).first()
    assert.equal(ticket.payloadJson, { methods: ['external'] })
  })

  test('a suspended account stays shut, and a closed site takes nobody [AUTH-04]', async (context) => {
    const { app } = context
    await openAccount(context, 'gil')
    await rowsOf(app, 'accounts').where({ username: 'gil' }).update({ status: 'suspended' })
    const browser = browserAt(app)
    assert.is(await goRound(context, browser, 'gil'), '/login?problem=identity.suspended')
    const { db } = app.site.database
    await db.tx((tx) => app.site.settings.updateSite(tx, { registration: 'invitation' }))
    assert.is(await goRound(context, browser, 'hal'), '/login?problem=identity.invitation-needed')
    const ticket = ticketIn(await goRound(context, browser, 'hal', { invitation: 'x'.repeat(20) }))
    const register = { body: { ticket, username: 'hal' } }
    const made = await browser.call(identity.registerExternal as Route, register)
    assert.is(made.problem, 'identity.bad-invitation')
    await db.tx((tx) => app.site.settings.updateSite(tx, { registration: 'open' }))
    assert.is(await browser.who(), null)
  })

  test('of two who open an account at once by one person, one does [AUTH-04]', async (context) => {
    const browser = browserAt(context.app)
    const tickets = [
      ticketIn(await goRound(context, browser, 'max')),
      ticketIn(await goRound(context, browser, 'max')),
    ]
    const made = await Promise.all(
      tickets.map((ticket, place) => {
        const body = { ticket, username: `max${place}`, email: `max${place}@own.test` }
        return browser.call(identity.registerExternal as Route, { body })
      }),
    )
    assert.equal(made.map(({ status }) => status).sort(), [200, 409])
    assert.is((await rowsOf(context.app, 'external_identities').where({ subject: 'max' })).length, 1)
  })

  test.run()
}
