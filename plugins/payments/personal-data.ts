import { identity } from '#contract'
import type { Desk } from './desk.ts'
import { forgetPayer, listPaymentsOf } from './payments.ts'
import { forgetActor } from './refunds.ts'

/** What an account takes away with it, and what goes with it: the books keep the amounts, and nobody's name. */
export function handlePersonalData({ ctx }: Desk): void {
  const { accounts, db, events } = ctx
  accounts.onExport(async (accountId) => {
    const payments = (await listPaymentsOf(db, accountId)).map(
      ({ purpose, title, amountMinor, currency, refundedMinor, status, ...row }) => ({
        purpose,
        title,
        amountMinor,
        currency,
        refundedMinor,
        status,
        createdAt: row.createdAt,
        paidAt: row.paidAt,
        expiredAt: row.expiredAt,
        refundedAt: row.refundedAt,
      }),
    )
    return { data: { payments } }
  })
  events.on(identity.accountDeleted, 'payments.forget', ({ accountId }) =>
    db.tx(async (db) => {
      await forgetPayer(db, accountId)
      await forgetActor(db, accountId)
    }),
  )
}
