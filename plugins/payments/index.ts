import { definePlugin } from '#sdk'
import { begin, checkout, keyOf } from './begin.ts'
import { registerBooks } from './book-routes.ts'
import { sandboxCheck } from './checks.ts'
import { commands } from './commands.ts'
import { managePermission, payments } from './contract.ts'
import { addProvider, addPurpose, createDesk, termsOf } from './desk.ts'
import { handleExpiry } from './expire.ts'
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
  permissions: {
    [managePermission]: {
      title: 'See all payments, export them and pay them back',
      roles: ['owner', 'admin'],
    },
  },
  migrations: new URL('./migrations/', import.meta.url),
  commands,
  setup(ctx) {
    const desk = createDesk(ctx)
    registerRoutes(desk)
    registerBooks(desk)
    registerPages(desk)
    handleExpiry(desk)
    handleRefunds(desk)
    handlePersonalData(desk)
    ctx.check(sandboxCheck(desk))
    return {
      terms: () => termsOf(desk),
      addProvider: (provider) => addProvider(desk, provider),
      addPurpose: (purpose) => addPurpose(desk, purpose),
      keyOf,
      begin: (db, wish) => begin(desk, db, wish),
      checkout: (payment) => checkout(desk, payment),
      paymentsByIds: async (db, ids) => paymentsByIds(db, ids),
      refund: (db, id, wish) => refund(desk, db, id, wish),
    }
  },
})
