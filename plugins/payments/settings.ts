import { Currency, z } from '#contract'
import type { PluginContext } from '#sdk'

const Amount = z.number().int().min(1)

/** What the label takes. */
export const PaymentSettings = z
  .strictObject({
    /** Test payments: everything counts as paid at the press of a button, and no money moves. */
    sandbox: z.boolean().default(false),
    currency: Currency.default('EUR'),
    /** In minor units of the currency: 100 is 1.00 EUR. */
    minAmountMinor: Amount.default(100),
    maxAmountMinor: Amount.default(100_000),
    /** How long a payment waits to be paid; what is begun later counts anew. */
    payWithinMinutes: z.number().int().min(5).max(10_080).default(30),
  })
  .refine(({ minAmountMinor, maxAmountMinor }) => minAmountMinor <= maxAmountMinor, {
    error: 'The smallest amount is above the largest.',
    path: ['minAmountMinor'],
  })
export type PaymentSettings = z.infer<typeof PaymentSettings>
export type Ctx = PluginContext<PaymentSettings>
