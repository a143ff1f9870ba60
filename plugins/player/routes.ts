import { notFound } from '#contract'
import { type Account, addressBlock, type Call, isoTime, problem } from '#sdk'
import * as contract from './contract.ts'
import type { PlayCounter } from './counter.ts'
import { checkHeard, type Listeners } from './heard.ts'
import { disownPlays, listPlays } from './plays.ts'
import { listPositions, removePosition, savePosition } from './positions.ts'
import { findQueue, nearIds, saveQueue, withoutTracks } from './queues.ts'
import type { Ctx } from './settings.ts'

/** The queue of an account, and its browsers among themselves. */
export function handleQueues({ router, realtime, db, needs }: Ctx): void {
  router.handle(contract.getQueue, async (_input, call) => {
    const saved = await findQueue(db, call.me.id)
    if (!saved) return { queue: null }
    const ids = nearIds(saved)
    const tracks = await needs.catalog.tracksByIds(call, ids)
    const secret = new Set(saved.keys.flatMap(({ trackIds }) => trackIds))
    const gone = new Set(ids.filter((id) => !tracks.has(id) && !secret.has(id)))
    const queue = withoutTracks(saved, gone)
    return { queue: { ...queue, tracks: [...new Set(ids)].flatMap((id) => tracks.get(id) ?? []) } }
  })

  router.handle(contract.saveQueue, async ({ body }, call) => {
    const updatedAt = await saveQueue(db, call.me.id, body)
    const { deviceId, deviceName, isPlaying, positionMs } = body
    const trackId = body.trackIds[body.index] ?? null
    const said = { deviceId, deviceName, isPlaying, trackId, positionMs, updatedAt }
    realtime.publish(contract.deviceChannel, { accountId: call.me.id }, 'saved', said)
    return { updatedAt }
  })

  realtime.channel(contract.deviceChannel, {
    canJoin: ({ account }, { accountId }) => account?.id === accountId,
  })
}

/** What was heard: counted once, and listed for who heard it. */
export function handlePlays(ctx: Ctx, counter: PlayCounter, listeners: Listeners): void {
  const { router, db, needs } = ctx

  router.handle(contract.countPlay, async ({ body }, call) => {
    const track = await heardTrack(ctx, call, body)
    const now = Date.now()
    checkHeard(body, track.durationMs, now)
    const { account } = call
    if (account) listeners.account(account.id, body.heardMs, now)
    else listeners.guest(addressBlock(call.address), track.id, ctx.settings.get().guestPlaysPerHour, now)
    const { startId, heardMs } = body
    const playedAt = isoTime(new Date(now))
    await counter.count({ startId, heardMs, trackId: track.id, accountId: account?.id ?? null, playedAt })
  })

  router.handle(contract.listHistory, async ({ query }, call) => {
    const { items, next } = await listPlays(db, call.me.id, query)
    const ids = items.map(({ trackId }) => trackId)
    const tracks = await needs.catalog.tracksByIds(call, [...new Set(ids)])
    const told = items.flatMap(({ id, playedAt, trackId }) => {
      const track = tracks.get(trackId)
      return track ? [{ id, playedAt, track }] : []
    })
    return { items: told, next }
  })

  router.handle(contract.removeHistoryItem, async ({ params }, call) => {
    if ((await disownPlays(db, call.me.id, params.id)) === 0) throw problem(notFound)
  })
  router.handle(contract.clearHistory, async (_input, call) => {
    await disownPlays(db, call.me.id)
  })
}

/** The track that a caller says to have heard; not found where it cannot be heard. */
async function heardTrack(
  { needs }: Ctx,
  call: Call,
  { trackId, key }: { trackId: string; key?: string | undefined },
) {
  const asking = { account: call.account, header: call.header, cookie: call.cookie, key }
  const track = (await needs.catalog.tracksByIds(asking, [trackId])).get(trackId)
  if (!track) throw problem(notFound)
  return track
}

/** Where long tracks were left. */
export function handlePositions(ctx: Ctx): void {
  const { router, db, needs, settings } = ctx
  const longerThanMs = () => settings.get().longTrackMin * 60_000

  router.handle(contract.listPositions, async (_input, call) => {
    const rows = await listPositions(db, call.me.id)
    const tracks = await needs.catalog.tracksByIds(
      call,
      rows.map(({ trackId }) => trackId),
    )
    const items = rows.flatMap(({ trackId, positionMs, updatedAt }) => {
      const track = tracks.get(trackId)
      return track ? [{ positionMs, updatedAt, track }] : []
    })
    return { items, longerThanMs: longerThanMs() }
  })

  router.handle(contract.savePosition, async ({ params, body: { positionMs } }, call) => {
    const { trackId } = params
    if (positionMs === null) return removePosition(db, call.me.id, trackId)
    const durationMs = await durationOf(ctx, call, trackId)
    if (durationMs <= longerThanMs()) return undefined
    return savePosition(db, { accountId: call.me.id, trackId, positionMs: Math.min(positionMs, durationMs) })
  })
}

async function durationOf({ needs }: Ctx, call: Call & { me: Account }, trackId: string): Promise<number> {
  const track = (await needs.catalog.tracksByIds(call, [trackId])).get(trackId)
  if (!track) throw problem(notFound)
  return track.durationMs
}
