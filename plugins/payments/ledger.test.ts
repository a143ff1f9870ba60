import fc from 'fast-check'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { databaseKinds } from '../../test/kit/databases.ts'
import { sumBooks } from './books.ts'
import { minorOf } from './command-filter.ts'
import type { Payment, ProviderNews } from './contract.ts'
import { createDesk } from './desk.ts'
import { expireDue } from './expire.ts'
import { type EntryRow, listBalances, listEntries } from './ledger.ts'
import { getPayment, type PaymentRow } from './payments.ts'
import { kindOf, listRefunds, type RefundRow } from './refunds.ts'
import {
  bank,
  changeSettings,
  makeDue,
  nameOfRefusal,
  type PaymentTests,
  paymentSuite,
  tellBank,
} from './testdata/kit.ts'

type Books = PaymentTests & { sent: Map<string, number> }
/** Something that happens to the payment of that number. */
interface Step {
  which: number
  what: 'paid' | 'failed' | 'told-refund' | 'refund' | 'part' | 'expire'
  /** Tenths of the amount, of what is a part. */
  tenths: number
  /** The same number is the same event, or the same key. */
  again: number
}

const step: fc.Arbitrary<Step> = fc.record({
  which: fc.integer({ min: 0, max: 2 }),
  what: fc.constantFrom('paid', 'paid', 'failed', 'told-refund', 'refund', 'part', 'expire'),
  tenths: fc.integer({ min: 1, max: 10 }),
  again: fc.integer({ min: 0, max: 2 }),
})
/** What happens at once, and then what happens at once after it. */
const course = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 5 })
const first = (what: Step['what'], tenths = 3): Step => ({ which: 0, what, tenths, again: 0 })
/** What goes back before it came; what goes back of what came too late; parts and the rest at once. */
const examples = [
  [[first('told-refund'), first('paid')]],
  [[first('told-refund', 10)], [first('paid')]],
  [[first('expire')], [first('told-refund')], [first('paid')]],
  [[first('paid')], [first('told-refund'), first('refund'), first('part')]],
]
const currency = fc.constantFrom('EUR', 'JPY', 'KWD')
const amounts = fc.array(fc.integer({ min: 100, max: 9999 }), { minLength: 3, maxLength: 3 })

for (const kind of databaseKinds) {
  const test = paymentSuite('the ledger', kind) as Test<Books>
  test.before(async (context) => {
    context.sent = new Map()
    context.api.addProvider(bank(context.sent))
    await changeSettings(context.app, { sandbox: false })
  })
  test('whatever happens in whatever order, twice and at once, the books say what was paid and went back', (context) =>
    fc.assert(
      fc.asyncProperty(course, amounts, currency, (steps, of, code) => play(context, steps, of, code)),
      { numRuns: 10, examples: examples.map((steps) => [steps, [100, 101, 102], 'EUR']) },
    ))
  currencyTests(test)
  test.run()
}

/** No amount is ever divided or rounded: what is written of each is what was counted, in every currency. */
function currencyTests(test: Test<Books>) {
  const cases = [
    { currency: 'JPY', written: ['1234', '1', '1233'], part: '1', wrong: '1.5' },
    { currency: 'KWD', written: ['1.234', '0.001', '1.233'], part: '0.001', wrong: '0.0005' },
  ]
  for (const { currency, written, part, wrong } of cases)
    test(`books in ${currency} have its decimals, no more and no fewer [LIVE-08]`, async (context) => {
      const { app, ana, begin, api } = context
      await changeSettings(app, { currency })
      const payment = await begin({ amountMinor: 1234 })
      await tellBank(context, payment, { kind: 'paid' })
      const wish = { actor: null, part: { amountMinor: minorOf(part, currency), key: 'one' } }
      await app.site.database.db.tx((db) => api.refund(db, payment.id, wish))
      const misread = Promise.resolve().then(() => minorOf(wrong, currency))
      assert.is(await nameOfRefusal(misread), 'payments.wrong-amount')
      const { cookie } = await app.addAccount({ roles: ['admin'] })
      const path = `/api/v1/payments/books/export?member=${ana.username}`
      const [, line] = (await (await app.request(path, { headers: { cookie } })).text()).split('\r\n')
      const cells = (line ?? '').split(',').map((cell) => cell.replaceAll('"', ''))
      assert.equal(cells.slice(-4), [currency, ...written])
      assert.equal(await sumBooks(app.site.database.db, { payerId: ana.id }), [
        { currency, isTest: false, count: 1, paidMinor: 1234, refundedMinor: 1, keptMinor: 1233 },
      ])
    })
}

