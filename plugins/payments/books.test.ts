import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import { newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { commands } from './commands.ts'
import type { Payment } from './contract.ts'
import * as contract from './contract.ts'
import { lineOf } from './csv.ts'
import { testCallback } from './sandbox.ts'
import { nameOfRefusal, type PaymentTests, paymentSuite } from './testdata/kit.ts'

interface AuditRow {
  actorId: string | null
  detailJson: { amountMinor: number; reason: string }
}
type Books = PaymentTests & { admin: TestAccount }

for (const kind of databaseKinds) {
  const test = paymentSuite('the books', kind) as Test<Books>
  test.before.each(async (context) => {
    context.admin = await context.app.addAccount({ roles: ['admin'] })
  })
  listTests(test)
  refundTests(test)
  exportTests(test)
  commandTests(test)
  test.run()
}

const paid = async (context: PaymentTests, more: Parameters<PaymentTests['begin']>[0] = {}) => {
  const payment = await context.begin(more)
  const { body, signature } = testCallback(context.signer, payment, 'paid')
  await context.post(body, signature)
  return payment
}
const idsOf = (items: { id: string }[]) => items.map(({ id }) => id)

function listTests(test: Test<Books>) {
  test('lists by state, purpose, member, time and amount, page by page [LIVE-08]', async (context) => {
    const { app, admin, ana, begin } = context
    const [first, second] = [await paid(context), await begin({ amountMinor: 900, purpose: 'shop.gift' })]
    const third = await paid(context, { amountMinor: 700 })
    const list = async (query: object) => {
      const given = { member: ana.username, ...query }
      return (await app.as(admin).call(contract.listBooks, { query: given as never })).body
    }
    const cases: [query: object, found: Payment[]][] = [
      [{}, [third, second, first]],
      [{ status: 'paid' }, [third, first]],
      [{ status: 'expired' }, []],
      [{ purpose: 'shop.gift' }, [second]],
      [{ minMinor: 600 }, [third, second]],
      [{ minMinor: 600, maxMinor: 800 }, [third]],
      [{ from: second.createdAt, to: second.createdAt, minMinor: 900 }, [second]],
      [{ to: '2020-01-01T00:00:00.000Z' }, []],
      [{ member: ana.id, status: 'created' }, [second]],
      [{ member: 'nobody-is-called-so' }, []],
    ]
    for (const [query, found] of cases)
      assert.equal(idsOf((await list(query)).items), idsOf(found), JSON.stringify(query))
    const page = await list({ limit: 2 })
    assert.equal([idsOf(page.items), page.next], [[third.id, second.id], second.id])
    const rest = await list({ limit: 2, after: second.id })
    assert.equal([idsOf(rest.items), rest.next], [[first.id], null])
    assert.equal(page.items[0]?.payer?.username, ana.username)
  })

  test('adds up what is shown, by currency and test payments apart [LIVE-08]', async (context) => {
    const { app, admin, ana, api, begin } = context
    const { db } = app.site.database
    const [one, two] = [await paid(context), await paid(context, { amountMinor: 700 })]
    await begin({ amountMinor: 5000 })
    await db.tx((db) => api.refund(db, one.id, { actor: null }))
    const part = { amountMinor: 200, key: newId() }
    await db.tx((db) => api.refund(db, two.id, { actor: null, part }))
    const other = await paid(context, { amountMinor: 300 })
    await db('payments_payments').where({ id: other.id }).update({ currency: 'JPY', isTest: false })
    const remove = api.addPurpose({
      name: 'shop.order',
      title: { en: 'Orders', fr: 'Commandes' },
      describe: async () => new Map(),
    })
    const { body } = await app.as(admin).call(contract.sumBooks, { query: { member: ana.username } as never })
    assert.equal(body.sums, [
      { currency: 'JPY', isTest: false, count: 1, paidMinor: 300, refundedMinor: 0, keptMinor: 300 },
      { currency: 'EUR', isTest: true, count: 2, paidMinor: 1200, refundedMinor: 700, keptMinor: 500 },
    ])
    assert.equal([body.currency, body.purposes], ['EUR', [{ name: 'shop.order', title: 'Orders' }]])
    remove()
  })

  test('only who keeps the books sees them; others are refused on every route [LIVE-08]', async (context) => {
    const { app, admin, ana } = context
    const { id } = await paid(context)
    const dj = await app.addAccount({ roles: ['artist'] })
    const routes = [contract.listBooks, contract.sumBooks, contract.exportBooks] as unknown as Route[]
    const one = contract.getBook as unknown as Route
    for (const route of [...routes, one]) {
      const input = { params: { id } }
      assert.is((await app.callRaw(route, input)).status, 401, route.path)
      for (const account of [ana, dj])
        assert.is((await app.as(account).callRaw(route, input)).status, 403, route.path)
      assert.is((await app.as(admin).callRaw(route, input)).status, 200, route.path)
    }
    assert.is((await app.as(admin).callRaw(one, { params: { id: newId() } })).status, 404)
    const wrong: Record<string, string>[] = [
      { status: 'lost' },
      { minMinor: '-1' },
      { from: 'yesterday' },
      { limit: '0' },
      { odd: '1' },
    ]
    for (const query of wrong)
      assert.is((await app.as(admin).callRaw(routes[0]!, { query })).status, 422, JSON.stringify(query))
  })

  test('one payment is shown with what it paid, its refunds and its lines [LIVE-08]', async (context) => {
    const { app, admin, api } = context
    const payment = await paid(context)
    const params = { id: payment.id }
    const look = async () => (await app.as(admin).call(contract.getBook, { params })).body
    assert.equal([(await look()).subject, (await look()).purposeTitle], [null, 'shop.order'])
    const subject = { title: 'A record', text: '<b>Gift</b>', path: '/shop' }
    const describe = async (ids: string[]) => new Map(ids.map((id) => [id, subject] as const))
    const remove = api.addPurpose({ name: 'shop.order', title: { en: 'Orders', fr: 'Commandes' }, describe })
    const shown = await look()
    assert.equal([shown.subject, shown.purposeTitle, shown.can], [subject, 'Orders', { refund: true }])
    assert.equal(
      shown.entries.map(({ account, amountMinor }) => [account, amountMinor]),
      [
        ['provider.sandbox', 500],
        ['purpose.shop.order', -500],
      ],
    )
    assert.throws(() => api.addPurpose({ name: 'shop.order' } as never), /cannot be for/)
    remove()
  })
}

function refundTests(test: Test<Books>) {
  const refund = (
    { app, admin }: Books,
    id: string,
    { body, key = newId() }: { body: object; key?: string },
  ) =>
    app.request(`/api/v1/payments/books/${id}/refund`, {
      method: 'POST',
      headers: { cookie: admin.cookie, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    })
  const answerOf = async (response: Response) => {
    const body = (await response.json()) as contract.BookPage & { type?: string }
    return { status: response.status, problem: body.type?.replace('urn:veza:problem:', ''), body }
  }

  test('parts go back until nothing is left; each is told, recorded with its reason, and sent [LIVE-08]', async (context) => {
    const { app, admin, told } = context
    const payment = await paid(context)
    const ask = async (body: object, key?: string) =>
      answerOf(await refund(context, payment.id, key ? { body, key } : { body }))
    const first = await ask({ amountMinor: 200, reason: 'One side is scratched' })
    assert.equal([first.status, first.body.status, first.body.refundedMinor], [200, 'paid', 200])
    assert.is((await ask({ amountMinor: 301, reason: 'x' })).problem, 'payments.too-much')
    assert.is((await ask({ reason: 'The other one too' })).body.status, 'refunded')
    assert.is((await ask({ amountMinor: 1, reason: 'x' })).problem, 'payments.too-much')
    assert.is((await ask({ reason: 'again' })).body.refunds.length, 2, 'a whole one again changes nothing')
    await app.jobs.drain()
    const { subjectId } = payment
    assert.equal(told, [`paid ${subjectId}`, `part ${subjectId} 200`, `refunded ${subjectId}`])
    const { body } = await app.as(admin).call(contract.getBook, { params: { id: payment.id } })
    assert.equal(
      body.refunds.map(({ amountMinor, reason, by, kind }) => [amountMinor, reason, by, kind]),
      [
        [200, 'One side is scratched', admin.username, 'asked'],
        [300, 'The other one too', admin.username, 'asked'],
      ],
    )
    assert.ok(body.refunds.every(({ returnedAt }) => returnedAt !== null))
    assert.equal(body.can, { refund: false })
    const { db } = app.site.database
    const entries = await db('audit_entries').where({ subject: payment.id }).orderBy('id')
    assert.equal(
      entries.map(({ actorId, detailJson }: AuditRow) => [
        actorId,
        detailJson.amountMinor,
        detailJson.reason,
      ]),
      [
        [admin.id, 200, 'One side is scratched'],
        [admin.id, 300, 'The other one too'],
      ],
    )
  })

  test('twenty times the same part is one; its key means no other amount [LIVE-08]', async (context) => {
    const payment = await paid(context)
    const key = newId()
    const body = { amountMinor: 100, reason: 'Late' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refund(context, payment.id, { body, key }).then(answerOf)),
    )
    assert.equal([...new Set(answers.map(({ status }) => status))], [200])
    const again = await answerOf(
      await refund(context, payment.id, { body: { ...body, amountMinor: 50 }, key }),
    )
    assert.is(again.problem, 'payments.key-reused')
    const { db } = context.app.site.database
    assert.is((await db('payments_refunds').where({ paymentId: payment.id })).length, 1)
    assert.is((await db('payments_payments').where({ id: payment.id }).first()).refundedMinor, 100)
  })

  test('asks for a reason, a key for a part, and something that was paid [LIVE-08]', async (context) => {
    const { app, admin, ana, begin } = context
    const [payment, waiting] = [await paid(context), await begin()]
    const params = { id: payment.id }
    const ask = (body: object, id = payment.id) => refund(context, id, { body }).then(answerOf)
    for (const body of [{}, { reason: ' ' }, { reason: 'x', amountMinor: 0 }, { reason: 'x', all: true }])
      assert.is((await ask(body)).status, 422, JSON.stringify(body))
    const keyless = { params, body: { reason: 'x', amountMinor: 1 } }
    assert.is((await app.as(admin).call(contract.refundBook, keyless)).problem, 'payments.key-needed')
    assert.is((await app.as(ana).call(contract.refundBook, keyless)).status, 403)
    assert.is((await ask({ reason: 'x' }, waiting.id)).problem, 'payments.not-paid')
    assert.is((await ask({ reason: 'x' }, newId())).status, 404)
  })
}

function exportTests(test: Test<Books>) {
  test('the export is CSV that no spreadsheet takes for formulas, and is recorded [LIVE-08]', async (context) => {
    const { app, admin, ana } = context
    const payment = await paid(context, { title: '=HYPERLINK("https://evil.test","Crédit")' })
    const answer = await app.request(`/api/v1/payments/books/export?member=${ana.username}`, {
      headers: { cookie: admin.cookie },
    })
    const text = Buffer.from(await answer.arrayBuffer()).toString('utf8')
    assert.match(answer.headers.get('content-type') ?? '', /^text\/csv; charset=utf-8/)
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="payments\.csv"/)
    const [head, line, ...rest] = text.split('\r\n')
    assert.match(head ?? '', /^\ufeff"id","created_at",.*"amount","refunded","kept"$/)
    assert.equal(rest, [''])
    assert.match(line ?? '', `"${payment.id}"`)
    assert.match(line ?? '', `"'=HYPERLINK(""https://evil.test"",""Crédit"")","${ana.username}"`)
    assert.match(line ?? '', /"EUR","5\.00","0\.00","5\.00"$/)
    const entries = await app.site.database.db('audit_entries').where({ action: 'payments.exported' })
    assert.is(entries.at(-1)?.actorId, admin.id)
  })

  test('every beginning of a formula is an ordinary word', () => {
    for (const cell of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '\n+1'])
      assert.is(lineOf([cell]), `"'${cell}"\r\n`)
    for (const cell of ['5.00', 'a=b', '', 'Été - hiver']) assert.is(lineOf([cell]), `"${cell}"\r\n`)
  })
}

