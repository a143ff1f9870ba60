import { insertClip } from '../../plugins/live/clips/clips.ts'
import * as live from '../../plugins/live/contract.ts'
import { insertStream, markLive } from '../../plugins/live/streams.ts'
import { isoTime } from '../../server/sdk/index.ts'
import { person } from './factors.ts'
import { byPicture, picture } from './recipe-pictures.ts'
import { fresh, type Kitchen, type Recipe, recipe } from './recipes.ts'

/** A channel of its own for each call. */
export async function channel({ app, owner }: Kitchen): Promise<string> {
  const slug = fresh('channel')
  await app.as(owner).call(live.createChannel, { body: { slug, title: slug, description: '' } })
  return slug
}

/** By the owner, about such a channel. */
const atChannel =
  (body?: unknown): Recipe[1] =>
  async (kitchen) => ({ as: kitchen.owner, params: { slug: await channel(kitchen) }, body })

interface OnStage {
  slug: string
  channelId: string
  id: string
}

/** A stream of a channel of its own, on air or over. */
async function stream(kitchen: Kitchen, isOver: boolean): Promise<OnStage> {
  const { app, owner } = kitchen
  const { db } = app.site.database
  const slug = await channel(kitchen)
  const key = (await app.as(owner).call(live.createKey, { params: { slug }, body: {} })).body
  const { id: channelId } = await db('live_channels').where({ slug }).first()
  const { id } = await insertStream(db, { channelId, keyId: key.id, title: slug })
  await markLive(db, id, { hasVideo: true, hasAudio: false, startedAt: null })
  if (isOver)
    await db('live_streams').where({ id }).update({ status: 'ended', durationMs: 60_000, sizeBytes: 9 })
  return { slug, channelId, id }
}

const channelRecipes: Recipe[] = [
  recipe(live.createChannel, ({ owner }) => ({
    as: owner,
    body: { slug: fresh('channel'), title: 'Stage' },
  })),
  recipe(live.updateChannel, atChannel({ title: 'Another stage', access: 'members' })),
  recipe(
    live.setChannelCover,
    byPicture(async (kitchen) => atChannel()(kitchen)),
  ),
  recipe(live.removeChannelCover, async (kitchen) => {
    const made = await atChannel()(kitchen)
    const wish = { params: made.params, body: await picture() }
    await kitchen.app.as(kitchen.owner).callRaw(live.setChannelCover as never, wish as never)
    return made
  }),
  recipe(live.createKey, atChannel({ camera: 2, title: 'Booth' })),
  recipe(live.revokeKey, async (kitchen) => {
    const { app, owner } = kitchen
    const wish = { params: { slug: await channel(kitchen) }, body: {} }
    return { as: owner, params: { id: (await app.as(owner).call(live.createKey, wish)).body.id } }
  }),
  recipe(live.endStream, async (kitchen) => ({
    as: kitchen.owner,
    params: { slug: (await stream(kitchen, false)).slug },
  })),
  recipe(
    live.updateMix,
    atChannel({ mainCamera: 2, cameras: [{ camera: 2, title: 'Booth', offsetMs: 40 }] }),
  ),
]

/** The recording of a channel of its own. */
const atReplay =
  (body?: unknown): Recipe[1] =>
  async (kitchen) => ({ as: kitchen.owner, params: { id: (await stream(kitchen, true)).id }, body })

/** A clip that somebody made, seen to by the owner of the channel. */
const atClip =
  (body?: unknown): Recipe[1] =>
  async (kitchen) => {
    const { channelId, id: streamId } = await stream(kitchen, true)
    const moment = { fromAt: isoTime(), untilAt: isoTime(new Date(Date.now() + 5_000)) }
    const makerId = (await person(kitchen)).id
    const words = { title: fresh('clip'), hasVideo: true, makerId }
    const clip = { channelId, streamId, ...moment, ...words }
    const { id } = await insertClip(kitchen.app.site.database.db, clip)
    return { as: kitchen.owner, params: { id }, body }
  }

