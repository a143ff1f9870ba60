import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { TestAccount } from '../../../../test/kit/app.ts'
import * as contract from '../../contract.ts'
import { recordingPrefix } from '../../desk.ts'
import { run } from '../../media/test-kit.ts'
import type { IndexEntry } from '../../media/types.ts'
import type { Stream } from '../../streams.ts'
import { channelWithKey, type LiveApp, liveApp } from '../../testdata/kit.ts'
import { recorded } from '../../testdata/recorded.ts'
import { planStoryboard } from './plan.ts'

let live: LiveApp
let dj: TestAccount
let fan: TestAccount
let stream: Stream
const test = suite('storyboards')

/** A grey that grows lighter with each second. */
const lighter = (from: number) => `geq=lum='${from}+8*floor(T)':cb=128:cr=128`

test.before(async () => {
  live = await liveApp()
  dj = await live.app.addAccount({ roles: ['artist'] })
  fan = await live.app.addAccount()
  const { channel } = await channelWithKey(live.ctx, 'seen', dj.id)
  stream = await recorded(live, channel.id, [
    { seconds: 8, size: '128x72', picture: lighter(32) },
    { seconds: 6, size: '72x72', picture: lighter(96) },
  ])
})
test.after(() => live.app.close())

const get = async (by?: TestAccount) => {
  const client = by ? live.app.as(by) : live.app
  return (await client.call(contract.getReplay, { params: { id: stream.id } })).body
}
const change = (body: object) =>
  live.app.as(dj).call(contract.updateReplay, { params: { id: stream.id }, body })
const make = async () => {
  await live.ctx.db.tx((db) => live.ctx.jobs.enqueue(db, contract.makeStoryboard, { streamId: stream.id }))
  await live.app.jobs.drain()
}
const folder = () => live.ctx.storage.localFolder(recordingPrefix(stream.id))
const sheets = async () => (await readdir(folder())).filter((name) => name.includes('board-'))

/** How light the middle of each picture is, and its left edge. */
async function lightOf(board: contract.Storyboard) {
  const answer = await live.app.request(board.sheets[0]!)
  assert.is(answer.status, 200)
  assert.is(answer.headers.get('content-type'), 'image/jpeg')
  const path = join(live.app.dataDir, 'sheet.jpg')
  await writeFile(path, Buffer.from(await answer.arrayBuffer()))
  const args = ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1']
  const { stdout } = await run('/usr/bin/ffmpeg', args)
  const lineWidth = board.columns * board.width
  assert.is(stdout.length, lineWidth * board.rows * board.height)
  const at = (picture: number, x: number) => {
    const row = Math.floor(picture / board.columns) * board.height + board.height / 2
    return stdout[row * lineWidth + (picture % board.columns) * board.width + x]!
  }
  return Array.from({ length: board.count }, (_none, i) => ({
    middle: at(i, board.width / 2),
    edge: at(i, 2),
  }))
}
/** JPEG counts from black at 0, the stream from black at 16. */
const asLight = (lum: number) => ((lum - 16) * 255) / 219

test('a recording has a picture of each of its moments, at its place, also of another size [LIVE-13] [LIVE-15]', async () => {
  const { storyboard, playback } = await get()
  assert.ok(storyboard)
  const { sheets: addresses, ...shape } = storyboard
  assert.equal(shape, { everyMs: 2_000, count: 7, columns: 6, rows: 2, width: 160, height: 90 })
  assert.is(addresses.length, 1)
  assert.is(addresses[0]!.split('/')[2], playback!.hls.split('/')[2], 'signed as the media are')
  const light = await lightOf(storyboard)
  // The key frame of the middle of each two seconds; after the interruption from its own beginning.
  const shown = [1, 3, 5, 7].map((s) => 32 + 8 * s).concat([1, 3, 5].map((s) => 96 + 8 * s))
  for (const [i, lum] of shown.entries())
    assert.ok(Math.abs(light[i]!.middle - asLight(lum)) < 7, `picture ${i}: ${light[i]!.middle}`)
  assert.ok(light[0]!.edge > 20 && light[5]!.edge < 8, 'what is less wide has black beside it')
})

test('is another one once the recording is cut, and shows nothing of what is hidden [LIVE-13]', async () => {
  const before = (await get()).storyboard!.sheets[0]!
  const { body } = await change({ trimStartMs: null, trimEndMs: 12_000 })
  assert.is(body.storyboard, null)
  assert.is((await live.app.request(before)).status, 404)
  assert.equal(await sheets(), [])
  await live.app.jobs.drain()
  const after = (await get()).storyboard!
  assert.is(after.count, 6)
  assert.is((await live.app.request(after.sheets[0]!)).status, 200)
  await change({ trimEndMs: null })
  await live.app.jobs.drain()
  assert.is((await get()).storyboard!.count, 7)
  assert.is((await sheets()).length, 1)
})

