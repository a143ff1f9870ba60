import { conflict, type PageQuery } from '#contract'
import { type Call, problem } from '#sdk'
import { viewerOf } from '../access/viewer.ts'
import { announceReplay } from '../announce.ts'
import { listHidden, listShows } from '../cameras/shows.ts'
import { getChannel, getChannelById, withChannels } from '../channels.ts'
import * as contract from '../contract.ts'
import { removeRecording } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { ownChannelById } from '../own-channel.ts'
import { canRemoveReplay } from '../policy.ts'
import { getReplay, guardShow, isShowOn, listReplays, markRemoved, renameStream } from '../streams.ts'
import { type Found, showReplays } from './show.ts'
import { handleTrims } from './trim.ts'

/** Recordings of past streams. */
export function handleReplays(desk: Desk): void {
  const { router, db, audit, jobs } = desk.ctx
  const trimRecording = handleTrims(desk)

  router.handle(contract.listReplays, async ({ params, query }, call) => {
    const channel = await getChannel(db, params.slug)
    return replayPage(desk, { ...query, channelId: channel.id }, call)
  })
  router.handle(contract.recentReplays, ({ query }, call) => replayPage(desk, query, call))
  router.handle(contract.getReplay, async ({ params }, call) => {
    const stream = await getReplay(db, params.id)
    const channel = await getChannelById(db, stream.channelId)
    return shown(desk, { channel, stream }, call)
  })
  router.handle(contract.updateReplay, async ({ params, body }, call) => {
    const stream = await getReplay(db, params.id)
    const channel = await ownChannelById(db, stream.channelId, call.me)
    const { title, access, ...trim } = body
    if (access !== undefined && (await isShowOn(db, stream.showId)))
      throw problem(conflict, 'The stream may still go on; say who may watch when it has ended.')
    if (Object.keys(trim).length > 0) await trimRecording(stream, trim)
    await db.tx(async (db) => {
      if (title !== undefined) await renameStream(db, stream.id, title)
      if (access !== undefined) await guardShow(db, stream.showId, { access, eventId: stream.eventId })
      const detail = { streamId: stream.id, ...body }
      await audit.record(db, { action: 'live.replay-changed', actor: call.me, subject: channel.slug, detail })
    })
    if (access !== undefined) for (const { id } of await listShows(db, [stream.showId])) desk.forget(id)
    await announceReplay(desk, stream.id)
    return shown(desk, { channel, stream: await getReplay(db, stream.id) }, call)
  })
  router.handle(contract.removeReplay, async ({ params }, call) => {
    const stream = await getReplay(db, params.id)
    const channel = await ownChannelById(db, stream.channelId, call.me)
    if (!canRemoveReplay(call.me, channel, stream))
      throw problem(conflict, 'The stream may still go on; end it first.')
    // The cameras that only this one stands for go with it.
    const gone = [stream, ...(await listHidden(db, stream))]
    await db.tx(async (db) => {
      for (const { id } of gone) {
        await markRemoved(db, id)
        await jobs.enqueue(db, removeRecording, { streamId: id })
      }
      const detail = { streamId: stream.id, title: stream.title }
      await audit.record(db, { action: 'live.replay-removed', actor: call.me, subject: channel.slug, detail })
    })
    for (const { id } of gone) desk.forget(id)
  })
}

async function replayPage(desk: Desk, page: PageQuery & { channelId?: string }, call: Call) {
  const { items, next } = await listReplays(desk.ctx.db, page)
  const found = (await withChannels(desk.ctx.db, items)).map(([stream, channel]) => ({ stream, channel }))
  return { items: await showReplays(desk, found, await viewerOf(desk, call, found)), next }
}

async function shown(desk: Desk, found: Found, call: Call): Promise<contract.Replay> {
  const [replay] = await showReplays(desk, [found], await viewerOf(desk, call, [found]))
  return replay!
}
