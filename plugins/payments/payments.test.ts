import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { newId } from '#sdk'
import { databaseKinds } from '../../test/kit/databases.ts'
import { commands } from './commands.ts'
import type { Payment } from './contract.ts'
import * as contract from './contract.ts'
import { getPayment, listPaymentsOf } from './payments.ts'
import { testCallback } from './sandbox.ts'
import { changeSettings, nameOfRefusal, type PaymentTests, paymentSuite, wishOf } from './testdata/kit.ts'

for (const kind of databaseKinds) {
  const test = paymentSuite('payments', kind)
  beginTests(test)
  routeTests(test)
  commandTests(test)
  personTests(test)
  test.run()
}

function beginTests(test: Test<PaymentTests>) {
  test('twenty begins with one key are one payment [LIVE-08]', async ({ app, api, ana }) => {
    const wish = wishOf(ana)
    const { db } = app.site.database
    const begins = Array.from({ length: 20 }, () => db.tx((db) => api.begin(db, wish)))
    const answers = await Promise.all(begins)
    assert.is(new Set(answers.map(({ payment }) => payment.id)).size, 1)
    assert.is(answers.filter(({ isNew }) => isNew).length, 1)
    assert.is((await listPaymentsOf(db, ana.id)).length, 1)
  })

  test('a key means one thing: another amount, purpose or currency under it is refused', async (context) => {
    const { app, ana, begin } = context
    const key = newId()
    const first = await begin({ key })
    for (const more of [{ amountMinor: 501 }, { purpose: 'shop.gift' }, { currency: 'USD' }])
      assert.is(await nameOfRefusal(begin({ key, ...more })), 'payments.key-reused')
    assert.is((await begin({ key, currency: 'EUR' })).id, first.id)
    context.ana = await app.addAccount()
    assert.is.not((await begin({ key })).id, first.id, 'a key of one account is nothing to another')
    assert.is((await listPaymentsOf(app.site.database.db, ana.id)).length, 1)
  })

  test('refuses amounts that are none, too small or too large, and other currencies', async ({ begin }) => {
    const wrong = [0, -500, 99, 100_001, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e21]
    for (const amountMinor of wrong)
      assert.is(await nameOfRefusal(begin({ amountMinor })), 'payments.wrong-amount', `${amountMinor}`)
    assert.is(await nameOfRefusal(begin({ currency: 'USD' })), 'payments.wrong-currency')
    for (const amountMinor of [100, 100_000])
      assert.is((await begin({ amountMinor })).amountMinor, amountMinor)
  })

  test('leads back into this site only', async ({ begin }) => {
    const strange = ['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)', '/a\nb', '']
    for (const back of strange) assert.match(await nameOfRefusal(begin({ back })), 'cannot lead back')
    assert.is((await begin({ back: '/live/friday?tip=1' })).back, '/live/friday?tip=1')
  })

  test('without a provider nothing is open; test payments need the setting', async ({ app, api, begin }) => {
    const before = await begin()
    await changeSettings(app, { sandbox: false })
    assert.is(api.terms().isOpen, false)
    assert.is(await nameOfRefusal(begin()), 'payments.closed')
    assert.is(await nameOfRefusal(api.checkout(before)), 'payments.closed')
    await changeSettings(app, { sandbox: true })
    assert.equal(api.terms(), {
      isOpen: true,
      isTest: true,
      currency: 'EUR',
      minAmountMinor: 100,
      maxAmountMinor: 100_000,
    })
    assert.equal(await api.checkout(before), { url: `/pay/${before.id}` })
  })
}

