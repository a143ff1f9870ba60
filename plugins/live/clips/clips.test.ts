import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount } from '../../../test/kit/app.ts'
import * as contract from '../contract.ts'
import { recordingPrefix } from '../desk.ts'
import { readRecording } from '../media/recording.ts'
import { probe, run } from '../media/test-kit.ts'
import { markRemoved } from '../streams.ts'
import { changeSetting, channelWithKey, type LiveApp, liveApp } from '../testdata/kit.ts'
import { recorded } from '../testdata/recorded.ts'

let live: LiveApp
let dj: TestAccount
let fan: TestAccount
let other: TestAccount
let streamId: string
let clock: contract.ClockPoint[]
const test = suite('clips')

test.before(async () => {
  live = await liveApp()
  dj = await live.app.addAccount({ roles: ['artist'] })
  fan = await live.app.addAccount()
  other = await live.app.addAccount()
  const { channel } = await channelWithKey(live.ctx, 'night', dj.id)
  const stream = await recorded(live, channel.id, [{ seconds: 4 }])
  streamId = stream.id
  clock = (await live.app.call(contract.getReplay, { params: { id: streamId } })).body.clock
})
test.after(() => live.app.close())

const at = (ms: number) => contract.dateAt(clock, ms)!
const ask = (by: TestAccount | null, body: object, slug = 'night') =>
  (by ? live.app.as(by) : live.app).callRaw(contract.createClip, { params: { slug }, body })
const get = (id: string, by?: TestAccount) =>
  (by ? live.app.as(by) : live.app).call(contract.getClip, { params: { id } })
const list = (by?: TestAccount) =>
  (by ? live.app.as(by) : live.app).call(contract.listClips, {
    params: { slug: 'night' },
    query: { streamId },
  })
const wish = (from: number, until: number) => ({
  title: 'The drop',
  streamId,
  from: at(from),
  until: at(until),
})

async function made(from = 1_300, until = 2_800): Promise<contract.Clip> {
  const { body, status } = await ask(fan, wish(from, until))
  assert.is(status, 201)
  await live.app.jobs.drain()
  return (await get((body as contract.Clip).id)).body
}

test('a member makes one of a recording, exact to the frame, and it is there for all [LIVE-14]', async () => {
  const { body } = await ask(fan, wish(1_300, 2_800))
  const waiting = body as contract.Clip
  assert.equal([waiting.status, waiting.video, waiting.maker?.id], ['making', null, fan.id])
  assert.is((await get(waiting.id)).status, 404, 'what is being made is its maker’s matter')
  assert.equal((await list()).body.items, [])
  await live.app.jobs.drain()
  const clip = (await get(waiting.id)).body
  assert.equal([clip.status, clip.durationMs, clip.from], ['ready', 1_500, at(1_300)])
  assert.equal(
    (await list()).body.items.map(({ id }) => id),
    [clip.id],
  )
  const { durationSeconds, tracks } = await probe(`${live.app.url}${clip.video}`)
  assert.is(durationSeconds, 1.5)
  assert.equal(
    tracks.map(({ kind }) => kind),
    ['video', 'audio'],
  )
  const { stdout } = await run('/usr/bin/ffprobe', ['-v', 'error', `${live.app.url}${clip.poster}`])
  assert.is(stdout.toString(), '')
})

test('of what is on air it waits for the segment that it ends in [LIVE-14]', async () => {
  const { channel } = await channelWithKey(live.ctx, 'running', dj.id)
  const stream = await recorded(live, channel.id, [{ seconds: 2, without: 'video' }], false)
  const now = Date.now()
  const { entries } = await readRecording(live.ctx.storage.localFolder(recordingPrefix(stream.id)))
  const [from, until] = [entries[0]!.at, new Date(now + 4_000).toISOString()]
  const { body, status } = await ask(fan, { title: 'Now', streamId: stream.id, from, until }, 'running')
  assert.is(status, 201)
  const { id } = body as contract.Clip
  await live.app.jobs.drain()
  assert.is((await get(id, fan)).body.status, 'making')
  // Ten minutes are as far back as the page could have offered it.
  const early = new Date(now - 601_000).toISOString()
  const late = {
    title: 'Then',
    streamId: stream.id,
    from: early,
    until: new Date(now - 590_000).toISOString(),
  }
  assert.is((await ask(fan, late, 'running')).problem, 'live.bad-clip')
  const soonEnough = {
    ...late,
    from: new Date(Date.now() - 590_000).toISOString(),
    until: new Date(Date.now() - 580_000).toISOString(),
  }
  assert.is((await ask(fan, soonEnough, 'running')).status, 201)
  // A stream that ended has nothing more to wait for.
  await live.ctx.db('live_streams').where({ id: stream.id }).update({ status: 'ended' })
  await live.ctx.db.tx((db) => live.ctx.jobs.enqueue(db, contract.makeClip, { clipId: id }))
  await live.app.jobs.drain()
  const clip = (await get(id, fan)).body
  assert.is(clip.status, 'ready')
  assert.ok(clip.durationMs > 1_000 && clip.durationMs <= 3_000, `${clip.durationMs} ms of what was received`)
})