test('is for those who may watch: a stranger finds none, and an address of before is worth nothing [LIVE-20]', async () => {
  const open = (await get()).storyboard!.sheets[0]!
  await change({ access: 'members' })
  assert.equal([(await get()).isLocked, (await get()).storyboard], [true, null])
  assert.is((await live.app.request(open)).status, 403)
  const bound = (await get(fan)).storyboard!.sheets[0]!
  const as = (who: TestAccount) => ({ headers: { authorization: `Bearer ${who.accessToken}` } })
  const answer = await live.app.request(bound, as(fan))
  assert.is(answer.status, 200)
  assert.match(answer.headers.get('cache-control')!, /^private/)
  await answer.arrayBuffer()
  assert.is((await live.app.request(bound)).status, 403)
  assert.is((await live.app.request(bound, as(dj))).status, 403)
  await change({ access: null })
  const elsewhere = open.replace(/board-.*$/, 'board-x-0.jpg')
  assert.is((await live.app.request(elsewhere)).status, 404)
})

test('what is lost of a recording is shown by what came before, and a job that fails changes nothing [LIVE-13]', async () => {
  const names = (await readdir(folder())).filter((name) => /^v\d+\.m4s$/.test(name))
  for (const name of ['v0.m4s', 'v1.m4s', 'v5.m4s']) await rm(join(folder(), name))
  await make()
  const { storyboard, durationMs } = await get()
  assert.equal([storyboard!.count, durationMs], [7, 14_000])
  const light = await lightOf(storyboard!)
  assert.ok(
    Math.abs(light[0]!.middle - light[1]!.middle) < 4,
    'the first that is there stands for those before',
  )
  assert.ok(Math.abs(light[2]!.middle - light[1]!.middle) < 4)
  for (const name of names) await writeFile(join(folder(), name), 'rubbish')
  await make()
  assert.equal((await get()).storyboard, storyboard, 'and its replay is what it was')
})

test('goes with its recording [LIVE-13]', async () => {
  const { sheets: addresses } = (await get()).storyboard!
  await live.app.as(dj).call(contract.removeReplay, { params: { id: stream.id } })
  await live.app.jobs.drain()
  assert.equal(await sheets(), [])
  assert.is((await live.app.request(addresses[0]!)).status, 404)
})

const began = Date.parse('2026-05-01T20:00:00.000Z')
function entries(seconds: number, more: Partial<IndexEntry> = {}): IndexEntry[] {
  return Array.from({ length: seconds / 2 }, (_none, seq) => ({
    track: 'video',
    seq,
    durationMs: 2_000,
    at: new Date(began + seq * 2_000).toISOString(),
    sizeBytes: 1_000,
    initId: 0,
    isDiscontinuity: false,
    isIndependent: true,
    run: 0,
    startMs: seq * 2_000,
    ...more,
  }))
}
const init = {
  track: 'video',
  initId: 0,
  codec: 'avc1.64001f',
  bitrate: 1e6,
  width: 1920,
  height: 1080,
} as const

test('has some hundred pictures at most, whatever the length, and none of a moment or of sound [LIVE-13]', () => {
  const night = planStoryboard(entries(8 * 3_600), [init])!
  assert.equal([night.everyMs, night.count, night.sheets, night.rows], [134_000, 215, 6, 6])
  assert.is(night.pictures.length, 215)
  assert.ok(night.pictures.every(({ startMs }, i) => Math.floor(startMs / 134_000) === i))
  const song = planStoryboard(entries(200), [init])!
  assert.equal([song.everyMs, song.count, song.sheets], [2_000, 100, 3])
  assert.is(planStoryboard(entries(10), [init]), null)
  assert.is(planStoryboard(entries(200, { track: 'audio' }), [init]), null)
  assert.is(planStoryboard([], []), null)
})

test('pictures keep their shape, upright ones too, and stand in where key frames are far apart [LIVE-13]', () => {
  const sizeOf = (width: number, height: number) => {
    const plan = planStoryboard(entries(20), [{ ...init, width, height }])!
    return [plan.width, plan.height]
  }
  assert.equal(sizeOf(1080, 1920), [90, 160])
  assert.equal(sizeOf(640, 480), [160, 120])
  assert.equal(sizeOf(4000, 2), [160, 2])
  const rare = entries(20).map((entry) => ({ ...entry, isIndependent: entry.seq % 4 === 0 }))
  assert.equal(
    planStoryboard(rare, [init])!.pictures.map(({ seq }) => seq),
    [0, 0, 0, 0, 4, 4, 4, 4, 8, 8],
  )
})

test.run()
