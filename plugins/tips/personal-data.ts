import { identity } from '#contract'
import type { Ctx } from './settings.ts'
import { forgetGiver, listTipsOf } from './tips.ts'

/** What an account takes away with it, and what goes with it: what was given stays, without name and words. */
export function handlePersonalData({ accounts, db, events, needs }: Ctx): void {
  accounts.onExport(async (accountId) => {
    const rows = await listTipsOf(db, accountId)
    const channels = await needs.live.channelsByIds(rows.map(({ channelId }) => channelId))
    const tips = rows.map(
      ({ channelId, amountMinor, refundedMinor, currency, message, isSuperchat, ...row }) => ({
        channel: channels.get(channelId)?.slug ?? null,
        amountMinor,
        refundedMinor,
        currency,
        message,
        isSuperchat,
        status: row.status,
        createdAt: row.createdAt,
        paidAt: row.paidAt,
        refundedAt: row.refundedAt,
      }),
    )
    return { data: { tips } }
  })
  events.on(identity.accountDeleted, 'tips.forget', ({ accountId }) => forgetGiver(db, accountId))
}
