import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { type ChannelView, keepQuota, updateChannel } from '../contract.ts'
import { findStream, insertStream, markEnded } from '../streams.ts'
import { changeSetting, channelWithKey, FakeIngest, type LiveApp, liveApp } from '../testdata/kit.ts'
import { leaveRecording } from '../testdata/leave.ts'
import { quotaCheck } from './quota.ts'

let live: LiveApp
const test = suite('room for recordings')
test.before(async () => {
  live = await liveApp()
})
test.after(() => live.app.close())

test('the oldest recordings go when there is no room, never what is on air, after a warning [LIVE-13]', async () => {
  const { app, ctx } = live
  const { channel } = await channelWithKey(ctx, 'full')
  const ids: string[] = []
  for (const gb of [1, 2, 3]) {
    const { id } = await insertStream(ctx.db, { channelId: channel.id, keyId: newId(), title: `${gb} GB` })
    await leaveRecording(ctx, id, { segments: 1, lastAt: Date.now() })
    const recording = { durationMs: 2_000, sizeBytes: gb * 1e9, segments: 1 }
    await markEnded(ctx.db, id, { reason: 'unpublished', recording })
    ids.push(id)
  }
  const open = await insertStream(ctx.db, { channelId: channel.id, keyId: newId(), title: 'on air' })
  await ctx.db('live_streams').where({ id: open.id }).update({ status: 'live', sizeBytes: 9e9 })
  const removed = async () =>
    (await Promise.all([...ids, open.id].map((id) => findStream(ctx.db, id)))).map((one) => one?.isRemoved)
  const keep = async () => {
    await ctx.db.tx((db) => ctx.jobs.enqueue(db, keepQuota, {}))
    await app.jobs.drain()
  }
  await keep()
  assert.equal(await removed(), [false, false, false, false], 'no limit unless the label sets one')
  assert.is(await quotaCheck(ctx).run(), null)
  await changeSetting(app, ctx, { recordingsMaxGb: 16 })
  assert.equal((await quotaCheck(ctx).run())?.message, {
    en: 'Recordings take 15.0 of 16 GB; the oldest, “1 GB”, is deleted next.',
    fr: 'Les enregistrements prennent 15,0 Go sur 16 ; le plus ancien, « 1 GB », sera supprimé le premier.',
  })
  await keep()
  assert.equal(await removed(), [false, false, false, false])
  await changeSetting(app, ctx, { recordingsMaxGb: 13 })
  await keep()
  assert.equal(await removed(), [true, true, false, false])
  const left: string[] = []
  for await (const { key } of ctx.storage.list('live')) left.push(key.split('/')[1]!)
  assert.equal(new Set(left), new Set([ids[2]]), 'their files are gone')
  await changeSetting(app, ctx, { recordingsMaxGb: 1 })
  await keep()
  assert.equal(await removed(), [true, true, true, false])
})

test('a channel that never ends gives up what is older than its people want to keep [LIVE-13]', async () => {
  const { app, ctx } = live
  const dj = await app.addAccount({ roles: ['artist'] })
  const { key } = await channelWithKey(ctx, 'radio', dj.id)
  const keep = (keepS: unknown) =>
    app.as(dj).callRaw(updateChannel, { params: { slug: 'radio' }, body: { keepS } })
  const keptMs = async () => {
    const answer = await new FakeIngest(ctx).publish(key)
    return answer.accept ? answer.stream.keepMs : 'refused'
  }
  assert.is(await keptMs(), undefined)
  assert.is((await keep(60)).status, 422, 'less than viewers need')
  assert.is(((await keep(3_600)).body as ChannelView).keepS, 3_600)
  assert.is(await keptMs(), 3_600_000)
  assert.is(((await keep(null)).body as ChannelView).keepS, null)
  assert.is(await keptMs(), undefined)
})

test.run()
