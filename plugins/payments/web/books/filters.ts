import { parseAmount } from '#contract'
import { beginOf, endOf } from '#web'
import type { PaymentStatus } from '../../contract.ts'

export const filterNames = ['status', 'purpose', 'member', 'from', 'to', 'min', 'max'] as const
export type FilterName = (typeof filterNames)[number]
export const statuses: readonly PaymentStatus[] = ['created', 'paid', 'failed', 'expired', 'refunded']

export interface BookQuery {
  status?: PaymentStatus
  purpose?: string
  member?: string
  from?: string
  to?: string
  minMinor?: number
  maxMinor?: number
}

/** What the page's address says as the routes take it; what makes no sense is left out. */
export function queryOf(values: Record<FilterName, string>, currency: string | undefined): BookQuery {
  const query: BookQuery = {}
  const status = statuses.find((name) => name === values.status)
  const from = beginOf(values.from)
  const to = endOf(values.to)
  const minMinor = minorOf(values.min, currency)
  const maxMinor = minorOf(values.max, currency)
  if (status) query.status = status
  if (values.purpose) query.purpose = values.purpose.slice(0, 60)
  if (values.member) query.member = values.member.slice(0, 60)
  if (from) query.from = from
  if (to) query.to = to
  if (minMinor !== null) query.minMinor = minMinor
  if (maxMinor !== null) query.maxMinor = maxMinor
  return query
}

/** Whether something was typed that is no amount. */
export function isBadAmount(text: string, currency: string | undefined): boolean {
  return text !== '' && currency !== undefined && parseAmount(text, currency) === null
}

const minorOf = (text: string, currency: string | undefined): number | null =>
  text !== '' && currency !== undefined ? parseAmount(text, currency) : null