const recordingRecipes: Recipe[] = [
  recipe(live.updateReplay, atReplay({ title: 'Another evening' })),
  recipe(live.removeReplay, atReplay()),
  recipe(live.setChapters, atReplay({ chapters: [{ atMs: 0, title: 'Opening' }] })),
  recipe(live.createClip, async (kitchen) => {
    const { slug, id: streamId } = await stream(kitchen, false)
    const [from, until] = [8_000, 2_000].map((ms) => isoTime(new Date(Date.now() - ms)))
    return { as: await person(kitchen), params: { slug }, body: { title: 'The drop', streamId, from, until } }
  }),
  recipe(live.updateClip, atClip({ title: 'Another drop' })),
  recipe(live.removeClip, atClip()),
]

/** A planned set of a channel of its own, perhaps after another call about it. */
const atSet =
  (body?: unknown, before?: unknown): Recipe[1] =>
  async (kitchen) => {
    const { app, owner } = kitchen
    const wish = { params: { slug: await channel(kitchen) }, body: plan() }
    const { id } = (await app.as(owner).call(live.planSet, wish)).body
    if (before) await app.as(owner).callRaw(before as never, { params: { id }, body: await picture() })
    return { as: owner, params: { id }, body }
  }
const plan = () => ({
  ...{ title: 'First light', description: '', timeZone: null, access: 'ticket' as const },
  ...{ startsAt: isoTime(new Date(Date.now() + 3_600_000)), endsAt: null },
})

const eventRecipes: Recipe[] = [
  recipe(live.planSet, (kitchen) => atChannel(plan())(kitchen)),
  recipe(live.changeSet, atSet({ title: 'Second light', access: 'public' })),
  recipe(live.cancelSet, atSet()),
  recipe(live.removeSet, atSet()),
  recipe(
    live.setSetCover,
    byPicture(async (kitchen) => atSet()(kitchen)),
  ),
  recipe(live.removeSetCover, atSet(undefined, live.setSetCover)),
]

const guestRecipes: Recipe[] = [
  recipe(live.addGuest, async (kitchen) => {
    const { username } = await person(kitchen)
    return atChannel({ username })(kitchen)
  }),
  recipe(live.createTickets, atChannel({ count: 2 })),
  recipe(live.claimTicket, async (kitchen) => {
    const { app, owner } = kitchen
    const params = { slug: await channel(kitchen) }
    const { items } = (await app.as(owner).call(live.createTickets, { params, body: { count: 1 } })).body
    return { as: await person(kitchen), params, body: { code: items[0]?.code } }
  }),
  recipe(live.removeGuest, async (kitchen) => {
    const { app, owner } = kitchen
    const body = { username: (await person(kitchen)).username }
    const wish = { params: { slug: await channel(kitchen) }, body }
    return { as: owner, params: { id: (await app.as(owner).call(live.addGuest, wish)).body.id } }
  }),
]

/** Nowhere, and switched off. */
const destination = {
  title: 'Elsewhere',
  url: 'rtmp://127.0.0.1:9/app',
  key: 'a-key-of-elsewhere',
  isOn: false,
}
const atDestination =
  (body?: unknown): Recipe[1] =>
  async (kitchen) => {
    const { app, owner } = kitchen
    const wish = { params: { slug: await channel(kitchen) }, body: destination }
    const { id } = (await app.as(owner).call(live.createSimulcast, wish)).body
    return { as: owner, params: { id }, body }
  }
const simulcastRecipes: Recipe[] = [
  recipe(live.createSimulcast, atChannel(destination)),
  recipe(live.updateSimulcast, atDestination({ key: 'another-key-of-elsewhere' })),
  recipe(live.removeSimulcast, atDestination()),
]

/** Of the stage. */
export const stageRecipes: Recipe[] = [
  ...channelRecipes,
  ...recordingRecipes,
  ...eventRecipes,
  ...guestRecipes,
  ...simulcastRecipes,
]
