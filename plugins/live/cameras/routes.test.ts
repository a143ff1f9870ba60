import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import type { TestAccount } from '../../../test/kit/app.ts'
import { commands } from '../commands.ts'
import * as contract from '../contract.ts'
import { marksOf } from '../replays/chapters.ts'
import { findPublisher } from '../stream-keys.ts'
import { insertStream, listStopRequests, markLive, setClock } from '../streams.ts'
import { type LiveApp, liveApp } from '../testdata/kit.ts'

type Context = LiveApp & { artist: TestAccount; slug: string }
const test = suite<Context>('live mix')
let channels = 0

test.before(async (context) => {
  Object.assign(context, await liveApp())
  context.artist = await context.app.addAccount({ roles: ['artist'] })
})
test.before.each(async (context) => {
  context.slug = `mix-${++channels}`
  const body = { slug: context.slug, title: 'Event', description: '' }
  await context.app.as(context.artist).call(contract.createChannel, { body })
})
test.after(({ app }) => app.close())

async function onAir({ ctx, slug }: Context, cameras: number[]): Promise<string[]> {
  const { db } = ctx
  const channel = await db('live_channels').where({ slug }).first()
  const ids: string[] = []
  for (const camera of cameras) {
    const input = { channelId: channel.id, keyId: channel.id, title: 'Event', camera, showId: ids[0] }
    const { id } = await insertStream(db, input)
    await markLive(db, id, { hasVideo: true, hasAudio: true, startedAt: null })
    ids.push(id)
  }
  return ids
}
const mixOf = async ({ app, artist, slug }: Context) =>
  (await app.as(artist).call(contract.getMix, { params: { slug } })).body
const change = ({ app, artist, slug }: Context, body: contract.MixChange) =>
  app.as(artist).call(contract.updateMix, { params: { slug }, body })

test('the mix is closed to visitors, fans and other DJs [LIVE-10]', async ({ app, slug }) => {
  const [fan, other] = [await app.addAccount(), await app.addAccount({ roles: ['artist'] })]
  const routes: [Route, object?][] = [
    [contract.getMix as Route],
    [contract.updateMix as Route, { mainCamera: 2 }],
  ]
  for (const [route, body] of routes) {
    const input = { params: { slug }, body }
    assert.is((await app.callRaw(route, input)).status, 401)
    assert.is((await app.as(fan).callRaw(route, input)).problem, 'not-allowed')
    assert.is((await app.as(other).callRaw(route, input)).problem, 'not-allowed')
    const nowhere = { ...input, params: { slug: 'nowhere' } }
    assert.is((await app.as(other).callRaw(route, nowhere)).status, 404)
  }
})

test('what makes no sense is refused [LIVE-10]', async ({ app, artist, slug }) => {
  const bad = [
    { mainCamera: 0 },
    { mainCamera: 17 },
    { mainCamera: null },
    { audioCamera: 1.5 },
    { cameras: [{ camera: 2, title: '' }] },
    { cameras: [{ camera: 2, offsetMs: 10_001 }] },
    { cameras: [{ title: 'No number' }] },
    { hls: 'x' },
  ]
  for (const body of bad) {
    const answer = await app.as(artist).callRaw(contract.updateMix as Route, { params: { slug }, body })
    assert.is(answer.status, 422, JSON.stringify(body))
  }
})

test('the director’s choice reaches viewers at once and is written down [LIVE-10] [LIVE-11]', async (context) => {
  const { app, ctx, slug } = context
  const [one, two] = await onAir(context, [1, 2])
  await setClock(ctx.db, one!, { clockOffsetMs: -100, timeCodeOffsetMs: null })
  await setClock(ctx.db, two!, { clockOffsetMs: -130, timeCodeOffsetMs: null })
  const socket = await app.socket()
  socket.send({ op: 'join', id: 'j', channel: contract.channelRoom.name, params: { slug } })
  await socket.until((frame) => frame.id === 'j')
  const cameras = [{ camera: 2, title: 'Decks', offsetMs: 20 }]
  const { body: mix } = await change(context, { mainCamera: 2, audioCamera: 1, cameras })
  assert.equal([mix.mainCamera, mix.onMain, mix.audioCamera, mix.onAudio], [2, 2, 1, 1])
  const heard = await socket.until((frame) => frame.type === 'changed')
  const view = heard.data as contract.ChannelView
  assert.is(view.streamId, two)
  assert.equal(
    view.playback?.angles.map(({ title, offsetMs }) => `${title} ${offsetMs}`),
    ['Decks 0', 'Camera 1 10'],
  )
  assert.match(view.playback?.audio ?? '', new RegExp(`/${one}/sound\\.m3u8$`))
  assert.is(view.playback?.audioOffsetMs, 10)
  const asked = (await app.call(contract.getChannel, { params: { slug } })).body
  assert.equal([asked.streamId, asked.playback?.angles], [two, view.playback?.angles])
  const log = await ctx.db('audit_entries').where({ action: 'live.mix-changed', subject: slug })
  assert.is(log.length, 1)
  socket.close()
})

