import { definePlugin } from '#sdk'
import { begin, checkout, keyOf } from './begin.ts'
import { sandboxCheck } from './checks.ts'
import { commands } from './commands.ts'
import { payments } from './contract.ts'
import { addProvider, createDesk, termsOf } from './desk.ts'
import { registerPages } from './pages.ts'
import { paymentsByIds } from './payments.ts'
import { handlePersonalData } from './personal-data.ts'
import { handleRefunds, refund } from './refund.ts'
import { registerRoutes } from './routes.ts'
import { PaymentSettings } from './settings.ts'

export default definePlugin({
  name: 'payments',
  version: '0.1.0',
  title: 'Payments',
  provides: payments,
  settings: PaymentSettings,
  migrations: new URL('./migrations/', import.meta.url),
  commands,
  setup(ctx) {
    const desk = createDesk(ctx)
    registerRoutes(desk)
    registerPages(desk)
    handleRefunds(desk)
    handlePersonalData(desk)
    ctx.check(sandboxCheck(desk))
    return {
      terms: () => termsOf(desk),
      addProvider: (provider) => addProvider(desk, provider),
      keyOf,
      begin: (db, wish) => begin(desk, db, wish),
      checkout: (payment) => checkout(desk, payment),
      paymentsByIds: async (db, ids) => paymentsByIds(db, ids),
      refund: (db, id, actor) => refund(desk, db, id, actor),
    }
  },
})
