import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type Route } from '#contract'
import { newId } from '#sdk'
import { databaseKinds } from '../../test/kit/databases.ts'
import { expirePayments } from '../payments/contract.ts'
import { commands } from './commands.ts'
import * as contract from './contract.ts'
import { type TipTests, tipSuite } from './testdata/kit.ts'

for (const kind of databaseKinds) {
  const test = tipSuite('tips', kind)
  givingTests(test)
  onceTests(test)
  personTests(test)
  test.run()
}

function givingTests(test: Test<TipTests>) {
  test('a tip is given, paid, and seen by everybody with its message [LIVE-08]', async (context) => {
    const { ana, give, pay, list } = context
    const given = await give(ana, { amountMinor: 500, message: ' <b>Merci</b>\u202e ' })
    assert.is(given.status, 201)
    const { tip, checkout } = given.body
    assert.equal([tip.status, tip.amountMinor, tip.currency], ['pending', 500, 'EUR'])
    assert.match(checkout?.url ?? '', /^\/pay\/[0-9a-f-]{36}$/)
    assert.equal((await list()).items, [], 'what is not paid is nobody’s news')
    await pay(ana, given)
    const [seen] = (await list()).items
    assert.equal(
      [seen?.id, seen?.message, seen?.from?.id, seen?.amountMinor, seen?.isSuperchat],
      [tip.id, '<b>Merci</b>', ana.id, 500, false],
    )
    assert.equal(seen?.can, { refund: false, hideMessage: false })
    const params = { id: tip.id }
    const own = await context.app.as(ana).call(contract.getTip, { params })
    assert.equal([own.body.tip.status, own.body.checkout], ['paid', null])
    assert.is((await context.app.as(context.dj).call(contract.getTip, { params })).status, 404)
    assert.is((await context.app.call(contract.getTip, { params })).status, 401)
    assert.is(
      (await context.app.as(ana).callRaw(contract.getTip as Route, { params: { id: 'x' } })).status,
      404,
    )
  })

  test('a declined tip is told to its giver alone, and can still be paid [LIVE-08]', async (context) => {
    const { app, ana, give, pay, list } = context
    const given = await give(ana, { amountMinor: 500 })
    await pay(ana, given, 'failed')
    const { body } = await app.as(ana).call(contract.getTip, { params: { id: given.body.tip.id } })
    assert.is(body.tip.status, 'failed')
    assert.equal(body.checkout, given.body.checkout)
    assert.equal((await list(context.dj)).items, [])
    await pay(ana, given)
    assert.is((await list()).items[0]?.status, 'paid')
  })

  test('a tip that is not paid in time says so to its giver, and can be given anew [LIVE-08]', async (context) => {
    const { app, ana, give, pay, list } = context
    const given = await give(ana, { amountMinor: 500 })
    const { db } = app.site.database
    const expiresAt = '2020-01-01T00:00:00.000Z'
    await db('payments_payments').where({ subjectId: given.body.tip.id }).update({ expiresAt })
    await app.site.jobs.jobsFor('payments').enqueue(db, expirePayments, {})
    await app.jobs.drain()
    const { body } = await app.as(ana).call(contract.getTip, { params: { id: given.body.tip.id } })
    assert.equal([body.tip.status, body.checkout], ['expired', null])
    await pay(ana, given)
    assert.equal((await list(context.dj)).items, [])
    await context.tip(ana)
    assert.is((await list()).items.length, 1)
  })

  test('refuses strangers, channels that are not there, no key, and amounts that are none [LIVE-08]', async ({
    ana,
    give,
    list,
  }) => {
    assert.is((await give(null, { amountMinor: 500 })).status, 401)
    assert.is((await give(ana, { amountMinor: 500 }, newId(), 'nowhere')).status, 404)
    for (const key of [null, '', 'two words', 'x'.repeat(65)])
      assert.is((await give(ana, { amountMinor: 500 }, key)).problem, 'payments.key-needed')
    const amounts = [0, -500, 1.5, '500', null, 99, 100_001, 2 ** 53, 1e300, [500]]
    for (const amountMinor of amounts) {
      const { status, errors } = await give(ana, { amountMinor })
      assert.equal([status, errors[0]?.pointer], [422, '/amountMinor'], `${amountMinor}`)
    }
    const other = await give(ana, { amountMinor: 500, currency: 'USD' })
    assert.equal([other.problem, other.errors[0]?.pointer], ['payments.wrong-currency', '/currency'])
    assert.is((await give(ana, { amountMinor: 500, currency: 'EURO' })).status, 422)
    const long = await give(ana, { amountMinor: 500, message: 'x'.repeat(201) })
    assert.equal([long.status, long.errors[0]?.pointer], [422, '/message'])
    assert.is((await give(ana, { amountMinor: 500, status: 'paid' } as never)).status, 422)
    assert.is((await list()).totals, null)
  })

  test('shows no name and no amount where they are not to be shown, but to the hosts [LIVE-08]', async (context) => {
    const { app, dj, ana, tip, list, set } = context
    await tip(ana, { showName: false })
    await set('tips', { showAmounts: false })
    const [seen] = (await list()).items
    assert.equal([seen?.from, seen?.amountMinor], [null, null])
    const [told] = (await list(dj)).items
    assert.equal([told?.from?.id, told?.amountMinor], [ana.id, 500])
    assert.equal([(await list(ana)).items[0]?.amountMinor], [500])
    await set('tips', { showAmounts: true })
    const other = await app.addAccount({ roles: ['artist'] })
    assert.is((await list(other)).can.manage, false, 'the DJ of another channel is a visitor here')
  })

  test('without payments nothing can be given, and the page learns so [LIVE-08]', async (context) => {
    const { ana, give, list, set } = context
    await set('payments', { sandbox: false })
    assert.is((await list()).terms.isOpen, false)
    assert.is((await give(ana, { amountMinor: 500 })).problem, 'payments.closed')
    await set('payments', { sandbox: true })
    const { terms } = await list()
    assert.equal([terms.isOpen, terms.isTest, terms.presetsMinor], [true, true, [200, 500, 1000, 2000]])
  })
}

