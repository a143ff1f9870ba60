import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import { insertKey, revokeKey } from './stream-keys.ts'
import { end } from './stream-life.ts'
import { findStream, insertStream } from './streams.ts'
import {
  acceptedId,
  changeSetting,
  channelWithKey,
  FakeIngest,
  type LiveApp,
  liveApp,
  replaysOf,
  statusOf,
} from './testdata/kit.ts'
import { leaveRecording } from './testdata/leave.ts'

type DirectorTest = Test<LiveApp & { ingest: FakeIngest; slug: string }>
let channels = 0

for (const kind of databaseKinds) {
  const test = suite<LiveApp & { ingest: FakeIngest; slug: string }>(`live director on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await liveApp({ kind }))
  })
  test.before.each((context) => {
    context.ingest = new FakeIngest(context.ctx)
    context.slug = `room-${++channels}`
  })
  test.after.each(({ ingest }) => ingest.director.stop())
  test.after(({ app }) => app.close())
  testLife(test)
  testSecondPublishers(test)
  test.run()
}

function testLife(test: DirectorTest) {
  test('a channel is live from its first media, and everybody is told once [LIVE-01]', async (context) => {
    const { ingest, ctx, slug, app, told } = context
    const { channel, key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    assert.is(await statusOf(context, slug), 'offline')
    await ingest.playing(id)
    const { body } = await app.call(contract.getChannel, { params: { slug } })
    assert.equal([body.status, body.streamId, body.id], ['live', id, channel.id])
    assert.match(body.playback?.hls ?? '', new RegExp(`^/hls/[^/]+/${id}/index\\.m3u8$`))
    await ingest.playing(id)
    await app.jobs.drain()
    assert.equal(
      told.filter((line) => line.endsWith(id)),
      [`started ${id}`],
    )
  })

  test('an unknown and a revoked key are refused in the same words and counted [LIVE-02]', async ({
    ingest,
    ctx,
    slug,
  }) => {
    const { key, row } = await channelWithKey(ctx, slug)
    const unknown = await ingest.publish(`${key}0`)
    await revokeKey(ctx.db, row.id)
    const revoked = await ingest.publish(key)
    assert.equal(unknown, revoked)
    assert.equal(unknown, { accept: false, reason: contract.badKey.title, isWrongKey: true })
    assert.equal(ingest.counted, ['bad-key', 'bad-key'])
    assert.is(ingest.director.openCount, 0)
  })

  test('a lost publisher goes on in the same stream [LIVE-02]', async (context) => {
    const { ingest, ctx, slug, told, app } = context
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await leaveRecording(ctx, id, { segments: 5, lastAt: Date.now() })
    await ingest.gone(id, 'dropped')
    assert.is(await statusOf(context, slug), 'interrupted')
    const [sofar] = await replaysOf(context, slug)
    assert.equal([sofar?.id, sofar?.durationMs, sofar?.can.remove], [id, 10_000, false])
    assert.is(acceptedId(await ingest.publish(key)), id)
    await ingest.playing(id)
    assert.is(await statusOf(context, slug), 'live')
    assert.equal(await replaysOf(context, slug), [])
    await app.jobs.drain()
    assert.is(told.filter((line) => line.endsWith(id)).length, 1)
    assert.is(ingest.endOf(id), undefined)
  })

  test('the last words of a lost publisher do not bring the channel back on air', async (context) => {
    const { ingest, ctx, slug } = context
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await ingest.gone(id, 'dropped')
    await ingest.playing(id)
    assert.is(await statusOf(context, slug), 'interrupted')
  })

  test('the end makes a replay at once and is told once [LIVE-13]', async (context) => {
    const { ingest, ctx, slug, told, app } = context
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await leaveRecording(ctx, id, { segments: 4, lastAt: Date.now() })
    await ingest.ended(id, 6_000)
    assert.is(await statusOf(context, slug), 'offline')
    assert.is((await replaysOf(context, slug))[0]?.durationMs, 6_000)
    await ingest.ended(id, 6_000)
    await app.jobs.drain()
    // The folder knows better than the message.
    assert.is((await replaysOf(context, slug))[0]?.durationMs, 8_000)
    assert.equal(
      told.filter((line) => line.endsWith(id)),
      [`started ${id}`, `ended ${id}`],
    )
    assert.is(ingest.director.openCount, 0)
  })

  test('an end that is told twice is one end', async ({ ctx, slug, app, told }) => {
    const { channel, row } = await channelWithKey(ctx, slug)
    const made = await insertStream(ctx.db, { channelId: channel.id, keyId: row.id, title: 'Friday' })
    const stream = { ...made, startedAt: made.createdAt }
    const recording = { durationMs: 2_000, sizeBytes: 600_000, segments: 1 }
    await end(ctx, stream, { reason: 'unpublished', recording })
    await end(ctx, stream, { reason: 'kicked', recording })
    await app.jobs.drain()
    assert.is(told.filter((line) => line === `ended ${made.id}`).length, 1)
    assert.is((await findStream(ctx.db, made.id))?.endReason, 'unpublished')
  })

  test('a publisher that never became playable leaves nothing behind', async (context) => {
    const { ingest, ctx, slug, told, app } = context
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.gone(id, 'dropped')
    assert.is(ingest.endOf(id)?.reason, 'unpublished')
    await ingest.ended(id, 0)
    await app.jobs.drain()
    assert.equal(await replaysOf(context, slug), [])
    assert.is((await findStream(ctx.db, id))?.isRemoved, true)
    assert.not(told.some((line) => line.endsWith(id)))
  })
}

function testSecondPublishers(test: DirectorTest) {
  test('the same key again takes over the same stream [LIVE-02]', async ({ ingest, ctx, slug }) => {
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    assert.is(acceptedId(await ingest.publish(key)), id)
    assert.is(ingest.endOf(id), undefined)
  })

  test('another key of the channel ends the first recording and starts its own [LIVE-02]', async (context) => {
    const { ingest, ctx, slug } = context
    const { channel, key } = await channelWithKey(ctx, slug)
    const guest = await insertKey(ctx.db, channel.id)
    const first = acceptedId(await ingest.publish(key))
    await ingest.playing(first)
    const second = acceptedId(await ingest.publish(guest.key))
    assert.is.not(second, first)
    assert.is(ingest.endOf(first)?.reason, 'taken-over')
    await ingest.playing(second)
    await ingest.ended(first)
    assert.is(await statusOf(context, slug), 'live')
    assert.is((await replaysOf(context, slug))[0]?.id, first)
    const { body } = await context.app.call(contract.getChannel, { params: { slug } })
    assert.is(body.streamId, second)
  })

  test('the setting refuses a second publisher while the first is there, not when it is lost', async ({
    ingest,
    ctx,
    slug,
    app,
  }) => {
    const { key } = await channelWithKey(ctx, slug)
    await changeSetting(app, ctx, { onSecondPublisher: 'refuse' })
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    const refused = await ingest.publish(key)
    assert.equal([refused.accept, ingest.counted.at(-1)], [false, 'already-live'])
    await ingest.gone(id, 'dropped')
    assert.is(acceptedId(await ingest.publish(key)), id)
    await changeSetting(app, ctx, { onSecondPublisher: 'take-over' })
  })
}
