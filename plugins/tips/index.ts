import { optional } from '#contract'
import { chat } from '#plugins/chat'
import { live } from '#plugins/live'
import { payments } from '#plugins/payments'
import { definePlugin } from '#sdk'
import { commands } from './commands.ts'
import { registerGoalRoutes } from './goal-routes.ts'
import { handlePersonalData } from './personal-data.ts'
import { describePurpose } from './purpose.ts'
import { registerRoom } from './room.ts'
import { registerHostRoutes, registerRoutes } from './routes.ts'
import { TipSettings } from './settings.ts'
import { handlePayments } from './settle.ts'
import { tipRate } from './tip-rate.ts'

export default definePlugin({
  name: 'tips',
  version: '0.1.0',
  title: 'Tips',
  needs: { live, payments, chat: optional(chat) },
  settings: TipSettings,
  migrations: new URL('./migrations/', import.meta.url),
  commands,
  setup(ctx) {
    registerRoutes(ctx)
    registerHostRoutes(ctx)
    registerGoalRoutes(ctx)
    registerRoom(ctx)
    handlePayments(ctx)
    handlePersonalData(ctx)
    ctx.onStop(ctx.needs.payments.addPurpose(describePurpose(ctx)))
    ctx.onStop(ctx.needs.live.addFigure('tips', (time) => tipRate(ctx.db, time)))
  },
})