test('each change of the main camera on air is kept for the chapters of its show [LIVE-10] [LIVE-13]', async (context) => {
  await change(context, { mainCamera: 2 })
  const [showId] = await onAir(context, [1, 2, 3])
  await change(context, { cameras: [{ camera: 3, title: 'Decks' }] })
  for (const mainCamera of [2, 3, 3, 4, 1, 2]) await change(context, { mainCamera })
  const marks = (await marksOf(context.ctx.db, [showId!])).get(showId!) ?? []
  // The second was shown already; the fourth is not on air, so that the first stands in before it is chosen.
  assert.equal(
    marks.map(({ camera, title }) => [camera, title]),
    [
      [3, 'Decks'],
      [2, ''],
    ],
  )
})

test('the director sees every camera with a key, a name or a stream, and a silent look at those on air [LIVE-10] [LIVE-15]', async (context) => {
  const { app, artist, slug, ctx } = context
  assert.equal(
    (await mixOf(context)).cameras.map(({ camera, title, status, keys }) => [camera, title, status, keys]),
    [[1, 'Camera 1', 'off', 0]],
  )
  const body = { camera: 3, title: 'Crowd' }
  const made = (await app.as(artist).call(contract.createKey, { params: { slug }, body })).body
  assert.is(made.camera, 3)
  assert.is((await findPublisher(ctx.db, made.key))?.key.camera, 3)
  const ids = await onAir(context, [1, 4])
  await setClock(ctx.db, ids[0]!, { clockOffsetMs: -100, timeCodeOffsetMs: null })
  await setClock(ctx.db, ids[1]!, { clockOffsetMs: 40, timeCodeOffsetMs: null })
  const mix = await mixOf(context)
  assert.equal(
    mix.cameras.map(({ camera, title, status, keys, measuredMs, clock }) => {
      return [camera, title, status, keys, measuredMs, clock]
    }),
    [
      [1, 'Camera 1', 'live', 0, 0, 'arrival'],
      [3, 'Crowd', 'off', 1, null, null],
      [4, 'Camera 4', 'live', 0, 140, 'arrival'],
    ],
  )
  assert.match(mix.cameras[2]?.preview ?? '', /index\.m3u8\?uncounted$/)
  assert.is(mix.cameras[1]?.preview, null)
  const { items } = (await app.as(artist).call(contract.listKeys, { params: { slug } })).body
  assert.equal(
    items.map(({ camera }) => camera),
    [3],
  )
})

test('ending the stream ends every camera [LIVE-01]', async (context) => {
  const { app, artist, ctx, slug } = context
  const [one, two] = await onAir(context, [1, 2])
  const { playback } = (await app.call(contract.getChannel, { params: { slug } })).body
  assert.is(playback?.angles.length, 2)
  await app.as(artist).call(contract.endStream, { params: { slug } })
  const asked = (await listStopRequests(ctx.db)).map(({ id }) => id)
  assert.ok(asked.includes(one!) && asked.includes(two!))
  assert.is((await app.call(contract.getChannel, { params: { slug } })).body.status, 'offline')
})

test('the health of a channel is that of its main picture [LIVE-17]', async (context) => {
  const { app, artist, slug } = context
  const [one, two] = await onAir(context, [1, 2])
  const health = async () => (await app.as(artist).call(contract.getHealth, { params: { slug } })).body
  assert.is((await health())?.streamId, one)
  await change(context, { mainCamera: 2 })
  assert.is((await health())?.streamId, two)
})

test('stream-key create makes the key of a camera, and list tells it [LIVE-02]', async ({ ctx }) => {
  const [create, list] = ['stream-key create', 'stream-key list'].map((name) =>
    commands.find((command) => command.name === name),
  )
  const input = create!.input.parse({ channel: 'cli-event', camera: '2' })
  const made = await create!.run(input as never, ctx as never, {} as never)
  const { key, camera } = made as { key: string; camera: number }
  assert.is(camera, 2)
  assert.match(create!.text(made as never), /camera 2 of the channel "cli-event"/)
  assert.is((await findPublisher(ctx.db, key))?.key.camera, 2)
  const listed = await list!.run(
    list!.input.parse({ channel: 'cli-event' }) as never,
    ctx as never,
    {} as never,
  )
  assert.match(list!.text(listed as never), /camera 2/)
  for (const wrong of ['0', '17', 'two', '']) {
    assert.not(create!.input.safeParse({ channel: 'cli-event', camera: wrong }).success, wrong)
  }
})

test.run()
