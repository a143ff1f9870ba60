import { conflict, notAllowed, type PageQuery } from '#contract'
import { type Account, problem } from '#sdk'
import { announceReplay } from './announce.ts'
import { channelsByIds, getChannel, getChannelById } from './channels.ts'
import * as contract from './contract.ts'
import { removeRecording } from './contract.ts'
import type { Desk } from './desk.ts'
import { canEditReplay, canRemoveReplay } from './policy.ts'
import { presentReplay } from './present.ts'
import { getReplay, listReplays, markRemoved, renameStream } from './streams.ts'

/** Recordings of past streams. */
export function handleReplays(desk: Desk): void {
  const { router, db, audit, jobs } = desk.ctx

  router.handle(contract.listReplays, async ({ params, query }, call) => {
    const channel = await getChannel(db, params.slug)
    return replayPage(desk, { ...query, channelId: channel.id }, call.account)
  })
  router.handle(contract.recentReplays, ({ query }, call) => replayPage(desk, query, call.account))
  router.handle(contract.getReplay, async ({ params }, call) => {
    const stream = await getReplay(db, params.id)
    return presentReplay(desk, stream, await getChannelById(db, stream.channelId), call.account)
  })
  router.handle(contract.updateReplay, async ({ params, body }, call) => {
    const stream = await getReplay(db, params.id)
    const channel = await getChannelById(db, stream.channelId)
    if (!canEditReplay(call.me, channel)) throw problem(notAllowed)
    await db.tx(async (db) => {
      await renameStream(db, stream.id, body.title)
      const detail = { streamId: stream.id, title: body.title }
      await audit.record(db, { action: 'live.replay-renamed', actor: call.me, subject: channel.slug, detail })
    })
    await announceReplay(desk, stream.id)
    return presentReplay(desk, { ...stream, title: body.title }, channel, call.account)
  })
  router.handle(contract.removeReplay, async ({ params }, call) => {
    const stream = await getReplay(db, params.id)
    const channel = await getChannelById(db, stream.channelId)
    if (!canEditReplay(call.me, channel)) throw problem(notAllowed)
    if (!canRemoveReplay(call.me, channel, stream))
      throw problem(conflict, 'The stream may still go on; end it first.')
    await db.tx(async (db) => {
      await markRemoved(db, stream.id)
      await jobs.enqueue(db, removeRecording, { streamId: stream.id })
      const detail = { streamId: stream.id, title: stream.title }
      await audit.record(db, { action: 'live.replay-removed', actor: call.me, subject: channel.slug, detail })
    })
    desk.forget(stream.id)
  })
}

async function replayPage(desk: Desk, page: PageQuery & { channelId?: string }, account: Account | null) {
  const { items, next } = await listReplays(desk.ctx.db, page)
  const channels = await channelsByIds(
    desk.ctx.db,
    items.map((stream) => stream.channelId),
  )
  const shown = items.flatMap((stream) => {
    const channel = channels.get(stream.channelId)
    return channel ? [presentReplay(desk, stream, channel, account)] : []
  })
  return { items: shown, next }
}
