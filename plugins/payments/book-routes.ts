import { keyOf } from './begin.ts'
import { filterOf, presentBooks, presentPage, purposeTitle } from './book-view.ts'
import { listBooks, sumBooks } from './books.ts'
import * as contract from './contract.ts'
import { csvOf } from './csv.ts'
import type { Desk } from './desk.ts'
import { getPayment } from './payments.ts'
import { refund } from './refund.ts'

const mostExported = 100_000

/** The books: all payments, their sums, each of them, and paying back. */
export function registerBooks(desk: Desk): void {
  const { router, db, audit, settings } = desk.ctx

  router.handle(contract.listBooks, async ({ query: { after, limit, ...query } }) => {
    const { items, next } = await listBooks(db, await filterOf(desk, query), { after, limit })
    return { items: await presentBooks(desk, items), next }
  })

  router.handle(contract.sumBooks, async ({ query }, call) => ({
    currency: settings.get().currency,
    purposes: [...desk.purposes.keys()].map((name) => ({
      name,
      title: purposeTitle(desk, name, call.language),
    })),
    sums: await sumBooks(db, await filterOf(desk, query)),
  }))

  router.handle(contract.exportBooks, async ({ query }, call) => {
    const filter = await filterOf(desk, query)
    await audit.record(db, { action: 'payments.exported', actor: call.me, detail: { ...query } })
    let text = ''
    for await (const piece of csvOf(desk.ctx, filter, mostExported)) text += piece
    call.setHeader('content-disposition', 'attachment; filename="payments.csv"')
    return text
  })

  router.handle(contract.getBook, async ({ params }, call) =>
    presentPage(desk, await getPayment(db, params.id), call),
  )

  router.handle(contract.refundBook, async ({ params, body: { amountMinor, reason } }, call) => {
    const payment = await getPayment(db, params.id)
    const part = amountMinor === undefined ? undefined : { amountMinor, key: keyOf(call) }
    await db.tx((db) => refund(desk, db, payment.id, { actor: call.me, reason, part }))
    return presentPage(desk, await getPayment(db, payment.id), call)
  })
}
