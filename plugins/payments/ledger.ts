import { type Db, isoTime, newId } from '#sdk'
import type { Payment } from './contract.ts'

/** A line of payments_entries. Lines are added and never changed: there is no function that does. */
export interface EntryRow {
  id: string
  /** The lines of one transaction add up to nothing. */
  transactionId: string
  /** Null for what belongs to no payment. */
  paymentId: string | null
  reason: string
  account: string
  amountMinor: number
  currency: string
  createdAt: string
}

const table = 'payments_entries'

/**
 * Double entry: what a provider holds for the label rises by what the purpose has earned, and falls again by what goes
 * back. A transaction is written once: what is written again breaks the unique key, and its database transaction with
 * it.
 */
export async function insertEntries(
  db: Db,
  payment: Payment,
  { transactionId, reason, amountMinor }: { transactionId: string; reason: string; amountMinor: number },
): Promise<void> {
  const { id: paymentId, provider, purpose, currency } = payment
  const line = { transactionId, paymentId, reason, currency, createdAt: isoTime() }
  await db(table).insert([
    { id: newId(), ...line, account: `provider.${provider}`, amountMinor },
    { id: newId(), ...line, account: `purpose.${purpose}`, amountMinor: -amountMinor },
  ])
}

/** Of one payment, oldest first. */
export async function listEntries(db: Db, paymentId: string): Promise<EntryRow[]> {
  return db(table).where({ paymentId }).orderBy('id')
}

export interface Balance {
  account: string
  currency: string
  amountMinor: number
}

/** What is on each account, by currency; one of a purpose is below zero by what it has earned. */
export async function listBalances(db: Db): Promise<Balance[]> {
  const rows: { account: string; currency: string; total: number | string }[] = await db(table)
    .select('account', 'currency')
    .sum({ total: 'amountMinor' })
    .groupBy('account', 'currency')
    .orderBy(['account', 'currency'])
  return rows.map(({ account, currency, total }) => ({ account, currency, amountMinor: Number(total) }))
}
