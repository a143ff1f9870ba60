import { Currency, z } from '#contract'
import type { PluginContext } from '#sdk'

const Amount = z.number().int().min(1)

/** What the label takes. */
export const PaymentSettings = z
  .strictObject({
    sandbox: z
      .boolean()
      .default(false)
      .describe('Test payments: everything counts as paid at the press of a button, and no money moves'),
    currency: Currency.default('EUR').describe('Currency of all amounts, three letters of ISO 4217'),
    minAmountMinor: Amount.default(100).describe(
      'Smallest payment in minor units of the currency: 100 is 1.00 EUR',
    ),
    maxAmountMinor: Amount.default(100_000).describe(
      'Largest payment in minor units: 100000 is 1,000.00 EUR',
    ),
    payWithinMinutes: z
      .number()
      .int()
      .min(5)
      .max(10_080)
      .default(30)
      .describe('Minutes that a payment waits to be paid before it expires'),
  })
  .refine(({ minAmountMinor, maxAmountMinor }) => minAmountMinor <= maxAmountMinor, {
    error: 'The smallest amount is above the largest.',
    path: ['minAmountMinor'],
  })
export type PaymentSettings = z.infer<typeof PaymentSettings>
export type Ctx = PluginContext<PaymentSettings>
