import { stranger } from './access/viewer.ts'
import { getChannelById } from './channels.ts'
import { channelRoom, liveNow } from './contract.ts'
import type { Desk } from './desk.ts'
import { presentChannel } from './present.ts'
import { showReplays } from './replays/show.ts'
import { getReplay, streamOnAir } from './streams.ts'

/** Tells every open page what the channel looks like now, and whoever sends it on. Never throws: who missed it asks again. */
export async function announceChannel(desk: Desk, channelId: string): Promise<void> {
  const { db, realtime, log } = desk.ctx
  desk.shown.drop()
  void desk.simulcast?.changed(channelId)
  try {
    const channel = await getChannelById(db, channelId)
    const view = presentChannel(desk, channel, await streamOnAir(db, channelId), stranger)
    const { slug } = channel
    realtime.publish(channelRoom, { slug }, 'changed', view)
    realtime.publish(liveNow, {}, 'changed', { slug, status: view.status })
  } catch (error) {
    log.warn({ err: error, channelId }, 'a change of a channel could not be announced')
  }
}

/** Tells the channel's pages of a replay that is there, or has a new title or picture. */
export async function announceReplay(desk: Desk, streamId: string): Promise<void> {
  const { db, realtime, log } = desk.ctx
  try {
    const stream = await getReplay(db, streamId)
    // The other cameras of a show are no replays of their own.
    if (!stream.isMain) return
    const channel = await getChannelById(db, stream.channelId)
    const [replay] = await showReplays(desk, [{ channel, stream }], stranger)
    if (replay) realtime.publish(channelRoom, { slug: channel.slug }, 'replay', replay)
  } catch (error) {
    log.warn({ err: error, streamId }, 'a replay could not be announced')
  }
}
