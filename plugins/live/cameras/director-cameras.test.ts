import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { databaseKinds } from '../../../test/kit/databases.ts'
import { announceChannel } from '../announce.ts'
import * as contract from '../contract.ts'
import { insertKey } from '../stream-keys.ts'
import { findStream, insertStream } from '../streams.ts'
import {
  acceptedId,
  channelWithKey,
  FakeIngest,
  type LiveApp,
  liveApp,
  replaysOf,
  statusOf,
} from '../testdata/kit.ts'
import { leaveRecording } from '../testdata/leave.ts'
import { updateChoice } from './cameras.ts'

type Context = LiveApp & { ingest: FakeIngest; slug: string }
let channels = 0

for (const kind of databaseKinds) {
  const test = suite<Context>(`live cameras on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await liveApp({ kind }))
  })
  test.before.each((context) => {
    context.ingest = new FakeIngest(context.ctx)
    context.slug = `event-${++channels}`
  })
  test.after.each(({ ingest }) => ingest.director.stop())
  test.after(({ app }) => app.close())
  testPublishing(test)
  testMain(test)
  testClocks(test)
  test.run()
}

/** Two cameras on air: the main key's own, and what the second key sends. */
async function twoCameras({ ingest, ctx, slug }: Context) {
  const { channel, key } = await channelWithKey(ctx, slug)
  const second = await insertKey(ctx.db, channel.id, 2)
  const one = acceptedId(await ingest.publish(key))
  const two = acceptedId(await ingest.publish(second.key))
  await ingest.playing(one)
  await ingest.playing(two)
  return { channel, one, two, keys: [key, second.key] as const, second }
}
const channelOf = async ({ app }: LiveApp, slug: string) =>
  (await app.call(contract.getChannel, { params: { slug } })).body
const anglesOf = async (context: Context) =>
  ((await channelOf(context, context.slug)).playback?.angles ?? []).map(({ camera }) => camera)

function testPublishing(test: Test<Context>) {
  test('cameras are on air side by side, each with its own publisher [LIVE-10] [LIVE-02]', async (context) => {
    const { ingest, slug, ctx } = context
    const { one, two, keys } = await twoCameras(context)
    assert.equal(ingest.endOf(one), undefined)
    const { streamId, playback } = await channelOf(context, slug)
    assert.is(streamId, one)
    assert.equal(
      playback?.angles.map(({ id, title, offsetMs }) => [id, title, offsetMs]),
      [
        [one, 'Camera 1', 0],
        [two, 'Camera 2', 0],
      ],
    )
    assert.is(playback?.angles[0]?.hls, playback?.hls)
    assert.is((await findStream(ctx.db, two))?.showId, one)
    // Each comes back into its own stream.
    assert.is(acceptedId(await ingest.publish(keys[1])), two)
    assert.is(acceptedId(await ingest.publish(keys[0])), one)
  })

  test('the main key with ?cam=2 is camera 2; a key of camera 2 is nothing else [LIVE-02]', async (context) => {
    const { ingest, ctx, slug } = context
    const { channel, key } = await channelWithKey(ctx, slug)
    const guest = await insertKey(ctx.db, channel.id, 2)
    const one = acceptedId(await ingest.publish(key))
    const two = acceptedId(await ingest.publish(key, { cam: '2' }))
    assert.is.not(two, one)
    assert.is((await findStream(ctx.db, two))?.camera, 2)
    assert.is.not(acceptedId(await ingest.publish(guest.key)), two)
    assert.is(ingest.endOf(two)?.reason, 'taken-over')
    for (const query of [{ cam: '1' }, { cam: '0' }, { cam: 'x' }])
      assert.is((await ingest.publish(guest.key, query)).accept, false)
    assert.equal(ingest.counted.slice(-3), ['bad-camera', 'bad-camera', 'bad-camera'])
    assert.is(ingest.endOf(one), undefined)
  })

  test('who is put off the air is barred on that camera alone [LIVE-02]', async (context) => {
    const { ingest, ctx } = context
    const { two, keys } = await twoCameras(context)
    await ctx.db('live_streams').where({ id: two }).update({ stopReason: 'kicked' })
    ingest.director.look()
    await ingest.director.settled()
    assert.is((await ingest.publish(keys[1])).accept, false)
    assert.is((await ingest.publish(keys[0])).accept, true)
    assert.is((await ingest.publish(keys[0], { cam: '2' })).accept, true)
  })

  test('a show begins and ends once, told by the stream that began it [LIVE-01]', async (context) => {
    const { ingest, app, told, slug } = context
    const { one, two } = await twoCameras(context)
    await ingest.ended(one)
    assert.equal([await statusOf(context, slug), (await channelOf(context, slug)).streamId], ['live', two])
    await app.jobs.drain()
    assert.equal(
      told.filter((line) => line.endsWith(one) || line.endsWith(two)),
      [`started ${one}`],
    )
    await ingest.ended(two)
    assert.is(await statusOf(context, slug), 'offline')
    await app.jobs.drain()
    assert.equal(
      told.filter((line) => line.endsWith(one) || line.endsWith(two)),
      [`started ${one}`, `ended ${one}`],
    )
  })

  test('another DJ on the only camera begins a show, beside other cameras goes on with it [LIVE-10]', async (context) => {
    const { ingest, ctx, slug } = context
    const { channel, key } = await channelWithKey(ctx, slug)
    const [guest, wide] = [await insertKey(ctx.db, channel.id), await insertKey(ctx.db, channel.id, 2)]
    const showOf = async (id: string) => (await findStream(ctx.db, id))?.showId
    const first = acceptedId(await ingest.publish(key))
    const second = acceptedId(await ingest.publish(guest.key))
    assert.equal([await showOf(first), await showOf(second)], [first, second])
    acceptedId(await ingest.publish(wide.key))
    const third = acceptedId(await ingest.publish(key))
    assert.is(await showOf(third), second)
  })

  test('a camera joins the show that another machine’s ingest takes in [LIVE-10]', async ({
    ingest,
    ctx,
    slug,
  }) => {
    const { channel, key } = await channelWithKey(ctx, slug)
    const there = { channelId: channel.id, keyId: channel.id, title: 'Elsewhere', camera: 2 }
    const { id } = await insertStream(ctx.db, there)
    const here = acceptedId(await ingest.publish(key))
    assert.is((await findStream(ctx.db, here))?.showId, id)
  })
}

function testMain(test: Test<Context>) {
  test('a lost main camera falls back to another, and is main again when it is back [LIVE-10]', async (context) => {
    const { ingest, slug, app, ctx } = context
    const { channel, one, two, keys } = await twoCameras(context)
    await updateChoice(ctx.db, channel.id, { mainCamera: 2 })
    const socket = await app.socket()
    const room = { channel: contract.channelRoom.name, params: { slug } }
    socket.send({ op: 'join', id: 'j', ...room })
    await socket.until((frame) => frame.id === 'j')
    const heard = (id: string) =>
      socket.until((frame) => (frame.data as contract.ChannelView | undefined)?.streamId === id, id)
    await announceChannel(ingest.desk, channel.id)
    await heard(two)
    await ingest.gone(two, 'dropped')
    const told = (await heard(one)).data as contract.ChannelView
    assert.equal([told.status, told.isInterrupted, told.playback?.angles], ['live', false, []])
    acceptedId(await ingest.publish(keys[1]))
    await ingest.playing(two)
    await heard(two)
    assert.equal(await anglesOf(context), [2, 1])
    socket.close()
  })

  test('the channel waits only when no camera is live [LIVE-10]', async (context) => {
    const { ingest, slug } = context
    const { one, two } = await twoCameras(context)
    await ingest.gone(one, 'dropped')
    assert.is(await statusOf(context, slug), 'live')
    await ingest.gone(two, 'dropped')
    assert.is(await statusOf(context, slug), 'interrupted')
    assert.is((await channelOf(context, slug)).streamId, one)
  })

  test('a show leaves one replay: that of the chosen camera, though it came late [LIVE-10] [LIVE-13]', async (context) => {
    const { ingest, ctx, slug, app } = context
    const { channel, key } = await channelWithKey(ctx, slug)
    await updateChoice(ctx.db, channel.id, { mainCamera: 3 })
    const one = acceptedId(await ingest.publish(key))
    await ingest.playing(one)
    const three = acceptedId(await ingest.publish(key, { cam: '3' }))
    await ingest.playing(three)
    for (const id of [one, three]) {
      await leaveRecording(ctx, id, { segments: 3, lastAt: Date.now() })
      await ingest.ended(id, 6_000)
    }
    await app.jobs.drain()
    const replays = await replaysOf(context, slug)
    assert.equal(
      replays.map(({ id }) => id),
      [three],
    )
    assert.equal(
      replays[0]?.playback?.angles.map(({ id }) => id),
      [three, one],
    )
    assert.match(replays[0]?.playback?.angles[1]?.hls ?? '', new RegExp(`/${one}/replay\\.m3u8$`))
  })
}

function testClocks(test: Test<Context>) {
  const health = (clockOffsetMs: number, timeCodeOffsetMs?: number) => ({
    ...{ bitrateKbps: 300, videoKbps: 200, audioKbps: 100, fps: 25, width: 320, height: 180 },
    ...{ videoCodec: 'avc1.42c01e', audioCodec: 'mp4a.40.2', sampleRateHz: 48_000, channels: 2 },
    ...{ keyFrameIntervalMs: 1000, droppedFrames: 0, lagMs: 0, encoder: 'test' },
    ...{ connectedAt: new Date().toISOString(), clockOffsetMs },
    ...(timeCodeOffsetMs !== undefined && { timeCodeOffsetMs }),
  })

  test('what the ingest measures lines the angles up, and the rows keep it [LIVE-11]', async (context) => {
    const { ingest, ctx, slug } = context
    const { one, two } = await twoCameras(context)
    await ingest.say({ type: 'health', streamId: one, health: health(-120) })
    await ingest.say({ type: 'health', streamId: two, health: health(-20, 3_000) })
    const offset = async () => (await channelOf(context, slug)).playback?.angles[1]?.offsetMs
    assert.is(await offset(), 100)
    await ingest.say({ type: 'health', streamId: one, health: health(-121, 2_950) })
    assert.is(await offset(), 50)
    await ingest.ended(one)
    const kept = await findStream(ctx.db, one)
    assert.equal([kept?.clockOffsetMs, kept?.timeCodeOffsetMs], [-121, 2_950])
  })
}