function onceTests(test: Test<TipTests>) {
  test('twenty sends of one tip are one tip and one payment, answered alike [LIVE-08]', async (context) => {
    const { app, ana, give, pay, list, dj } = context
    const key = newId()
    const sends = Array.from({ length: 20 }, () => give(ana, { amountMinor: 700, message: 'once' }, key))
    const answers = await Promise.all(sends)
    assert.equal([...new Set(answers.map(({ status }) => status))], [201])
    assert.is(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1)
    assert.is((await app.site.database.db('payments_payments').where({ payerId: ana.id })).length, 1)
    await Promise.all([pay(ana, answers[0]!), pay(ana, answers[1]!), pay(ana, answers[2]!)])
    assert.equal((await list(dj)).totals?.all, { amountMinor: 700, count: 1 })
    const late = await give(ana, { amountMinor: 700, message: 'once' }, key)
    assert.equal([late.status, late.body.tip.status, late.body.checkout], [201, 'paid', null])
    for (const wish of [{ amountMinor: 701 }, { amountMinor: 700, message: 'twice' }])
      assert.is((await give(ana, wish, key)).problem, 'payments.key-reused')
  })

  test('one key of two members is two tips, and neither sees the other’s [LIVE-08] [SEC-12]', async ({
    app,
    ana,
    ben,
    give,
  }) => {
    const key = newId()
    const given = [
      await give(ana, { amountMinor: 500, message: 'Mine' }, key),
      await give(ben, { amountMinor: 700 }, key),
    ]
    assert.equal(
      given.map(({ status, body }) => [status, body.tip.amountMinor]),
      [
        [201, 500],
        [201, 700],
      ],
    )
    assert.is.not(given[0]?.body.checkout?.url, given[1]?.body.checkout?.url)
    const id = given[0]?.body.tip.id ?? ''
    assert.is((await app.as(ben).call(contract.getTip, { params: { id } })).status, 404)
    assert.is((await give(ana, { amountMinor: 700 }, key)).problem, 'payments.key-reused')
  })

  test('ten refunds at once, in mid-payment too, leave nothing counted twice [LIVE-08]', async (context) => {
    const { app, dj, ana, give, pay, list } = context
    const given = await give(ana, { amountMinor: 900 })
    const params = { id: given.body.tip.id }
    const refund = () => app.as(dj).call(contract.refundTip, { params })
    assert.is((await refund()).problem, 'payments.not-paid')
    const [, ...answers] = await Promise.all([pay(ana, given), ...Array.from({ length: 10 }, refund)])
    assert.ok(answers.every(({ status }) => status === 200 || status === 409))
    assert.is((await refund()).body.status, 'refunded')
    await app.jobs.drain()
    assert.equal((await list(dj)).totals?.all, { amountMinor: 0, count: 0 })
    assert.equal((await list()).items, [])
    assert.is((await list(dj)).items[0]?.status, 'refunded')
    const { db } = app.site.database
    assert.is((await db('audit_entries').where({ action: 'payments.refunded' })).length > 0, true)
    const lines = await db('payments_entries')
      .join('payments_payments', 'payments_payments.id', 'payments_entries.payment_id')
      .where({ subjectId: params.id })
    assert.is(lines.length, 4)
  })
}

function personTests(test: Test<TipTests>) {
  test('what somebody gave stays when they are gone, without name and words [LIVE-08]', async (context) => {
    const { app, dj, ana, tip, list } = context
    await tip(ana, { message: 'bye' })
    const { db } = app.site.database
    await app.site.events.eventsFor('server').emit(db, identity.accountDeleted, { accountId: ana.id })
    await app.jobs.drain()
    const [told] = (await list(dj)).items
    assert.equal([told?.from, told?.message, told?.amountMinor], [null, null, 500])
    assert.not.match(JSON.stringify(await db('tips_tips').where({ id: told?.id ?? '' })), ana.id)
  })

  test('the command line lists the tips of a channel [LIVE-08]', async (context) => {
    const { ana, slug, tip, ctx } = context
    await tip(ana, { message: 'Hello "you"' })
    const [command] = commands
    const input = command?.input.parse({ channel: slug }) as never
    const result = (await command?.run(input, ctx as never, {} as never)) as { items: { from: string }[] }
    assert.equal(
      result.items.map(({ from }) => from),
      [ana.username],
    )
    assert.match(
      command?.text(result as never) ?? '',
      `5.00 EUR  tip        ${ana.username}  "Hello \\"you\\""`,
    )
    const nowhere = command?.input.parse({ channel: 'nowhere' }) as never
    const error = await command?.run(nowhere, ctx as never, {} as never).catch((thrown: Error) => thrown)
    assert.match(String(error), 'There is no channel "nowhere".')
  })
}
