import { notAllowed } from '#contract'
import { type Account, problem } from '#sdk'
import { type Channel, getChannel, getChannelById } from '../channels.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { nodesOf } from '../nodes/nodes.ts'
import { canPublish } from '../policy.ts'
import { findStream, streamsOnAir } from '../streams.ts'
import * as store from './destinations.ts'
import type { ToldState } from './forwarders.ts'

const States = contract.SimulcastState.array()
type State = Omit<ToldState, 'state'> & Pick<contract.Simulcast, 'state'>

/** Destinations of a channel, for who goes live there. */
export function handleSimulcasts(desk: Desk): void {
  const { router, db, audit, secrets, realtime } = desk.ctx

  const statesThere = nodesOf(desk.ctx).tellAtItsPlace('simulcast', async (streamId) => {
    const stream = await findStream(db, streamId)
    return stream ? [...(desk.simulcast?.statesOf(stream.channelId).values() ?? [])] : []
  })
  /** From the machine that sends: the one that takes the picture. */
  const statesOf = async ({ id }: Channel): Promise<Map<string, State>> => {
    const picture = (await streamsOnAir(db, [id])).get(id)
    const told = States.safeParse(picture ? await statesThere(picture) : [])
    return new Map((told.data ?? []).map((state) => [state.id, state]))
  }

  const nowOf = ({ id, channelId }: store.Destination) => desk.simulcast?.statesOf(channelId).get(id)

  realtime.channel(contract.simulcastRoom, {
    canJoin: async ({ account }, { slug }) => canPublish(account, await getChannel(db, slug)),
  })
  router.handle(contract.listSimulcasts, async ({ params }, call) => {
    const channel = assertOwn(await getChannel(db, params.slug), call.me)
    const [rows, states] = await Promise.all([store.listDestinations(db, channel.id), statesOf(channel)])
    return { items: rows.map((row) => present(row, states.get(row.id))) }
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
    return present(row, nowOf(row))
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
    const row = await store.getDestination(db, params.id)
    return present(row, nowOf(row))
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

function present(row: store.Destination, told: State | undefined): contract.Simulcast {
  const { id, title, url, isOn, createdAt } = row
  const { state = 'off', reason = null, fault = null, since = null, droppedFrames = 0 } = (isOn && told) || {}
  return { id, title, url, isOn, createdAt, state, reason, fault, since, droppedFrames }
}
