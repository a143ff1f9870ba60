import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import { listBalances, listEntries } from './ledger.ts'
import { up as first } from './migrations/0001-payments.ts'
import { up as second } from './migrations/0002-books.ts'
import { listDue, paymentsByIds } from './payments.ts'
import { listRefunds } from './refunds.ts'

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase }>(`older books on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
  })
  test.after(({ database }) => database.close())

  test('what was paid and paid back before stays in the books, and open payments get their time', async ({
    database: { db },
  }) => {
    await first(db)
    const [open, kept, back] = [newId(), newId(), newId()]
    const at = '2026-03-01T12:00:00.000Z'
    const payment = (id: string, status: string) => ({
      ...{ id, status, purpose: 'tips.tip', subjectId: newId(), title: 'Tip', payerId: newId() },
      ...{
        idempotencyKey: id,
        amountMinor: 500,
        currency: 'EUR',
        provider: 'bank',
        isTest: false,
        back: '/',
      },
      ...{ createdAt: at, paidAt: status === 'created' ? null : at },
      ...(status === 'refunded' ? { refundedAt: at, returnedAt: at } : {}),
    })
    for (const row of [payment(open, 'created'), payment(kept, 'paid'), payment(back, 'refunded')])
      await db('payments_payments').insert(row)
    const lines = [
      [kept, 'paid', 500],
      [back, 'paid', 500],
      [back, 'refunded', -500],
    ] as const
    for (const [paymentId, reason, amountMinor] of lines) {
      const line = { paymentId, reason, currency: 'EUR', createdAt: at }
      const pair = { 'provider.bank': amountMinor, 'purpose.tips.tip': -amountMinor }
      for (const [account, amountMinor] of Object.entries(pair))
        await db('payments_ledger').insert({ id: newId(), ...line, account, amountMinor })
    }
    await db.tx(async (db) => second(db))
    const rows = await paymentsByIds(db, [open, kept, back])
    assert.equal(
      [open, kept, back].map((id) => rows.get(id)?.refundedMinor),
      [0, 0, 500],
    )
    const [refund, ...others] = await listRefunds(db, back)
    assert.equal([refund?.amountMinor, refund?.returnedAt, others], [500, at, []])
    assert.equal([(await listEntries(db, kept)).length, (await listEntries(db, back)).length], [2, 4])
    assert.equal(await listBalances(db), [
      { account: 'provider.bank', currency: 'EUR', amountMinor: 500 },
      { account: 'purpose.tips.tip', currency: 'EUR', amountMinor: -500 },
    ])
    assert.equal(await listDue(db, new Date().toISOString(), 10), [])
    const later = new Date(Date.now() + 3_600_000).toISOString()
    assert.equal(
      (await listDue(db, later, 10)).map(({ id }) => id),
      [open],
    )
  })
  test.run()
}
