import { tellRights } from '../access/changes.ts'
import { announceChannel } from '../announce.ts'
import { getChannelById } from '../channels.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { findStream, guardShow, isShowOn, type Stream, streamOnAir } from '../streams.ts'
import { findSet, markOn, markOver, setsAround } from './events.ts'
import { earlyMs, nearest } from './guard.ts'
import { tellFollowersOf } from './remind.ts'

/** A planned set is on while the stream that it became is, and over with it. */
export function followStreams(desk: Desk): void {
  const { events, db } = desk.ctx
  events.on(contract.streamStarted, 'live.begin-set', async ({ streamId, channelId }) => {
    const stream = await findStream(db, streamId)
    if (!stream) return
    if (stream.eventId && stream.status !== 'ended') await markOn(db, stream.eventId, stream.showId)
    await tellDoor(desk, stream)
    // The second camera of a show is no news.
    if (stream.showId === stream.id) await tellFollowersOf(desk.ctx, { channelId, streamId })
  })
  events.on(contract.streamEnded, 'live.end-set', async ({ streamId }) => {
    const stream = await findStream(db, streamId)
    if (!stream) return
    if (!(await isShowOn(db, stream.showId))) await markOver(db, stream.showId)
    await tellDoor(desk, stream)
  })
}

/** A set with an access of its own closes its channel, or opens it, while it is on. */
async function tellDoor({ ctx }: Desk, { access, channelId }: Stream): Promise<void> {
  if (access !== null) tellRights(ctx, { slug: (await getChannelById(ctx.db, channelId)).slug })
}

/** A set planned or changed while its stream is on air: they belong together, with the set's access. */
export async function linkOnAir(desk: Desk, channelId: string): Promise<void> {
  const { db } = desk.ctx
  const stream = await streamOnAir(db, channelId)
  if (!stream?.startedAt) return
  const at = new Date(stream.startedAt)
  const known = stream.eventId ? await findSet(db, stream.eventId) : null
  const set = known ?? nearest(await setsAround(db, channelId, { at, earlyMs }), at)
  if (!set || (set.id === stream.eventId && set.access === stream.access)) return
  await db.tx(async (db) => {
    await guardShow(db, stream.showId, { eventId: set.id, access: set.access })
    await markOn(db, set.id, stream.showId)
  })
  desk.forget(stream.id)
  tellRights(desk.ctx, { slug: (await getChannelById(db, channelId)).slug })
  await announceChannel(desk, channelId)
}
