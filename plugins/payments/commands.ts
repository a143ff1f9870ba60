import { decimalOf, Id, z } from '#contract'
import { defineCommand } from '#sdk'
import { type Payment, PaymentStatus } from './contract.ts'
import { createDesk } from './desk.ts'
import { listPayments } from './payments.ts'
import { refund } from './refund.ts'
import type { PaymentSettings } from './settings.ts'

const told = ({ id, purpose, subjectId, title, amountMinor, currency, ...rest }: Payment) => {
  const { status, provider, isTest, createdAt, paidAt, refundedAt } = rest
  const what = { id, purpose, subjectId, title, amountMinor, currency }
  return { ...what, status, provider, isTest, createdAt, paidAt, refundedAt }
}

const list = defineCommand<
  { status?: PaymentStatus | undefined; limit: number },
  { items: ReturnType<typeof told>[] },
  PaymentSettings,
  Record<string, never>
>({
  name: 'payment list',
  summary: 'The newest payments',
  options: [
    ['--status <status>', 'Only those that are created, paid, failed or refunded'],
    ['--limit <number>', 'How many; 50 unless said'],
  ],
  input: z.strictObject({
    status: PaymentStatus.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(50),
  }),
  run: async (page, { db }) => ({ items: (await listPayments(db, page)).map(told) }),
  text: ({ items }) => {
    if (items.length === 0) return 'There are no payments.'
    const lines = items.map((item) => {
      const amount = `${decimalOf(item)} ${item.currency}`.padStart(14)
      const test = item.isTest ? '  test' : ''
      return `${item.id}  ${item.createdAt}  ${item.status.padEnd(8)}  ${amount}  ${item.title}${test}`
    })
    return lines.join('\n')
  },
})

const refundOne = defineCommand<
  { id: string },
  ReturnType<typeof told>,
  PaymentSettings,
  Record<string, never>
>({
  name: 'payment refund',
  summary: 'Pay a payment back',
  args: [['id', 'Id of the payment, as `veza payment list` shows it']],
  input: z.strictObject({ id: Id }),
  run: async ({ id }, ctx) => {
    const desk = createDesk(ctx)
    return told(await ctx.db.tx((db) => refund(desk, db, id, null)))
  },
  text: (item) => `${decimalOf(item)} ${item.currency} for "${item.title}" go back to who paid them.`,
})

export const commands = [list, refundOne]