function routeTests(test: Test<PaymentTests>) {
  test('a payment is seen and decided by its payer alone [LIVE-08]', async ({ app, ana, begin }) => {
    const { id } = await begin()
    const params = { id }
    const body = { outcome: 'paid' as const }
    const other = await app.addAccount({ roles: ['owner'] })
    assert.is((await app.call(contract.getPayment, { params })).status, 401)
    assert.is((await app.call(contract.decideTestPayment, { params, body })).status, 401)
    assert.is((await app.as(other).call(contract.getPayment, { params })).status, 404)
    assert.is((await app.as(other).call(contract.decideTestPayment, { params, body })).status, 404)
    const bad = [{}, { outcome: 'refunded' }, { outcome: 'paid', amountMinor: 1 }]
    for (const input of bad)
      assert.is(
        (await app.as(ana).callRaw(contract.decideTestPayment as never, { params, body: input })).status,
        422,
      )
    const seen = await app.as(ana).call(contract.getPayment, { params })
    assert.equal([seen.status, seen.body.status, seen.body.isTest], [200, 'created', true])
  })

  test('two tabs that pay and decline at once leave one outcome', async ({ app, ana, begin, told }) => {
    const payment = await begin()
    const decide = (outcome: 'paid' | 'failed') =>
      app.as(ana).call(contract.decideTestPayment, { params: { id: payment.id }, body: { outcome } })
    const answers = await Promise.all([decide('paid'), decide('failed'), decide('paid')])
    assert.equal([...new Set(answers.map(({ status }) => status))], [200])
    assert.is((await decide('failed')).body.status, 'paid')
    await app.jobs.drain()
    assert.equal(told, [`paid ${payment.subjectId}`])
  })

  test('another site’s page cannot make a browser pay [SEC-04]', async ({ app, ana, begin }) => {
    const { id } = await begin()
    const send = (headers: Record<string, string>) =>
      app.request(`/api/v1/payments/${id}/test`, {
        method: 'POST',
        headers: { cookie: ana.cookie, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ outcome: 'paid' }),
      })
    assert.is((await send({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' })).status, 403)
    assert.is((await send({ origin: 'null' })).status, 403)
    assert.is((await send({ 'content-type': 'text/plain' })).status, 415)
    assert.is((await send({ 'sec-fetch-site': 'same-origin' })).status, 200)
    const page = await app.request(`/pay/${id}`, { headers: { accept: 'text/html' } })
    assert.match(page.headers.get('content-security-policy') ?? '', "frame-ancestors 'none'")
    assert.not.match(await page.text(), 'A record')
  })
}

function commandTests(test: Test<PaymentTests>) {
  const run = async (context: PaymentTests, name: string, input: object) => {
    const command = commands.find((each) => each.name === name)!
    const result = await command.run(command.input.parse(input) as never, context.ctx as never, {} as never)
    return { result: result as { items: Payment[] } & Payment, text: command.text(result as never) }
  }

  test('the command line lists payments and pays them back [LIVE-08]', async (context) => {
    const { app, begin, post, signer, told } = context
    const payment = await begin({ title: 'A "big" record' })
    const { body, signature } = testCallback(signer, payment, 'paid')
    await post(body, signature)
    const { result, text } = await run(context, 'payment list', { status: 'paid', limit: '1' })
    assert.equal([result.items.length, result.items[0]?.id], [1, payment.id])
    assert.not('payerId' in result.items[0]!)
    assert.match(text, /5\.00 EUR {2}A "big" record {2}test/)
    const back = await run(context, 'payment refund', { id: payment.id })
    assert.is(back.result.status, 'refunded')
    await app.jobs.drain()
    assert.ok(told.includes(`refunded ${payment.subjectId}`))
    assert.is(await nameOfRefusal(run(context, 'payment refund', { id: newId() })), 'not-found')
    const input = commands.find(({ name }) => name === 'payment refund')?.input
    assert.not(input?.safeParse({ id: 'all' }).success)
  })
}

function personTests(test: Test<PaymentTests>) {
  test('the books keep what was paid when the payer is gone, without them', async (context) => {
    const { app, ana, begin } = context
    const { db } = app.site.database
    const { id } = await begin()
    await context.events.emit(db, identity.accountDeleted, { accountId: ana.id })
    await app.jobs.drain()
    const row = await getPayment(db, id)
    assert.equal([row.payerId, row.amountMinor], [null, 500])
    assert.is((await app.as(ana).call(contract.getPayment, { params: { id } })).status, 404)
  })
}
