import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount } from '../../../test/kit/app.ts'
import * as contract from '../contract.ts'
import { recordingPrefix } from '../desk.ts'
import { insertTitle } from '../icecast/titles.ts'
import { StoredStreams } from '../media/stored-stream.ts'
import { checkMedia, probe } from '../media/test-kit.ts'
import { guardShow, insertStream, markEnded, markLive, type Stream } from '../streams.ts'
import { changeSetting, channelWithKey, type LiveApp, liveApp } from '../testdata/kit.ts'
import { recorded } from '../testdata/recorded.ts'
import { insertCameraMark } from './chapters.ts'
import { setRecording } from './recordings.ts'
import { addReplayChat } from './replay-chat.ts'

let live: LiveApp
let dj: TestAccount
let fan: TestAccount
let stream: Stream
/** Playlists as a player that has had the address from the beginning reads them. */
const served = new StoredStreams()
const test = suite('replays')

test.before(async () => {
  live = await liveApp()
  dj = await live.app.addAccount({ roles: ['artist'] })
  fan = await live.app.addAccount()
  const { channel } = await channelWithKey(live.ctx, 'night', dj.id)
  stream = await recorded(live, channel.id, [{ seconds: 3 }, { seconds: 2, size: '640x360' }])
})
test.after(() => live.app.close())

const get = async (by?: TestAccount) => {
  const client = by ? live.app.as(by) : live.app
  return (await client.call(contract.getReplay, { params: { id: stream.id } })).body
}
const change = (body: object, by?: TestAccount) =>
  (by ? live.app.as(by) : live.app).callRaw(contract.updateReplay, { params: { id: stream.id }, body })
const setChapters = (chapters: unknown, by?: TestAccount) =>
  (by ? live.app.as(by) : live.app).callRaw(contract.setChapters, {
    params: { id: stream.id },
    body: { chapters },
  })
async function listed(track: 'video' | 'audio') {
  const stored = await served.get(live.ctx.storage.localFolder(recordingPrefix(stream.id)))
  return checkMedia(stored.replay(track)!.plain.toString())
}
const download = (headers: Record<string, string> = {}, method = 'GET') =>
  live.app.request(`/api/v1/live/replays/${stream.id}/download`, { method, headers })
const asDj = () => ({ authorization: `Bearer ${dj.accessToken}` })

test('tells when what is seen was received, over an interruption [LIVE-07]', async () => {
  const { clock, durationMs, trim, startedAt } = await get()
  assert.is(durationMs, 5_000)
  assert.is(trim, null)
  assert.equal(
    clock.map(({ atMs }) => atMs),
    [0, 3_000],
  )
  const [first, second] = clock.map(({ date }) => Date.parse(date))
  assert.ok(second! - first! >= 3_000)
  assert.ok(Math.abs(first! - Date.parse(startedAt)) < 60_000)
})

test('has the songs that were played as chapters, until somebody writes their own [LIVE-13]', async () => {
  for (const [atMs, title] of [
    [67, 'Opening'],
    [3_567, 'Second song'],
  ] as const)
    await insertTitle(live.ctx.db, stream.id, { atMs, title })
  const { chapters } = await get()
  assert.equal(
    chapters.map(({ title }) => title),
    ['Opening', 'Second song'],
  )
  assert.is(chapters[0]!.atMs, 0)
  assert.ok(Math.abs(chapters[1]!.atMs - 3_500) < 20)
})

test('its playlists name the songs where they begin, in pictures and sound alike [LIVE-05] [LIVE-13]', async () => {
  const { playback, clock } = await get()
  const begins = [contract.dateAt(clock, 0), contract.dateAt(clock, 3_500)].map((date) => Date.parse(date!))
  for (const track of ['video', 'audio'] as const) {
    const answer = await live.app.request(playback!.hls.replace('replay.m3u8', `${track}-replay.m3u8`))
    const text = await answer.text()
    assert.is(checkMedia(text).length, 5)
    const tags = [...text.matchAll(/START-DATE="([^"]+)".*X-COM-VEZA-TITLE="([^"]+)"/g)]
    assert.equal(
      tags.map(([, , title]) => title),
      ['Opening', 'Second song'],
    )
    for (const [i, [, date = '']] of tags.entries()) assert.ok(Math.abs(Date.parse(date) - begins[i]!) < 100)
  }
})

test('takes chapters from who the channel belongs to and nobody else [LIVE-13]', async () => {
  const chapters = [
    { atMs: 2_500, title: 'Second' },
    { atMs: 0, title: 'First' },
    { atMs: 3_500, title: 'After the pause' },
    { atMs: 99_000, title: 'Behind the end' },
  ]
  assert.is((await setChapters(chapters)).status, 401)
  assert.is((await setChapters(chapters, fan)).status, 403)
  assert.is((await setChapters([{ atMs: -1, title: 'x' }], dj)).status, 422)
  assert.is((await setChapters([{ atMs: 1, title: ' ' }], dj)).status, 422)
  const { body, status } = await setChapters(chapters, dj)
  assert.is(status, 200)
  const shown = [
    { atMs: 0, title: 'First' },
    { atMs: 2_500, title: 'Second' },
    { atMs: 3_500, title: 'After the pause' },
  ]
  assert.equal((body as contract.Replay).chapters, shown)
  assert.equal((await get()).chapters, shown)
})

