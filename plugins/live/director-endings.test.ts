import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime } from '#sdk'
import { databaseKinds } from '../../test/kit/databases.ts'
import { getHealth } from './contract.ts'
import { findStream, insertStream, markLive, requestStop } from './streams.ts'
import {
  acceptedId,
  changeSetting,
  channelWithKey,
  eventually,
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
  const test = suite<LiveApp & { ingest: FakeIngest; slug: string }>(
    `ends and restarts of streams on ${kind}`,
  )
  test.before(async (context) => {
    Object.assign(context, await liveApp({ kind }))
  })
  test.before.each((context) => {
    context.ingest = new FakeIngest(context.ctx)
    context.slug = `end-${++channels}`
  })
  test.after.each(({ ingest }) => ingest.director.stop())
  test.after(({ app }) => app.close())
  testEndings(test)
  testRestarts(test)
  test.run()
}

function testEndings(test: DirectorTest) {
  test('news that came while the database was away are followed once it is back [OPS-13]', async (context) => {
    const { ingest, ctx, slug } = context
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ctx.db.raw('alter table live_streams rename to live_streams_away')
    await ingest.playing(id)
    await ctx.db.raw('alter table live_streams_away rename to live_streams')
    assert.is(await statusOf(context, slug), 'offline')
    await eventually('what is on air', async () => (await statusOf(context, slug)) === 'live')

    await ctx.db.raw('alter table live_streams rename to live_streams_away')
    await ingest.gone(id, 'dropped')
    await ctx.db.raw('alter table live_streams_away rename to live_streams')
    await eventually('the loss', async () => (await statusOf(context, slug)) === 'interrupted')
  })

  test('a stream whose grace is over ends', async ({ ingest, ctx, slug, app }) => {
    const { key } = await channelWithKey(ctx, slug)
    await changeSetting(app, ctx, { graceS: 0 })
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await ingest.gone(id, 'dropped')
    const end = await eventually('the order to end', () => ingest.endOf(id))
    assert.equal([end.reason, end.target?.id], ['grace-over', id])
    await changeSetting(app, ctx, { graceS: 60 })
  })

  test('what the ingest itself turned away ends without grace', async ({ ingest, ctx, slug }) => {
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await ingest.say({
      type: 'publisher-gone',
      streamId: id,
      cause: 'unpublished',
      because: 'unsupported-codec',
    })
    assert.is(ingest.endOf(id)?.reason, 'unsupported-codec')
  })

  test('whoever opens the desk after an encoder was turned away reads why, until one is taken or much later [LIVE-17]', async ({
    ingest,
    ctx,
    slug,
    app,
  }) => {
    const artist = await app.addAccount({ roles: ['artist'] })
    const { key } = await channelWithKey(ctx, slug, artist.id)
    const notes = async () =>
      (await app.as(artist).call(getHealth, { params: { slug } })).body?.notes.map(({ code }) => code)
    const id = acceptedId(await ingest.publish(key))
    await ingest.say({
      type: 'publisher-gone',
      streamId: id,
      cause: 'unpublished',
      because: 'unsupported-codec',
    })
    await ingest.ended(id, 0)
    assert.equal(await notes(), ['unsupported-codec'])
    const row = ctx.db('live_streams').where({ id })
    await row.clone().update({ endedAt: isoTime(new Date(Date.now() - 3_600_000)) })
    assert.is(await notes(), undefined)
    await row.clone().update({ endedAt: isoTime() })
    const next = acceptedId(await ingest.publish(key))
    assert.equal(await notes(), [])
    await ingest.gone(next, 'unpublished')
    await ingest.ended(next, 0)
    assert.is(await notes(), undefined)
  })

  test('a stream stopped by hand ends, and its encoder does not come straight back', async ({
    ingest,
    ctx,
    slug,
  }) => {
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await requestStop(ctx.db, { id }, 'kicked')
    ingest.director.look()
    await ingest.director.settled()
    assert.is(ingest.endOf(id)?.reason, 'kicked')
    assert.is((await ingest.publish(key)).accept, false)
    assert.is(ingest.counted.at(-1), 'barred')
  })

  test('news of a stream that is ending changes nothing but its end', async (context) => {
    const { ingest, ctx, slug } = context
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await ingest.say({ type: 'publisher-gone', streamId: id, cause: 'dropped', because: 'disk-full' })
    await ingest.playing(id)
    await ingest.gone(id, 'dropped')
    assert.is(ingest.sent.length, 1)
    await ingest.ended(id)
    assert.is(await statusOf(context, slug), 'offline')
  })

  test('without replays the recording is given up when the stream ends', async (context) => {
    const { ingest, ctx, slug, app } = context
    const { key } = await channelWithKey(ctx, slug)
    await changeSetting(app, ctx, { keepReplays: false })
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await leaveRecording(ctx, id, { segments: 3, lastAt: Date.now() })
    await ingest.ended(id)
    await app.jobs.drain()
    assert.equal(await replaysOf(context, slug), [])
    await changeSetting(app, ctx, { keepReplays: true })
  })
}

