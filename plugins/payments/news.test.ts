import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { databaseKinds } from '../../test/kit/databases.ts'
import type { Payment } from './contract.ts'
import * as contract from './contract.ts'
import { listEntries } from './ledger.ts'
import { getPayment, listPaymentsOf } from './payments.ts'
import { listRefunds } from './refunds.ts'
import { sign, testCallback } from './sandbox.ts'
import {
  bank,
  changeSettings,
  nameOfRefusal,
  type PaymentTests,
  paymentSuite,
  tellBank,
} from './testdata/kit.ts'

for (const kind of databaseKinds) {
  const test = paymentSuite('news of payments', kind)
  callbackTests(test)
  refundTests(test)
  test.run()
}

function callbackTests(test: Test<PaymentTests>) {
  test('the same news twenty times at once counts once [LIVE-08]', async (context) => {
    const { app, begin, post, told } = context
    const payment = await begin()
    const { body, signature } = testCallback(context.signer, payment, 'paid')
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(body, signature)))
    assert.equal([...new Set(answers.map(({ status }) => status))], [204])
    await app.jobs.drain()
    assert.equal(told, [`paid ${payment.subjectId}`])
    assert.is((await app.site.database.db('payments_entries').where({ paymentId: payment.id })).length, 2)
    assert.is((await app.site.database.db('payments_callbacks').where({ paymentId: payment.id })).length, 1)
  })

  test('believes nobody without the signature of these very bytes, fresh [LIVE-08]', async (context) => {
    const { app, begin, post, signer } = context
    const payment = await begin()
    const { body, signature } = testCallback(signer, payment, 'paid')
    const now = Math.floor(Date.now() / 1000)
    const cheaper = body.replace('"amountMinor":500', '"amountMinor":100')
    const foreign = `t=${now},v1=${signer.sign('hls', `${now}.${body}`)}`
    const forgeries: [body: string, signature?: string][] = [
      [body],
      [body, ''],
      [body, 'v1='],
      [body, `t=${now},v1=${'A'.repeat(22)}`],
      [body, foreign],
      [body, signature.replace(/^t=(\d+)/, (_all, time) => `t=${Number(time) - 1}`)],
      [body, sign(signer, body, now - 301)],
      [body, sign(signer, body, now + 900)],
      [cheaper, signature],
      [`${body} `, signature],
    ]
    for (const [text, header] of forgeries) {
      const answer = await post(text, header)
      assert.equal([answer.status, answer.problem], [401, 'payments.bad-signature'], header)
    }
    assert.is((await getPayment(app.site.database.db, payment.id)).status, 'created')
  })

  test('refuses signed news of another amount, payment or provider, and what is no news', async (context) => {
    const { app, begin, post, signer } = context
    const { database } = app.site
    const payment = await begin()
    const signed = (body: string) => [body, sign(signer, body, Math.floor(Date.now() / 1000))] as const
    const about = (more: Partial<Payment>) => testCallback(signer, { ...payment, ...more }, 'paid').body
    assert.is((await post(...signed(about({ amountMinor: 499 })))).problem, 'payments.wrong-amount')
    assert.is((await post(...signed(about({ currency: 'USD' })))).problem, 'payments.wrong-amount')
    assert.is((await post(...signed(about({ id: newId() })))).status, 404)
    for (const text of ['{}', '[]', 'null', 'x', '{"__proto__":{}}', about({}).replace('"id"', '"ID"')])
      assert.is((await post(...signed(text))).status, 400, text)
    const [body, signature] = signed(about({}))
    assert.is((await post(body, signature, 'stripe')).status, 404)
    await changeSettings(app, { sandbox: false })
    assert.is((await post(body, signature)).status, 404)
    await changeSettings(app, { sandbox: true })
    assert.is((await getPayment(database.db, payment.id)).status, 'created')
    assert.is((await database.db('payments_callbacks').where({ paymentId: payment.id })).length, 0)
  })

  test('a late refusal takes no money back, and money after a refusal counts', async (context) => {
    const { app, begin, post, told } = context
    const news = (payment: Payment, outcome: 'paid' | 'failed') => {
      const { body, signature } = testCallback(context.signer, payment, outcome)
      return post(body, signature)
    }
    const statusOf = async ({ id }: Payment) => (await getPayment(app.site.database.db, id)).status
    const [first, second] = [await begin(), await begin()]
    const answers = [await news(first, 'paid'), await news(first, 'failed')]
    assert.is(await statusOf(first), 'paid')
    await news(second, 'failed')
    assert.is(await statusOf(second), 'failed')
    answers.push(await news(second, 'paid'), await news(second, 'paid'))
    assert.ok(
      answers.every(({ status }) => status === 204),
      JSON.stringify(answers),
    )
    assert.is(await statusOf(second), 'paid')
    await app.jobs.drain()
    assert.equal(told.sort(), [`paid ${first.subjectId}`, `paid ${second.subjectId}`].sort())
  })
}

