import type { Call } from '#sdk'
import { announceChannel } from './announce.ts'
import { type Channel, getChannelById, setChannelCover } from './channels.ts'
import * as contract from './contract.ts'
import { writeCover } from './covers.ts'
import type { Desk } from './desk.ts'
import { ownChannel } from './own-channel.ts'
import { present } from './routes.ts'

/** The picture of a channel, shown while nothing is on air and nothing is planned. */
export function handleChannelCovers(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.setChannelCover, async ({ params, query, body }, call) => {
    const { id } = await ownChannel(db, params.slug, call.me)
    await writeCover(desk.ctx, body as Buffer, query, async (key) => {
      await keep(desk, call, await ownChannel(db, params.slug, call.me), key)
    })
    return shown(desk, id, call)
  })
  router.handle(contract.removeChannelCover, async ({ params }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    await keep(desk, call, channel, null)
    return shown(desk, channel.id, call)
  })
}

/** The row names the new files first; then the old ones go. */
async function keep({ ctx }: Desk, call: Call, { id, slug }: Channel, key: string | null): Promise<void> {
  const { db, storage, audit } = ctx
  const before = await db.tx(async (db) => {
    // As of now: another upload may have come first, and its files go with this one.
    const { coverKey } = await getChannelById(db, id)
    await setChannelCover(db, id, key)
    const action = key ? 'live.channel-cover-changed' : 'live.channel-cover-removed'
    await audit.record(db, { action, actor: call.me, subject: slug })
    return coverKey
  })
  if (before && before !== key) await storage.removeFolder(before)
}

async function shown(desk: Desk, id: string, call: Call): Promise<contract.ChannelView> {
  await announceChannel(desk, id)
  return present(desk, await getChannelById(desk.ctx.db, id), call)
}