async function play(context: Books, steps: Step[][], of: number[], code: string): Promise<void> {
  const { app, told } = context
  await changeSettings(app, { currency: code })
  const { db } = app.site.database
  const payments: Payment[] = []
  for (const amountMinor of of) payments.push(await context.begin({ amountMinor }))
  told.length = 0
  for (const atOnce of steps) {
    const before = await Promise.all(payments.map(({ id }) => listEntries(db, id)))
    await Promise.all(atOnce.map((one) => happen(context, payments[one.which]!, one)))
    for (const [n, { id }] of payments.entries())
      assert.equal(
        (await listEntries(db, id)).slice(0, before[n]?.length),
        before[n],
        'what is written stays as it is',
      )
  }
  await app.jobs.drain()
  for (const { id, subjectId } of payments) {
    const row = await getPayment(db, id)
    checkBooks(row, await listEntries(db, id), await listRefunds(db, id))
    checkSent(context, await listRefunds(db, id))
    checkTold(
      row,
      told.filter((line) => line.includes(subjectId)).map((line) => line.split(' ')[0] ?? ''),
    )
  }
  for (const [code, lines] of Map.groupBy(await listBalances(db), ({ currency }) => currency)) {
    const sum = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
    assert.is(sum, 0, code)
  }
}

async function happen(context: Books, payment: Payment, { what, tenths, again }: Step): Promise<void> {
  const { app, api } = context
  const { db } = app.site.database
  const part = Math.max(1, Math.floor((payment.amountMinor * tenths) / 10))
  const tell = (kind: ProviderNews['kind'], amountMinor: number) =>
    tellBank(context, payment, { kind, amountMinor, eventId: `${payment.id}-${kind}-${again}` })
  const refund = (wish: { amountMinor: number; key: string } | undefined) =>
    db.tx((db) => api.refund(db, payment.id, { actor: null, part: wish })).catch(() => null)
  if (what === 'expire') {
    await makeDue(context, [payment.id])
    await expireDue(createDesk(context.ctx as never))
  } else if (what === 'refund') await refund(undefined)
  else if (what === 'part') await refund({ amountMinor: part, key: `k${again}` })
  else if (what === 'told-refund') assert.is((await tell('refunded', part)).status, 204)
  else assert.is((await tell(what, payment.amountMinor)).status, 204)
}

/** Sum of the entries = paid − refunded, never below nothing on the way, nothing given back twice. */
function checkBooks(row: PaymentRow, entries: EntryRow[], refunds: RefundRow[]): void {
  const isPaid = row.paidAt !== null
  const held = entries.filter(({ account }) => account === 'provider.bank')
  let balance = 0
  for (const { amountMinor } of held) {
    balance += amountMinor
    assert.ok(balance >= 0 && balance <= row.amountMinor, `${balance} of ${row.amountMinor}`)
  }
  assert.is(balance, (isPaid ? row.amountMinor : 0) - row.refundedMinor)
  assert.is(
    refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    row.refundedMinor,
  )
  assert.is(entries.length, isPaid ? 2 + 2 * refunds.length : 0)
  const transactions = Map.groupBy(entries, ({ transactionId }) => transactionId)
  for (const [id, lines] of transactions) {
    assert.is(
      lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      0,
      id,
    )
  }
  const settled = row.refundedMinor === row.amountMinor ? 'refunded' : 'paid'
  if (isPaid) assert.is(row.status, row.expiredAt === null ? settled : 'refunded')
  else assert.ok(['created', 'failed', 'expired'].includes(row.status), row.status)
}

/** The provider was asked once for each refund that was decided here, and for no other. */
function checkSent({ sent }: Books, refunds: RefundRow[]): void {
  for (const refund of refunds) {
    const isOurs = kindOf(refund) !== 'provider'
    assert.is(sent.get(refund.id), isOurs ? refund.amountMinor : undefined)
    assert.ok(refund.returnedAt)
  }
}

function checkTold({ status, expiredAt }: PaymentRow, told: string[]): void {
  const count = (word: string) => told.filter((each) => each === word).length
  assert.ok(count('paid') <= 1 && count('refunded') <= 1 && count('expired') <= 1, told.join())
  assert.is(count('expired'), expiredAt === null ? 0 : 1)
  if (expiredAt !== null) assert.is(count('paid'), 0, 'what has expired is never told as paid')
  if (status === 'paid' && expiredAt === null) assert.is(count('paid'), 1)
  assert.is(count('refunded'), status === 'refunded' ? 1 : 0)
}