function refundTests(test: Test<PaymentTests>) {
  test('ten refunds at once send the money back once, and never before it came [LIVE-08]', async (context) => {
    const { app, api, ana, begin, told } = context
    const { db } = app.site.database
    const sent: string[] = []
    let isDown = true
    const remove = api.addProvider({
      name: 'bank',
      isTest: false,
      checkout: async ({ id }) => ({ url: `https://bank.test/${id}` }),
      refund: async ({ paymentId: id }) => {
        if (isDown) throw new Error('The bank is closed.')
        sent.push(id)
      },
      readCallback: (raw) => JSON.parse(Buffer.from(raw).toString()) as contract.ProviderNews,
    })
    await changeSettings(app, { sandbox: false })
    const payment = await begin()
    await changeSettings(app, { sandbox: true })
    const back = () => db.tx((db) => api.refund(db, payment.id, { actor: null }))
    assert.is(await nameOfRefusal(back()), 'payments.not-paid')
    const { amountMinor, currency } = payment
    const news = { eventId: 'e1', kind: 'paid', paymentId: payment.id, amountMinor, currency }
    assert.is((await context.post(JSON.stringify(news), undefined, 'bank')).status, 204)
    const answers = await Promise.all(Array.from({ length: 10 }, back))
    assert.equal([...new Set(answers.map(({ status }) => status))], ['refunded'])
    await app.jobs.drain()
    assert.equal(sent, [])
    isDown = false
    await db('jobs').where({ name: contract.returnMoney.name }).update({ runAt: '2020-01-01T00:00:00.000Z' })
    await app.jobs.drain()
    assert.equal(sent, [payment.id])
    assert.equal(told, [`paid ${payment.subjectId}`, `refunded ${payment.subjectId}`])
    const records = await db('audit_entries').where({ action: 'payments.refunded', subject: payment.id })
    assert.is(records.length, 1)
    assert.is(await nameOfRefusal(db.tx((db) => api.refund(db, newId(), { actor: null }))), 'not-found')
    assert.is((await listPaymentsOf(db, ana.id)).length, 1)
    remove()
  })

  test('what the provider gave back and what is asked for at once never is more than was paid', async (context) => {
    const { app, api, begin } = context
    const { db } = app.site.database
    const remove = api.addProvider(bank(new Map()))
    await changeSettings(app, { sandbox: false })
    const payment = await begin({ amountMinor: 1000 })
    await changeSettings(app, { sandbox: true })
    await tellBank(context, payment, { kind: 'paid' })
    const told = Array.from({ length: 10 }, () =>
      tellBank(context, payment, { kind: 'refunded', amountMinor: 90 }),
    )
    const asked = db.tx((db) => api.refund(db, payment.id, { actor: null }))
    const answers = await Promise.all(told)
    assert.equal([...new Set(answers.map(({ status }) => status))], [204])
    assert.is((await asked).status, 'refunded')
    const lines = await listEntries(db, payment.id)
    const held = lines.filter(({ account }) => account === 'provider.bank')
    assert.is(
      held.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      0,
    )
    remove()
  })

  test('news of a refund that was asked for here is no second one', async (context) => {
    const { app, api, begin } = context
    const { db } = app.site.database
    const sent = new Map<string, number>()
    const remove = api.addProvider(bank(sent))
    await changeSettings(app, { sandbox: false })
    const payment = await begin()
    await tellBank(context, payment, { kind: 'paid' })
    await db.tx((db) => api.refund(db, payment.id, { actor: null, part: { amountMinor: 200, key: newId() } }))
    const [refund] = await listRefunds(db, payment.id)
    const refundId = refund?.id ?? ''
    await tellBank(context, payment, { kind: 'refunded', amountMinor: 200, refundId })
    await app.jobs.drain()
    assert.equal([...sent], [], 'what the provider says it has sent is not asked for again')
    assert.is((await getPayment(db, payment.id)).refundedMinor, 200)
    assert.is((await tellBank(context, payment, { kind: 'refunded', amountMinor: 501 })).status, 422)
    await changeSettings(app, { sandbox: true })
    remove()
  })
}