function commandTests(test: Test<Books>) {
  const run = async (context: PaymentTests, name: string, input: object) => {
    const command = commands.find((each) => each.name === name)!
    const result = await command.run(command.input.parse(input) as never, context.ctx as never, {} as never)
    return {
      result: result as Record<string, never> & contract.BookPage,
      text: command.text(result as never),
    }
  }

  test('the command line finds, shows, adds up, exports and pays back as the page does [LIVE-08]', async (context) => {
    const { app, ana } = context
    const payment = await paid(context, { title: 'A record' })
    const member = ana.username
    const day = payment.createdAt.slice(0, 10)
    const filters = { member, status: 'paid', min: '5', max: '5,00', from: day, to: day }
    const list = await run(context, 'payment list', filters)
    assert.equal(idsOf(list.result.items as never), [payment.id])
    assert.match(list.text, /5\.00 EUR {2}A record {2}test/)
    const key = newId()
    const part = { id: payment.id, amount: '1.50', reason: 'Scratched', key }
    for (let n = 0; n < 2; n += 1)
      assert.match((await run(context, 'payment refund', part)).text, '1.50 EUR for "A record" go back')
    const shown = await run(context, 'payment show', { id: payment.id })
    assert.equal([shown.result.refundedMinor, shown.result.entries.length], [150, 4])
    assert.match(shown.text, /refunded +-1\.50 EUR {2}provider\.sandbox/)
    assert.is(
      (await run(context, 'payment sums', { member })).text,
      'test  1 paid: 5.00 EUR, paid back 1.50 EUR, kept 3.50 EUR',
    )
    assert.match((await run(context, 'payment export', { member })).text, /"5\.00","1\.50","3\.50"$/)
    const { db } = app.site.database
    const [entry] = await db('audit_entries').where({ action: 'payments.refunded', subject: payment.id })
    assert.equal([entry.actorId, entry.detailJson.reason], [null, 'Scratched'])
    const odd = run(context, 'payment refund', { id: payment.id, amount: '1.505' })
    assert.is(await nameOfRefusal(odd), 'payments.wrong-amount')
    const input = commands.find((each) => each.name === 'payment list')?.input
    for (const wrong of [{ from: 'yesterday' }, { status: 'lost' }, { limit: '0' }])
      assert.not(input?.safeParse(wrong).success)
  })
}
