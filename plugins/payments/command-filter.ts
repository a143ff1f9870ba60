import { AmountMinor, parseAmount, z } from '#contract'
import { type PluginContext, problem } from '#sdk'
import { filterOf } from './book-view.ts'
import type { BookFilter } from './books.ts'
import { PaymentStatus, wrongAmount } from './contract.ts'
import { createDesk } from './desk.ts'
import type { PaymentSettings } from './settings.ts'

export type CommandContext = PluginContext<PaymentSettings, Record<string, never>>

export const filterOptions: [flags: string, help: string][] = [
  ['--status <status>', 'Only those that are created, paid, failed, expired or refunded'],
  ['--purpose <name>', 'Only those for this, as tips.tip'],
  ['--member <name>', 'Only those of this member: username or id'],
  ['--from <day>', 'Only from this day or time on, as 2026-03-01 (UTC)'],
  ['--to <day>', 'Only until the end of this day, or this time (UTC)'],
  ['--min <amount>', 'Only from this amount on, as 5 or 5.00'],
  ['--max <amount>', 'Only up to this amount'],
]

const moment = (time: string) =>
  z
    .string()
    .transform((text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T${time}Z` : text))
    .pipe(
      z.iso.datetime({
        precision: 3,
        error: 'Give a day as 2026-03-01, or a time as 2026-03-01T12:00:00.000Z.',
      }),
    )
    .optional()

export const filterInput = {
  status: PaymentStatus.optional(),
  purpose: z.string().max(60).optional(),
  member: z.string().max(60).optional(),
  from: moment('00:00:00.000'),
  to: moment('23:59:59.999'),
  min: z.string().optional(),
  max: z.string().optional(),
}
export interface FilterInput extends Pick<BookFilter, 'status' | 'purpose' | 'from' | 'to'> {
  member?: string | undefined
  min?: string | undefined
  max?: string | undefined
}

/** The options as the books take them. */
export function readFilter(input: FilterInput, ctx: CommandContext): Promise<BookFilter> {
  const { status, purpose, member, from, to, min, max } = input
  const { currency } = ctx.settings.get()
  const minMinor = min === undefined ? undefined : minorOf(min, currency)
  const maxMinor = max === undefined ? undefined : minorOf(max, currency)
  return filterOf(createDesk(ctx), { status, purpose, member, from, to, minMinor, maxMinor })
}

/** What was typed in minor units. Throws `payments.wrong-amount`. */
export function minorOf(text: string, currency: string): number {
  const amount = AmountMinor.safeParse(parseAmount(text, currency))
  if (!amount.success) throw problem(wrongAmount, `"${text}" is no amount of ${currency}; write 5 or 5.00.`)
  return amount.data
}
