import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { databaseKinds } from '../../test/kit/databases.ts'
import type { Payment } from './contract.ts'
import * as contract from './contract.ts'
import { createDesk } from './desk.ts'
import { expireDue } from './expire.ts'
import { listEntries } from './ledger.ts'
import { getPayment, listDue } from './payments.ts'
import { listRefunds } from './refunds.ts'
import { testCallback } from './sandbox.ts'
import { changeSettings, makeDue, type PaymentTests, paymentSuite, wishOf } from './testdata/kit.ts'

for (const kind of databaseKinds) {
  const test = paymentSuite('payments that are not paid', kind)
  timeTests(test)
  raceTests(test)
  test.run()
}

const sweep = (context: PaymentTests) => expireDue(createDesk(context.ctx as never))
const pay = (context: PaymentTests, payment: Payment, outcome: 'paid' | 'failed' = 'paid') => {
  const { body, signature } = testCallback(context.signer, payment, outcome)
  return context.post(body, signature)
}
const stateOf = async ({ app }: PaymentTests, { id }: Payment) =>
  (await getPayment(app.site.database.db, id)).status

function timeTests(test: Test<PaymentTests>) {
  test('a payment waits as long as the setting says, and its job ends it then [LIVE-08]', async (context) => {
    const { app, begin, told } = context
    const waits = ({ createdAt, expiresAt }: Payment) =>
      Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / 60_000)
    const first = await begin()
    await changeSettings(app, { payWithinMinutes: 5 })
    const second = await begin()
    await changeSettings(app, { payWithinMinutes: 30 })
    assert.equal([waits(first), waits(second)], [30, 5])
    await makeDue(context, [second.id])
    await app.site.jobs.jobsFor('payments').enqueue(app.site.database.db, contract.expirePayments, {})
    await app.jobs.drain()
    assert.equal([await stateOf(context, first), await stateOf(context, second)], ['created', 'expired'])
    assert.equal(told, [`expired ${second.subjectId}`])
  })

  test('one that was declined expires too; one that was paid or paid back does not', async (context) => {
    const { app, api, begin } = context
    const [declined, kept, back] = [await begin(), await begin(), await begin()]
    await pay(context, declined, 'failed')
    await pay(context, kept)
    await pay(context, back)
    const { db } = app.site.database
    await db.tx((db) => api.refund(db, back.id, { actor: null }))
    await makeDue(context, [declined.id, kept.id, back.id])
    await sweep(context)
    const states = await Promise.all([declined, kept, back].map((each) => stateOf(context, each)))
    assert.equal(states, ['expired', 'paid', 'refunded'])
  })

  test('where nothing is due the sweep is one look into an index [LIVE-08]', async ({ app }) => {
    const { db } = app.site.database
    if (db.dialect !== 'sqlite') return
    const { sql, bindings } = (listDue(db, '2020-01-01T00:00:00.000Z', 10) as never as Query).toSQL()
    const plan = await db.raw<{ detail: string }[]>(`explain query plan ${sql}`, bindings)
    assert.match(plan.map(({ detail }) => detail).join(), 'payments_payments_status_expires_at_index')
  })

  test('who comes back late is told so, and cannot pay any more [LIVE-08]', async (context) => {
    const { app, api, ana, begin } = context
    const payment = await begin()
    await makeDue(context, [payment.id])
    await sweep(context)
    const params = { id: payment.id }
    const { body } = await app.as(ana).call(contract.getPayment, { params })
    assert.equal([body.status, body.isLate], ['expired', false])
    assert.is(await api.checkout(await getPayment(app.site.database.db, payment.id)), null)
    const press = { params, body: { outcome: 'paid' as const } }
    assert.is((await app.as(ana).call(contract.decideTestPayment, press)).body.status, 'expired')
    assert.equal(await listEntries(app.site.database.db, payment.id), [])
  })

  test('the same key answers what has expired, and never begins it anew', async (context) => {
    const { app, api, ana } = context
    const { db } = app.site.database
    const wish = wishOf(ana, { key: newId() })
    const begin = () => db.tx((db) => api.begin(db, wish))
    const { payment } = await begin()
    await makeDue(context, [payment.id])
    await sweep(context)
    const again = await begin()
    assert.equal([again.isNew, again.payment.id, again.payment.status], [false, payment.id, 'expired'])
  })
}

interface Query {
  toSQL(): { sql: string; bindings: string[] }
}

function raceTests(test: Test<PaymentTests>) {
  test('money that comes after the time was over goes back at once, and all is told [LIVE-08]', async (context) => {
    const { app, ana, begin, told } = context
    const { db } = app.site.database
    const payment = await begin()
    await makeDue(context, [payment.id])
    await sweep(context)
    assert.is((await pay(context, payment)).status, 204)
    const row = await getPayment(db, payment.id)
    assert.equal([row.status, row.refundedMinor, row.paidAt !== null], ['refunded', 500, true])
    const lines = (await listEntries(db, payment.id)).map(({ reason, amountMinor }) => [reason, amountMinor])
    assert.equal(lines, [
      ['paid', 500],
      ['paid', -500],
      ['refunded', -500],
      ['refunded', 500],
    ])
    await app.jobs.drain()
    assert.equal(told, [`expired ${payment.subjectId}`, `refunded ${payment.subjectId}`])
    const [refund] = await listRefunds(db, payment.id)
    assert.equal([refund?.key, refund?.returnedAt !== null], ['late', true])
    const [entry] = await db('audit_entries').where({ action: 'payments.refunded', subject: payment.id })
    assert.equal([entry.actorId, entry.detailJson.kind], [null, 'late'])
    const { body } = await app.as(ana).call(contract.getPayment, { params: { id: payment.id } })
    assert.equal([body.status, body.isLate], ['refunded', true])
    await pay(context, payment)
    assert.is((await listRefunds(db, payment.id)).length, 1)
  })

  test('twenty sweeps and confirmations at once: each payment is paid or has expired, never both [LIVE-08]', async (context) => {
    const { app, begin, told } = context
    const { db } = app.site.database
    const payments: Payment[] = []
    for (let n = 0; n < 20; n += 1) payments.push(await begin())
    await makeDue(
      context,
      payments.map(({ id }) => id),
    )
    const answers = await Promise.all(
      payments.flatMap((payment, n) => {
        const confirm = pay(context, payment)
        return n % 5 === 0 ? [sweep(context).then(() => ({ status: 204 })), confirm] : [confirm]
      }),
    )
    assert.equal([...new Set(answers.map(({ status }) => status))], [204])
    await app.jobs.drain()
    for (const payment of payments) {
      const { status, expiredAt } = await getPayment(db, payment.id)
      const news = told.filter((line) => line.endsWith(payment.subjectId)).map((line) => line.split(' ')[0])
      if (expiredAt === null) assert.equal([status, news], ['paid', ['paid']])
      else assert.equal([status, news.sort()], ['refunded', ['expired', 'refunded']])
      const entries = await listEntries(db, payment.id)
      assert.is(entries.length, expiredAt === null ? 2 : 4)
    }
  })
}
