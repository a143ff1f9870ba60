import { decimalOf, Id, z } from '#contract'
import { defineCommand, newId } from '#sdk'
import { presentBooks } from './book-view.ts'
import { listBooks, sumBooks } from './books.ts'
import {
  type CommandContext,
  type FilterInput,
  filterInput,
  filterOptions,
  minorOf,
  readFilter,
} from './command-filter.ts'
import type { BookPayment, BookSum } from './contract.ts'
import { csvOf } from './csv.ts'
import { createDesk } from './desk.ts'
import { type EntryRow, listEntries } from './ledger.ts'
import { getPayment } from './payments.ts'
import { refund } from './refund.ts'
import { listRefunds, type RefundRow } from './refunds.ts'
import type { PaymentSettings } from './settings.ts'

type None = Record<string, never>
type Paged = FilterInput & { after?: string | undefined; limit: number }
interface List {
  items: BookPayment[]
  next: string | null
}
type Whole = BookPayment & { refunds: Omit<RefundRow, 'key'>[]; entries: EntryRow[] }
const mostExported = 1_000_000
const money = (amountMinor: number, currency: string) => `${decimalOf({ amountMinor, currency })} ${currency}`

const list = defineCommand<Paged, List, PaymentSettings, None>({
  name: 'payment list',
  summary: 'Payments, newest first',
  options: [
    ...filterOptions,
    ['--after <id>', 'Only those older than this one: `next` of the list before'],
    ['--limit <number>', 'How many; 50 unless said'],
  ],
  input: z.strictObject({
    ...filterInput,
    after: Id.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(50),
  }),
  run: async ({ after, limit, ...input }, ctx) => {
    const { items, next } = await listBooks(ctx.db, await readFilter(input, ctx), { after, limit })
    return { items: await presentBooks(createDesk(ctx), items), next }
  },
  text: ({ items, next }) => {
    if (items.length === 0) return 'There are no such payments.'
    const more = next ? [`There are more: --after ${next}`] : []
    return [...items.map(lineOf), ...more].join('\n')
  },
})

function lineOf(item: BookPayment): string {
  const amount = money(item.amountMinor, item.currency).padStart(14)
  const back = item.refundedMinor > 0 ? `  (${money(item.refundedMinor, item.currency)} back)` : ''
  const test = item.isTest ? '  test' : ''
  return `${item.id}  ${item.createdAt}  ${item.status.padEnd(8)}  ${amount}  ${item.title}${test}${back}`
}

const sums = defineCommand<FilterInput, { items: BookSum[] }, PaymentSettings, None>({
  name: 'payment sums',
  summary: 'What was paid and paid back, by currency',
  options: filterOptions,
  input: z.strictObject(filterInput),
  run: async (input, ctx) => ({ items: await sumBooks(ctx.db, await readFilter(input, ctx)) }),
  text: ({ items }) => {
    if (items.length === 0) return 'Nothing was paid.'
    const lines = items.map(({ currency, count, isTest, ...sum }) => {
      const [paid, back, kept] = [sum.paidMinor, sum.refundedMinor, sum.keptMinor].map((minor) =>
        money(minor, currency),
      )
      return `${isTest ? 'test  ' : ''}${count} paid: ${paid}, paid back ${back}, kept ${kept}`
    })
    return lines.join('\n')
  },
})

const exportAll = defineCommand<FilterInput, { csv: string }, PaymentSettings, None>({
  name: 'payment export',
  summary: 'Payments as CSV, oldest first',
  options: filterOptions,
  input: z.strictObject(filterInput),
  run: async (input, ctx) => {
    const filter = await readFilter(input, ctx)
    await ctx.audit.record(ctx.db, { action: 'payments.exported', actor: null, detail: { ...input } })
    let csv = ''
    for await (const piece of csvOf(ctx, filter, mostExported)) csv += piece
    return { csv }
  },
  text: ({ csv }) => csv.trimEnd(),
})

async function wholeOf(ctx: CommandContext, id: string): Promise<Whole> {
  const row = await getPayment(ctx.db, id)
  const [payment] = await presentBooks(createDesk(ctx), [row])
  const refunds = (await listRefunds(ctx.db, row.id)).map(({ key: _key, ...refund }) => refund)
  return { ...payment!, refunds, entries: await listEntries(ctx.db, row.id) }
}

const show = defineCommand<{ id: string }, Whole, PaymentSettings, None>({
  name: 'payment show',
  summary: 'One payment with its refunds and ledger entries',
  args: [['id', 'Id of the payment, as `veza payment list` shows it']],
  input: z.strictObject({ id: Id }),
  run: ({ id }, ctx) => wholeOf(ctx, id),
  text: (item) => {
    const { purpose, subjectId, payer, provider, expiresAt, entries } = item
    const facts = [`for ${purpose} ${subjectId}`, `from ${payer?.username ?? '-'}`, `by ${provider}`]
    const lines = entries.map(
      ({ createdAt, reason, account, amountMinor, currency }) =>
        `  ${createdAt}  ${reason.padEnd(8)}  ${money(amountMinor, currency).padStart(14)}  ${account}`,
    )
    return [lineOf(item), `  ${facts.join(', ')}, to be paid by ${expiresAt}`, ...lines].join('\n')
  },
})

interface RefundInput {
  id: string
  amount?: string | undefined
  reason: string
  key?: string | undefined
}
const refundOne = defineCommand<RefundInput, Whole & { asked: string }, PaymentSettings, None>({
  name: 'payment refund',
  summary: 'Pay a payment back, or a part of it',
  args: [['id', 'Id of the payment, as `veza payment list` shows it']],
  options: [
    ['--amount <amount>', 'A part, as 5 or 5.00; all that is left unless said'],
    ['--reason <text>', 'Why, for the books'],
    ['--key <key>', 'With --amount: run again with the same key it counts once'],
  ],
  input: z.strictObject({
    id: Id,
    amount: z.string().optional(),
    reason: z.string().trim().max(300).default(''),
    key: z
      .string()
      .regex(/^[\w-]{1,64}$/, { error: 'Give a key of 1 to 64 letters, digits, - and _.' })
      .optional(),
  }),
  run: async ({ id, amount, reason, key = newId() }, ctx) => {
    const before = await getPayment(ctx.db, id)
    const part = amount === undefined ? undefined : { amountMinor: minorOf(amount, before.currency), key }
    const desk = createDesk(ctx)
    await ctx.db.tx((db) => refund(desk, db, id, { actor: null, reason, part }))
    const whole = await wholeOf(ctx, id)
    return { ...whole, asked: money(part?.amountMinor ?? whole.amountMinor, whole.currency) }
  },
  text: ({ asked, title, refundedMinor, amountMinor, currency }) =>
    `${refundedMinor === amountMinor ? money(amountMinor, currency) : asked} for "${title}" go back to who paid them.`,
})

export const commands = [list, show, sums, exportAll, refundOne]
