import { invalidInput, notFound } from '#contract'
import { problem } from '#sdk'
import * as contract from './contract.ts'
import { goalOf, removeGoal, saveGoal } from './goals.ts'
import { assertHost, getChannel } from './policy.ts'
import { tellGoal } from './room.ts'
import type { Ctx } from './settings.ts'

/** What a channel collects for. */
export function registerGoalRoutes(ctx: Ctx): void {
  const { router, db, audit, needs } = ctx

  router.handle(contract.setGoal, async ({ params, body }, call) => {
    const channel = await getChannel(ctx, params.slug)
    await assertHost(ctx, call.me, channel)
    if (body.until !== null && Date.parse(body.until) <= Date.now()) {
      const message = 'The end must be in the future.'
      throw problem(invalidInput, message, { errors: [{ pointer: '/until', message }] })
    }
    const { title, amountMinor, until: untilAt } = body
    const { currency } = needs.payments.terms()
    await db.tx(async (db) => {
      await saveGoal(db, { channelId: channel.id, title, amountMinor, currency, untilAt })
      const detail = { title, amountMinor, currency, until: untilAt }
      await audit.record(db, { action: 'tips.goal-set', actor: call.me, subject: channel.slug, detail })
    })
    await tellGoal(ctx, channel)
    const goal = await goalOf(db, channel.id)
    if (!goal) throw problem(notFound)
    return goal
  })

  router.handle(contract.removeGoal, async ({ params }, call) => {
    const channel = await getChannel(ctx, params.slug)
    await assertHost(ctx, call.me, channel)
    await db.tx(async (db) => {
      if (!(await removeGoal(db, channel.id))) throw problem(notFound)
      await audit.record(db, { action: 'tips.goal-removed', actor: call.me, subject: channel.slug })
    })
    await tellGoal(ctx, channel)
  })
}
