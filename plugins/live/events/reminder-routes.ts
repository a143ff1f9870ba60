import { notFound } from '#contract'
import { problem } from '#sdk'
import { findFollow, insertFollow, setFollowMails } from '../access/follows.ts'
import { type Channel, getChannel, getChannelById } from '../channels.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { findSet, type PlannedSet } from './events.ts'
import { statusAt } from './present.ts'
import { insertReminder, removeReminder, removeRemindersOn } from './reminders.ts'
import { readStopToken } from './stop-link.ts'

/** Who is mailed before a set, or whenever a channel goes on air. */
export function handleReminderWishes(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.remindMe, async ({ params, body }, call) => {
    const channel = await getChannel(db, params.slug)
    const accountId = call.me.id
    if (body.eventId === undefined) {
      await insertFollow(db, { channelId: channel.id, accountId, isMailed: true })
      desk.forgetViewer(accountId)
      return { isReminded: true }
    }
    const set = await setOf(desk, channel, body.eventId)
    const status = statusAt(set, new Date().toISOString())
    if (status === 'over' || status === 'cancelled') throw problem(contract.setIsOver)
    await insertReminder(db, set.id, accountId)
    return { isReminded: true }
  })
  router.handle(contract.forgetReminder, async ({ params, query }, call) => {
    const channel = await getChannel(db, params.slug)
    const accountId = call.me.id
    if (query.eventId === undefined) await setFollowMails(db, { channelId: channel.id, accountId }, false)
    else await removeReminder(db, (await setOf(desk, channel, query.eventId)).id, accountId)
    return { isReminded: false }
  })
  router.handle(contract.stopMails, async ({ body }) => {
    const which = readStopToken(desk.ctx, body.token)
    if (!which) throw problem(notFound, 'This link is not whole: open it again from the mail.')
    const channel = await getChannelById(db, which.channelId)
    await db.tx(async (db) => {
      if (await findFollow(db, which.channelId, which.accountId)) await setFollowMails(db, which, false)
      await removeRemindersOn(db, which.channelId, which.accountId)
    })
    return { channel: { slug: channel.slug, title: channel.title } }
  })
}

async function setOf({ ctx: { db } }: Desk, channel: Channel, eventId: string): Promise<PlannedSet> {
  const set = await findSet(db, eventId)
  if (set?.channelId !== channel.id) throw problem(notFound, 'There is no such set on this channel.')
  return set
}
