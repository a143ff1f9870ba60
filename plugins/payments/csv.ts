import { decimalOf } from '#contract'
import type { Accounts, Db } from '#sdk'
import { type BookFilter, eachBook } from './books.ts'
import type { PaymentRow } from './payments.ts'

const names = [
  'id',
  'created_at',
  'paid_at',
  'refunded_at',
  'expired_at',
  'status',
  'purpose',
  'subject_id',
  'title',
  'payer',
  'provider',
  'is_test',
  'currency',
  'amount',
  'refunded',
  'kept',
]
// By which spreadsheets read UTF-8 as such.
const mark = '\ufeff'
/** What a spreadsheet takes for the beginning of a formula, in either width, behind blanks too. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

/** Payments as RFC 4180 says, piece by piece; amounts in whole currency with a point. */
export async function* csvOf(
  ctx: { db: Db; accounts: Pick<Accounts, 'byIds'> },
  filter: BookFilter,
  most: number,
): AsyncGenerator<string> {
  yield mark + lineOf(names)
  for await (const rows of eachBook(ctx.db, filter, most)) {
    const people = await ctx.accounts.byIds([...new Set(rows.flatMap(({ payerId }) => payerId ?? []))])
    yield rows.map((row) => lineOf(cellsOf(row, people.get(row.payerId ?? '')?.username))).join('')
  }
}

function cellsOf(row: PaymentRow, payer: string | undefined): (string | null | undefined)[] {
  const { currency, amountMinor, refundedMinor } = row
  const decimal = (minor: number) => decimalOf({ amountMinor: minor, currency })
  return [
    row.id,
    row.createdAt,
    row.paidAt,
    row.refundedAt,
    row.expiredAt,
    row.status,
    row.purpose,
    row.subjectId,
    row.title,
    payer,
    row.provider,
    row.isTest ? 'yes' : 'no',
    currency,
    decimal(amountMinor),
    decimal(refundedMinor),
    decimal(row.paidAt === null ? 0 : amountMinor - refundedMinor),
  ]
}

/** What would be a formula begins with an apostrophe: words in a table must never do anything. */
export const lineOf = (cells: readonly (string | null | undefined)[]): string =>
  `${cells
    .map((cell) => cell ?? '')
    .map((cell) => `"${(formula.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`)
    .join(',')}\r\n`
