import { type Account, problem } from '#sdk'
import { tellRights } from './access/changes.ts'
import { type Asking, mayWatchRequest, viewerOf } from './access/viewer.ts'
import { announceChannel } from './announce.ts'
import { updateCamera } from './cameras/cameras.ts'
import type { MaybePictured } from './cameras/present.ts'
import {
  type Channel,
  getChannel,
  getChannelById,
  insertChannel,
  listChannels,
  listOwnChannels,
  updateChannel,
} from './channels.ts'
import * as contract from './contract.ts'
import type { Desk } from './desk.ts'
import { askedHealth } from './health-asked.ts'
import { lastTitlesOf } from './icecast/titles.ts'
import { ownChannel, ownChannelById } from './own-channel.ts'
import { canManage } from './policy.ts'
import { ingestAddress, presentChannel, presentKey, presentNewKey } from './present.ts'
import { shownAt } from './shown.ts'
import { getKey, insertKey, listKeys, revokeKey } from './stream-keys.ts'
import { listOpenStreams, renameStream, requestStop, streamOnAir, streamsOnAir } from './streams.ts'
import { findTurnedAway } from './turned-away.ts'

/** Channels, their keys and what is on air. */
export function handleChannels(desk: Desk): void {
  const { router, db, audit } = desk.ctx

  router.handle(contract.listChannels, async ({ query }, call) => {
    const onAir = await streamsOnAir(db)
    const { items, next } = await listChannels(db, { ...query, first: [...onAir.keys()] })
    return { items: await presentAll(desk, call, items, onAir), next }
  })
  router.handle(contract.getChannel, async ({ params }, call) => {
    const { channel, stream } = await shownAt(desk, params.slug)
    return presentChannel(desk, channel, stream, await viewerOf(desk, call, [{ channel, stream }]))
  })
  router.handle(contract.listTitles, async ({ params }, call) => {
    const channel = await getChannel(db, params.slug)
    const stream = await streamOnAir(db, channel.id)
    const isOpen = stream && (await mayWatchRequest(desk, call, channel, stream))
    return { items: isOpen ? await lastTitlesOf(db, stream.id) : [] }
  })
  router.handle(contract.createChannel, async ({ body }, call) => {
    const channel = await db.tx(async (db) => {
      const made = await insertChannel(db, { ...body, ownerId: call.me.id })
      const detail = { access: made.access }
      await audit.record(db, { action: 'live.channel-created', actor: call.me, subject: made.slug, detail })
      return made
    })
    call.status(201)
    return presentChannel(desk, channel, undefined, await viewerOf(desk, call, [{ channel }]))
  })
  router.handle(contract.updateChannel, async ({ params, body }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const stream = await streamOnAir(db, channel.id)
    await db.tx(async (db) => {
      await updateChannel(db, channel.id, body)
      const detail = { fields: Object.keys(body), access: body.access }
      await audit.record(db, {
        action: 'live.channel-changed',
        actor: call.me,
        subject: channel.slug,
        detail,
      })
      // What is on air takes the new title with it into its replay.
      if (stream && body.title) await renameStream(db, stream.id, body.title)
    })
    await announceChannel(desk, channel.id)
    if (body.access && stream) desk.forget(stream.id)
    if (body.access) tellRights(desk.ctx, { slug: channel.slug })
    return present(desk, await getChannelById(db, channel.id), call)
  })
  router.handle(contract.myChannels, async (_input, call) => {
    const channels = await listOwnChannels(db, canManage(call.me) ? null : call.me.id)
    const onAir = await streamsOnAir(
      db,
      channels.map((channel) => channel.id),
    )
    const items = await presentAll(desk, call, channels, onAir)
    return { items, ingest: ingestAddress(desk) }
  })
}

/** For who goes live: keys, health, and the way to end a stream. */
export function handlePublishing(desk: Desk): void {
  const { router, db, audit } = desk.ctx
  const healthOf = askedHealth(desk)

  router.handle(contract.listKeys, async ({ params }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const keys = await listKeys(db, channel.id)
    return { items: keys.map((key) => presentKey(key, channel.slug)) }
  })
  router.handle(contract.createKey, async ({ params, body }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const { camera = 1, title } = body ?? {}
    const made = await db.tx(async (db) => {
      const made = await insertKey(db, channel.id, camera)
      await updateCamera(db, { channelId: channel.id, camera }, { title })
      const detail = { hint: made.row.hint, camera }
      await audit.record(db, { action: 'live.key-created', actor: call.me, subject: channel.slug, detail })
      return made
    })
    call.status(201)
    call.setHeader('cache-control', 'no-store')
    return presentNewKey(desk, made, channel.slug)
  })
  router.handle(contract.revokeKey, async ({ params }, call) => {
    const key = await getKey(db, params.id)
    const { slug } = await ownChannelById(db, key.channelId, call.me)
    await revokeStreamKey(desk, { keyId: key.id, hint: key.hint, slug }, call.me)
  })
  router.handle(contract.getHealth, async ({ params }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const open = await openAt(desk, channel.id)
    const onAir = await streamOnAir(db, channel.id)
    const stream = open.find(({ id }) => id === onAir?.id) ?? open.at(-1)
    if (stream) return healthOf(stream)
    const turnedAway = await findTurnedAway(db, channel.id)
    return turnedAway && desk.health.view(turnedAway)
  })
  router.handle(contract.endStream, async ({ params }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const streams = (await openAt(desk, channel.id)).map(({ id }) => id)
    if (streams.length === 0) throw problem(contract.notLive)
    await db.tx(async (db) => {
      await requestStop(db, { channelId: channel.id }, 'kicked')
      const detail = { streams }
      await audit.record(db, { action: 'live.stream-stopped', actor: call.me, subject: channel.slug, detail })
    })
    desk.look()
    await announceChannel(desk, channel.id)
  })
}

/** The key is worth nothing from now on; a stream using it ends. False when it was revoked before. */
export async function revokeStreamKey(
  desk: Pick<Desk, 'ctx' | 'look'>,
  key: { keyId: string; hint: string; slug: string },
  actor: Account | null,
): Promise<boolean> {
  const { db, audit } = desk.ctx
  const isChanged = await db.tx(async (db) => {
    if (!(await revokeKey(db, key.keyId))) return false
    await requestStop(db, { keyId: key.keyId }, 'kicked')
    const detail = { hint: key.hint }
    await audit.record(db, { action: 'live.key-revoked', actor, subject: key.slug, detail })
    return true
  })
  desk.look()
  return isChanged
}

/** Every camera that is let in, oldest first. */
async function openAt({ ctx }: Desk, channelId: string) {
  return (await listOpenStreams(ctx.db)).filter((stream) => stream.channelId === channelId)
}

export async function present(desk: Desk, channel: Channel, call: Asking): Promise<contract.ChannelView> {
  const stream = await streamOnAir(desk.ctx.db, channel.id)
  return presentChannel(desk, channel, stream, await viewerOf(desk, call, [{ channel, stream }]))
}

async function presentAll(desk: Desk, call: Asking, channels: Channel[], onAir: Map<string, MaybePictured>) {
  const subjects = channels.map((channel) => ({ channel, stream: onAir.get(channel.id) }))
  const viewer = await viewerOf(desk, call, subjects)
  return subjects.map(({ channel, stream }) => presentChannel(desk, channel, stream, viewer))
}
