import { type Db, isoTime, newId } from '#sdk'
import type { Payment } from './contract.ts'

/**
 * Double entry: what a provider holds for the label rises by what the purpose has earned. Each pair adds up to
 * nothing, and there is one for each payment and reason.
 */
export async function insertEntries(db: Db, payment: Payment, reason: 'paid' | 'refunded'): Promise<void> {
  const { id: paymentId, provider, purpose, amountMinor, currency } = payment
  const sign = reason === 'paid' ? 1 : -1
  const line = { paymentId, reason, currency, createdAt: isoTime() }
  await db('payments_ledger').insert([
    { id: newId(), ...line, account: `provider.${provider}`, amountMinor: sign * amountMinor },
    { id: newId(), ...line, account: `purpose.${purpose}`, amountMinor: -sign * amountMinor },
  ])
}

export interface Balance {
  account: string
  currency: string
  amountMinor: number
}

/** What is on each account, by currency; one of a purpose is below zero by what it has earned. */
export async function listBalances(db: Db): Promise<Balance[]> {
  const rows: { account: string; currency: string; total: number | string }[] = await db('payments_ledger')
    .select('account', 'currency')
    .sum({ total: 'amountMinor' })
    .groupBy('account', 'currency')
    .orderBy(['account', 'currency'])
  return rows.map(({ account, currency, total }) => ({ account, currency, amountMinor: Number(total) }))
}