test('shows only a part at the same address, its chapters and dates moving along, and all of it again [LIVE-13]', async () => {
  const { clock } = await get()
  const whole = (await listed('video')).map(({ uri }) => uri)
  assert.is(whole.length, 5)
  assert.is((await change({ trimStartMs: 1_400, trimEndMs: 3_500 }, fan)).status, 403)
  assert.is((await change({ trimStartMs: 3_000, trimEndMs: 3_100 }, dj)).status, 422)
  const trimmed = (await change({ trimStartMs: 1_400, trimEndMs: 3_500 }, dj)).body as contract.Replay
  assert.equal(trimmed.trim, { startMs: 1_000, endMs: 4_000, wholeMs: 5_000 })
  assert.is(trimmed.durationMs, 3_000)
  assert.equal(trimmed.chapters, [
    { atMs: 0, title: 'First' },
    { atMs: 1_500, title: 'Second' },
    { atMs: 2_500, title: 'After the pause' },
  ])
  assert.is(trimmed.clock[0]!.date, contract.dateAt(clock, 1_000))
  assert.is(trimmed.clock[1]!.date, clock[1]!.date)
  for (const track of ['video', 'audio'] as const) {
    const kept = (await listed(track)).map(({ uri }) => uri)
    assert.equal(
      kept,
      whole.slice(1, 4).map((uri) => uri.replace('v', track[0]!)),
    )
  }
  const back = (await change({ trimStartMs: null, trimEndMs: null }, dj)).body as contract.Replay
  assert.equal([back.trim, back.durationMs], [null, 5_000])
  assert.is((await listed('video')).length, 5)
})

test('one end can be moved without the other, and the title with neither [LIVE-13]', async () => {
  const first = (await change({ trimStartMs: 2_000 }, dj)).body as contract.Replay
  assert.equal(first.trim, { startMs: 2_000, endMs: 5_000, wholeMs: 5_000 })
  const second = (await change({ trimEndMs: 4_000 }, dj)).body as contract.Replay
  assert.equal(second.trim, { startMs: 2_000, endMs: 4_000, wholeMs: 5_000 })
  assert.equal(((await change({ title: 'Night two' }, dj)).body as contract.Replay).trim, second.trim)
})

test('is saved as one file of what is shown, by whom the label lets [LIVE-13]', async () => {
  assert.equal([(await download()).status, (await get()).download], [403, null])
  await changeSetting(live.app, live.ctx, { downloads: 'watchers' })
  assert.is((await download()).status, 200)
  await changeSetting(live.app, live.ctx, { downloads: 'hosts' })
  const address = (await get(dj)).download
  assert.is(address, `/api/v1/live/replays/${stream.id}/download`)
  const answer = await download(asDj())
  const bytes = Buffer.from(await answer.arrayBuffer())
  assert.is(answer.headers.get('content-length'), String(bytes.length))
  assert.is(answer.headers.get('content-type'), 'video/mp4')
  const day = stream.startedAt!.slice(0, 10)
  assert.match(answer.headers.get('content-disposition')!, `attachment; filename="Night two ${day}.mp4"`)
  const path = join(live.app.dataDir, 'saved.mp4')
  await writeFile(path, bytes)
  const { durationSeconds, tracks } = await probe(path)
  assert.ok(Math.abs(durationSeconds - 2) < 0.05, `${durationSeconds} s`)
  assert.is(tracks.find(({ kind }) => kind === 'video')!.frames, 60)

  const etag = answer.headers.get('etag')!
  const part = await download({ ...asDj(), range: 'bytes=1000-', 'if-range': etag })
  assert.is(part.status, 206)
  assert.is(part.headers.get('content-range'), `bytes 1000-${bytes.length - 1}/${bytes.length}`)
  assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1_000)))
  const other = await download({ ...asDj(), range: 'bytes=1000-', 'if-range': '"other"' })
  assert.is(other.status, 200)
  await other.arrayBuffer()
  assert.is((await download({ ...asDj(), range: `bytes=${bytes.length}-` })).status, 416)
  assert.is((await download(asDj(), 'HEAD')).headers.get('content-length'), String(bytes.length))
})

