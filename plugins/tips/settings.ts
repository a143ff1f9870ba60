import { z } from '#contract'
import type { ChatApi } from '#plugins/chat'
import type { LiveApi } from '#plugins/live'
import type { PaymentsApi } from '#plugins/payments'
import type { PluginContext } from '#sdk'
import { Tier } from './contract.ts'

/** `500/120/150` is from 5.00 EUR on, pinned for two minutes, 150 characters: for the environment. */
function tierOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const [fromMinor, pinS, maxLength, ...more] = value.split('/').map(Number)
  return more.length > 0 ? value : { fromMinor, pinS, maxLength }
}
const Amount = z.coerce.number().int().min(1)

/** What the label offers to those who want to give something. */
export const TipSettings = z.strictObject({
  presetsMinor: z
    .array(Amount)
    .min(1)
    .max(6)
    .default([200, 500, 1000, 2000])
    .describe('Amounts to choose from, one to six, in minor units of the currency: 200 is 2.00 EUR'),
  showAmounts: z
    .boolean()
    .default(true)
    .describe('Everybody sees how much somebody gave; who may publish on the channel does in any case'),
  messageLength: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(200)
    .describe('Characters of a tip’s message that is no superchat'),
  tiers: z
    .array(z.preprocess(tierOf, Tier))
    .min(1)
    .max(10)
    .refine((tiers) => tiers.every((tier, n) => n === 0 || tier.fromMinor > (tiers[n - 1]?.fromMinor ?? 0)), {
      error: 'Give the tiers by rising amount.',
    })
    .default([
      { fromMinor: 200, pinS: 0, maxLength: 50 },
      { fromMinor: 500, pinS: 120, maxLength: 150 },
      { fromMinor: 1000, pinS: 300, maxLength: 200 },
      { fromMinor: 2000, pinS: 600, maxLength: 250 },
      { fromMinor: 5000, pinS: 1200, maxLength: 300 },
      { fromMinor: 10_000, pinS: 1800, maxLength: 400 },
    ])
    .describe(
      'What a superchat gives, by rising amount: fromMinor (minor units), pinS (seconds it stays pinned), maxLength (characters); in the environment as 500/120/150,1000/300/200',
    ),
})
export type TipSettings = z.infer<typeof TipSettings>
export type Ctx = PluginContext<
  TipSettings,
  { live: LiveApi; payments: PaymentsApi; chat: ChatApi | undefined }
>