test('is refused to strangers, beyond a minute, outside of what is shown, and where they are off [LIVE-14]', async () => {
  assert.is((await ask(null, wish(0, 2_000))).status, 401)
  const problemOf = async (body: object) => (await ask(fan, body)).problem
  assert.is(await problemOf(wish(2_000, 2_500)), 'live.bad-clip')
  assert.is(await problemOf(wish(2_000, 1_000)), 'live.bad-clip')
  assert.is(await problemOf(wish(0, 60_001)), 'live.bad-clip')
  assert.is(await problemOf(wish(-9_000, -1_000)), 'live.bad-clip')
  assert.is(await problemOf({ ...wish(0, 2_000), streamId: newId() }), 'not-found')
  assert.is((await ask(fan, wish(0, 2_000), 'running')).problem, 'not-found', 'a stream of another channel')
  await live.app
    .as(dj)
    .call(contract.updateReplay, { params: { id: streamId }, body: { trimStartMs: 3_000 } })
  assert.is(await problemOf(wish(0, 2_000)), 'live.bad-clip', 'what was cut off is not shown by clips either')
  await live.app.as(dj).call(contract.updateReplay, { params: { id: streamId }, body: { trimStartMs: null } })
  await changeSetting(live.app, live.ctx, { clips: false })
  assert.is(await problemOf(wish(0, 2_000)), 'live.no-clips')
  assert.is((await live.app.call(contract.getChannel, { params: { slug: 'night' } })).body.hasClips, false)
  await changeSetting(live.app, live.ctx, { clips: true })
})

test('is renamed and deleted by its maker or the channel’s host alone, its file with it [LIVE-14]', async () => {
  const clip = await made()
  const rename = (by: TestAccount) =>
    live.app.as(by).call(contract.updateClip, { params: { id: clip.id }, body: { title: 'Better' } })
  const remove = (by: TestAccount) => live.app.as(by).call(contract.removeClip, { params: { id: clip.id } })
  assert.equal([(await rename(other)).status, (await remove(other)).status], [403, 403])
  assert.is((await rename(fan)).body.title, 'Better')
  assert.equal(
    [(await get(clip.id, fan)).body.can.edit, (await get(clip.id, other)).body.can.edit],
    [true, false],
  )
  assert.is((await remove(dj)).status, 204)
  assert.is((await get(clip.id)).status, 404)
  assert.is((await live.app.request(clip.video!)).status, 404)
})

test('has a page that plays for link previews and readers without scripts [LIVE-14]', async () => {
  const clip = await made()
  const path = `/live/night/clips/${clip.id}`
  const page = await (await live.app.request(path, { headers: { accept: 'text/html' } })).text()
  assert.match(page, '<meta property="og:type" content="video.other">')
  assert.match(page, /<meta property="og:video" content="http:\/\/main\.test\/media\/[^"]+clip\.mp4">/)
  assert.match(page, '<meta property="og:video:type" content="video/mp4">')
  assert.match(page, /<video controls[^>]*src="\/media\//)
  const elsewhere = await live.app.request(`/live/running/clips/${clip.id}`, {
    headers: { accept: 'text/html' },
  })
  assert.is(elsewhere.status, 404)
})

test('is only for who may watch the stream it is from, and outlives its recording [LIVE-14]', async () => {
  const clip = await made()
  await live.ctx.db('live_channels').where({ slug: 'night' }).update({ access: 'members' })
  const closed = (await get(clip.id)).body
  assert.equal([closed.isLocked, closed.video, closed.poster], [true, null, null])
  assert.ok((await get(clip.id, other)).body.video)
  const page = await live.app.request(`/live/night/clips/${clip.id}`, { headers: { accept: 'text/html' } })
  assert.not.match(await page.text(), 'clip.mp4')
  await live.ctx.db('live_channels').where({ slug: 'night' }).update({ access: 'public' })
  await live.ctx.db.tx(async (db) => {
    await markRemoved(db, streamId)
    await live.ctx.jobs.enqueue(db, contract.removeRecording, { streamId })
  })
  await live.app.jobs.drain()
  const { body } = await get(clip.id)
  assert.is((await live.app.request(body.video!, { method: 'HEAD' })).status, 200)
})

test('no member makes more than thirty a day [LIVE-14]', async () => {
  const { id: channelId } = await live.ctx.db('live_channels').where({ slug: 'night' }).first('id')
  const row = {
    channelId,
    streamId,
    makerId: other.id,
    title: 'x',
    status: 'ready',
    durationMs: 1,
    sizeBytes: 1,
  }
  const times = { fromAt: at(0), untilAt: at(1), createdAt: new Date().toISOString(), hasVideo: true }
  await live.ctx
    .db('live_clips')
    .insert(Array.from({ length: 30 }, () => ({ id: newId(), ...row, ...times })))
  await live.ctx.db('live_streams').where({ id: streamId }).update({ isRemoved: false, status: 'live' })
  const now = { from: new Date(Date.now() - 5_000).toISOString(), until: new Date().toISOString() }
  assert.is((await ask(other, { title: 'One more', streamId, ...now })).problem, 'live.too-many-clips')
})

test.run()
