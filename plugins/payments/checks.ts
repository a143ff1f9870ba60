import type { Check } from '#sdk'
import type { Desk } from './desk.ts'

/** So that nobody opens a shop in which everything is free. */
export const sandboxCheck = ({ ctx }: Desk): Check => ({
  id: 'payments.sandbox',
  title: { en: 'Payments are real', fr: 'Les paiements sont réels' },
  run: async () =>
    ctx.settings.get().sandbox
      ? {
          message: {
            en: 'Test payments are on: everything counts as paid, and no money moves.',
            fr: 'Les paiements d’essai sont activés : tout compte comme payé, et aucun argent ne bouge.',
          },
          remedy: {
            en: 'Set plugins.payments.sandbox to false before the public comes.',
            fr: 'Mettez plugins.payments.sandbox à false avant d’ouvrir au public.',
          },
        }
      : null,
})
