import type { Check } from '#sdk'
import type { Desk } from './desk.ts'

/** So that nobody opens a shop in which everything is free. */
export const sandboxCheck = ({ ctx }: Desk): Check => ({
  id: 'payments.sandbox',
  title: 'Payments are real',
  run: async () =>
    ctx.settings.get().sandbox
      ? {
          message: 'Test payments are on: everything counts as paid, and no money moves.',
          remedy: 'Set plugins.payments.sandbox to false before the public comes.',
        }
      : null,
})
