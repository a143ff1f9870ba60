import { notAllowed } from '#contract'
import { type Account, problem } from '#sdk'
import { type Channel, getChannel, getChannelById } from '../channels.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { canPublish } from '../policy.ts'
import * as store from './destinations.ts'

/** Destinations of a channel, for who goes live there. */
export function handleSimulcasts(desk: Desk): void {
  const { router, db, audit, secrets, realtime } = desk.ctx

  realtime.channel(contract.simulcastRoom, {
    canJoin: async ({ account }, { slug }) => canPublish(account, await getChannel(db, slug)),
  })
  router.handle(contract.listSimulcasts, async ({ params }, call) => {
    const channel = assertOwn(await getChannel(db, params.slug), call.me)
    const rows = await store.listDestinations(db, channel.id)
    return { items: rows.map((row) => present(desk, row)) }
  })
  router.handle(contract.createSimulcast, async ({ params, body }, call) => {
    const channel = assertOwn(await getChannel(db, params.slug), call.me)
    const { key, ...input } = body
    const row = await db.tx(async (db) => {
      const made = await store.insertDestination(db, { channelId: channel.id, ...input })
      await secrets.write(db, store.secretOf(made.id), key)
      const detail = { title: made.title, host: hostOf(made.url) }
      await audit.record(db, {
        action: 'live.simulcast-added',
        actor: call.me,
        subject: channel.slug,
        detail,
      })
      return made
    })
    desk.look()
    call.status(201)
    return present(desk, row)
  })
  router.handle(contract.updateSimulcast, async ({ params, body }, call) => {
    const { channel } = await ownDestination(desk, params.id, call.me)
    const { key, ...changes } = body
    await db.tx(async (db) => {
      await store.updateDestination(db, params.id, changes)
      if (key !== undefined) await secrets.write(db, store.secretOf(params.id), key)
      // What was changed, never the key itself.
      const detail = { fields: Object.keys(body) }
      await audit.record(db, {
        action: 'live.simulcast-changed',
        actor: call.me,
        subject: channel.slug,
        detail,
      })
    })
    desk.look()
    return present(desk, await store.getDestination(db, params.id))
  })
  router.handle(contract.removeSimulcast, async ({ params }, call) => {
    const { channel, row } = await ownDestination(desk, params.id, call.me)
    await db.tx(async (db) => {
      await store.removeDestination(db, row.id)
      await secrets.remove(db, store.secretOf(row.id))
      const detail = { title: row.title, host: hostOf(row.url) }
      await audit.record(db, {
        action: 'live.simulcast-removed',
        actor: call.me,
        subject: channel.slug,
        detail,
      })
    })
    desk.look()
  })
}

/** All of an address that records keep: people paste keys into the rest. */
const hostOf = (url: string): string => url.split('/')[2] ?? ''

function assertOwn(channel: Channel, me: Account): Channel {
  if (!canPublish(me, channel)) throw problem(notAllowed)
  return channel
}

async function ownDestination(desk: Desk, id: string, me: Account) {
  const { db } = desk.ctx
  const row = await store.getDestination(db, id)
  return { row, channel: assertOwn(await getChannelById(db, row.channelId), me) }
}

function present(desk: Desk, row: store.Destination): contract.Simulcast {
  const { id, title, url, isOn, createdAt, channelId } = row
  const told = isOn ? desk.simulcast?.statesOf(channelId).get(id) : undefined
  const { state = 'off', reason = null, since = null, droppedFrames = 0 } = told ?? {}
  return { id, title, url, isOn, createdAt, state, reason, since, droppedFrames }
}
