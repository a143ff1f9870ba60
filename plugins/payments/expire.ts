import { isoTime } from '#sdk'
import { expired, expirePayments } from './contract.ts'
import type { Desk } from './desk.ts'
import { listDue, markExpired, type PaymentRow } from './payments.ts'
import { newsOf } from './settle.ts'

/** At once; what is left is due a minute later, too. */
const most = 500

export function handleExpiry(desk: Desk): void {
  const { jobs } = desk.ctx
  jobs.handle(expirePayments, async () => void (await expireDue(desk)))
  jobs.every(expirePayments, '* * * * *')
}

/** Ends what was not paid in time; answers how many. Where there is none, that is one look into an index. */
export async function expireDue(desk: Desk, now = new Date()): Promise<number> {
  const due = await listDue(desk.ctx.db, isoTime(now), most)
  let count = 0
  for (const payment of due) if (await expire(desk, payment)) count += 1
  return count
}

/** A transaction each, so that one that is paid at the moment holds up no other. */
function expire({ ctx: { db, events } }: Desk, payment: PaymentRow): Promise<boolean> {
  return db.tx(async (db) => {
    if (!(await markExpired(db, payment.id))) return false
    await events.emit(db, expired, newsOf(payment))
    return true
  })
}