test('is opened to others than its planned set was, and to those of its channel again [LIVE-20]', async () => {
  const seen = async (by?: TestAccount) => {
    const { access, hasOwnAccess, isLocked, chapters } = await get(by)
    assert.is(chapters.length > 0, !isLocked, 'what was played is for who may hear it')
    return [access, hasOwnAccess, isLocked]
  }
  const eventId = newId()
  await guardShow(live.ctx.db, stream.showId, { access: 'ticket', eventId })
  assert.equal(
    [await seen(), await seen(fan)],
    [
      ['ticket', true, true],
      ['ticket', true, true],
    ],
  )
  assert.is((await change({ access: 'members' }, fan)).status, 403)
  assert.is((await change({ access: 'nobody' }, dj)).status, 422)
  assert.is((await change({ access: 'members' }, dj)).status, 200)
  assert.equal(
    [await seen(), await seen(fan)],
    [
      ['members', true, true],
      ['members', true, false],
    ],
  )
  const asFan = { headers: { authorization: `Bearer ${fan.accessToken}` } }
  const address = (await get(fan)).playback!.hls
  assert.is((await live.app.request(address, asFan)).status, 200)
  assert.is((await change({ access: 'ticket' }, dj)).status, 200)
  assert.is((await live.app.request(address, asFan)).status, 403, 'the address of who may not watch any more')
  assert.is((await change({ access: null }, dj)).status, 200)
  assert.equal(await seen(), ['public', false, false])
  const rows = await live.ctx.db('live_streams').where({ id: stream.id })
  assert.is(rows[0].eventId, eventId, 'it stays the recording of its set')
  const log = await live.ctx.db('audit_entries').where({ action: 'live.replay-changed' }).orderBy('id')
  assert.equal(log.at(-1).detailJson, { streamId: stream.id, access: null })
  // While a camera of the show is on, this would be about what is on air.
  await live.ctx.db('live_streams').where({ id: stream.id }).update({ status: 'interrupted' })
  assert.is((await change({ access: 'public' }, dj)).problem, 'conflict')
  await live.ctx.db('live_streams').where({ id: stream.id }).update({ status: 'ended' })
})

test('says where the chat of its time is read, where somebody keeps it [LIVE-07]', async () => {
  assert.is((await get()).chat, null)
  const takeBack = addReplayChat(live.ctx, ({ slug }) => `/said/${slug}`)
  assert.is((await get()).chat, '/said/night')
  takeBack()
  assert.is((await get()).chat, null)
})

test('interruptions and changes of the camera are chapters where nobody named one, until somebody does [LIVE-10] [LIVE-13]', async () => {
  const { channel } = await channelWithKey(live.ctx, 'alone', dj.id)
  const { db } = live.ctx
  const { id } = await insertStream(db, { channelId: channel.id, keyId: newId(), title: 'Long' })
  await markLive(db, id, { hasVideo: true, hasAudio: true, startedAt: null })
  const recording = { durationMs: 3_600_000, sizeBytes: 1, segments: 1 }
  await markEnded(db, id, { reason: 'unpublished', recording })
  const began = Date.parse('2026-05-01T20:00:00.000Z')
  const at = (seconds: number) => new Date(began + seconds * 1000).toISOString()
  const clockJson = [
    { atMs: 0, date: at(0) },
    { atMs: 600_000, date: at(900) },
  ]
  const whole = { wholeMs: 3_600_000, trimStartMs: null, trimEndMs: null, startsMs: 0 }
  await setRecording(db, { streamId: id, ...whole, clockJson })
  for (const [seconds, camera] of [
    [300, 2],
    [1_510, 1],
  ] as const)
    await insertCameraMark(db, id, { beginsAt: at(seconds), camera, title: '' })
  await insertTitle(db, id, { atMs: 1_200_000, title: 'A song' })
  const ask = async () => (await live.app.call(contract.getReplay, { params: { id } })).body.chapters
  assert.equal(
    (await ask()).map(({ atMs, title }) => [atMs / 1000, title]),
    [
      [300, 'Switch to camera 2'],
      [600, 'After an interruption'],
      [1_200, 'A song'],
    ],
  )
  // A list may be sent back as it was read.
  const body = { chapters: (await ask()).slice(1) }
  await live.app.as(dj).call(contract.setChapters, { params: { id }, body })
  assert.equal(await ask(), [
    { atMs: 600_000, title: 'After an interruption' },
    { atMs: 1_200_000, title: 'A song' },
  ])
})

test('the DJ marks chapters while on air, found in the recording afterwards [LIVE-13]', async () => {
  const { channel } = await channelWithKey(live.ctx, 'marks', dj.id)
  const mark = (by: TestAccount) =>
    live.app.as(by).call(contract.markChapter, { params: { slug: 'marks' }, body: { title: 'Guest' } })
  assert.is((await mark(dj)).problem, 'live.not-live')
  const open = await recorded(live, channel.id, [{ seconds: 1, without: 'video' }], false)
  assert.is((await mark(fan)).status, 403)
  const { status, body } = await mark(dj)
  assert.is(status, 201)
  const rows = await live.ctx.db('live_chapters').where({ streamId: open.id })
  assert.equal(
    rows.map(({ title, beginsAt }: { title: string; beginsAt: string }) => [title, beginsAt]),
    [['Guest', body.at]],
  )
})

test.run()