function testRestarts(test: DirectorTest) {
  test('a restarted ingest interrupts what was live and is told again what to end', async (context) => {
    const { ingest, ctx, slug } = context
    const { key } = await channelWithKey(ctx, slug)
    const ending = await channelWithKey(ctx, `${slug}-b`)
    const id = acceptedId(await ingest.publish(key))
    const other = acceptedId(await ingest.publish(ending.key))
    await ingest.playing(id)
    await ingest.say({
      type: 'publisher-gone',
      streamId: other,
      cause: 'unpublished',
      because: 'no-key-frame',
    })
    ingest.director.childStarted()
    await ingest.director.settled()
    assert.is(await statusOf(context, slug), 'interrupted')
    assert.is(ingest.sent.filter((message) => message.type === 'end' && message.streamId === other).length, 2)
    assert.is(ingest.endOf(id), undefined)
  })

  test('after a crash a fresh stream waits for its publisher and is a replay meanwhile [LIVE-13] [LIVE-02]', async (context) => {
    const { ingest, ctx, slug } = context
    const { channel, key, row } = await channelWithKey(ctx, slug)
    const { id } = await insertStream(ctx.db, { channelId: channel.id, keyId: row.id, title: 'Friday' })
    await markLive(ctx.db, id, { hasVideo: true, hasAudio: false, startedAt: null })
    await leaveRecording(ctx, id, { segments: 15, lastAt: Date.now() - 5_000 })
    await ingest.director.start()
    assert.is(await statusOf(context, slug), 'interrupted')
    assert.is((await replaysOf(context, slug))[0]?.durationMs, 30_000)
    assert.is(acceptedId(await ingest.publish(key)), id)
    await ingest.playing(id)
    assert.is(await statusOf(context, slug), 'live')
  })

  test('after a long outage a stream is finished at once [LIVE-13]', async (context) => {
    const { ingest, ctx, slug, app } = context
    const { channel, row } = await channelWithKey(ctx, slug)
    const { id } = await insertStream(ctx.db, { channelId: channel.id, keyId: row.id, title: 'Friday' })
    await markLive(ctx.db, id, { hasVideo: true, hasAudio: false, startedAt: null })
    await leaveRecording(ctx, id, { segments: 15, lastAt: Date.now() - 300_000 })
    await ingest.director.start()
    assert.is(ingest.endOf(id)?.reason, 'grace-over')
    assert.is((await replaysOf(context, slug))[0]?.id, id)
    await ingest.ended(id, 30_000)
    await app.jobs.drain()
    assert.is(await statusOf(context, slug), 'offline')
    assert.is((await replaysOf(context, slug))[0]?.durationMs, 30_000)
  })

  test('a stop leaves streams open for the next start', async (context) => {
    const { ingest, ctx, slug } = context
    const { key } = await channelWithKey(ctx, slug)
    const id = acceptedId(await ingest.publish(key))
    await ingest.playing(id)
    await ingest.director.stop()
    assert.is((await findStream(ctx.db, id))?.status, 'interrupted')
    assert.is(ingest.endOf(id), undefined)
  })
}
