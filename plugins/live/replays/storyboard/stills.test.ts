import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { TestAccount } from '../../../../test/kit/app.ts'
import * as contract from '../../contract.ts'
import { recordingPrefix } from '../../desk.ts'
import { readRecording, recordingSummary } from '../../media/recording.ts'
import { slideIndex } from '../../media/slide.ts'
import { run } from '../../media/test-kit.ts'
import type { IndexEntry } from '../../media/types.ts'
import { markEnded, type Stream } from '../../streams.ts'
import { channelWithKey, eventually, type LiveApp, liveApp } from '../../testdata/kit.ts'
import { recorded } from '../../testdata/recorded.ts'
import { planStills, thinStills } from './still-plan.ts'
import { readStills, removeStill, stillDate, stillFile, stillsFolder, writeStill } from './stills.ts'

let live: LiveApp
let dj: TestAccount
let fan: TestAccount
let stream: Stream
const test = suite('pictures of what is on air')

test.before(async () => {
  live = await liveApp()
  dj = await live.app.addAccount({ roles: ['artist'] })
  fan = await live.app.addAccount()
  const { channel } = await channelWithKey(live.ctx, 'seen', dj.id)
  const lighter = `geq=lum='32+8*floor(T)':cb=128:cr=128`
  stream = await recorded(
    live,
    channel.id,
    [
      { seconds: 12, size: '128x72', picture: lighter },
      { seconds: 2, size: '72x128', picture: lighter },
    ],
    false,
  )
})
test.after(() => live.app.close())

const folder = () => live.ctx.storage.localFolder(recordingPrefix(stream.id))
const channel = async (by?: TestAccount) => {
  const client = by ? live.app.as(by) : live.app
  return (await client.call(contract.getChannel, { params: { slug: 'seen' } })).body
}
/** Address of a file of the stream. */
const addressOf = async (file: string, by?: TestAccount) =>
  (await channel(by)).playback!.dvr!.replace(/[^/]+$/, file)
const listed = async (address: string, init?: RequestInit) => {
  const answer = await live.app.request(address, init)
  assert.is(answer.status, 200)
  return { headers: answer.headers, ...((await answer.json()) as { dates: number[] }) }
}
/** Size of a picture (from its frame header) and how light its middle is. */
async function look(jpeg: Buffer) {
  const head = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  const shape = `${jpeg.readUInt16BE(head + 7)},${jpeg.readUInt16BE(head + 5)}`
  const path = join(live.app.dataDir, 'still.jpg')
  await writeFile(path, jpeg)
  const crop = 'crop=8:8,scale=1:1:flags=area,format=gray'
  const args = ['-v', 'error', '-i', path, '-vf', crop, '-f', 'rawvideo', 'pipe:1']
  return { light: (await run('ffmpeg', args)).stdout[0]!, shape }
}
/** On the screen, of what video keeps between 16 and 235. */
const asLight = (lum: number) => ((lum - 16) * 255) / 219

test('are made when somebody asks for them, one for each five seconds, and told by date [LIVE-12]', async () => {
  const list = await addressOf('stills.json')
  const first = await listed(list)
  assert.equal(first.dates, [])
  assert.match(first.headers.get('cache-control')!, /^private/)
  await live.app.jobs.drain()
  const { entries } = await readRecording(folder())
  const wanted = planStills(entries, []).map(stillDate)
  const dates = await eventually('the list of all', async () => {
    const { dates } = await listed(list)
    return dates.length > 0 && dates
  })
  assert.equal(
    dates,
    wanted.toSorted((a, b) => a - b),
  )
  assert.equal(planStills(entries, dates), [], 'none of them is made again')
  const pictures = entries.filter(({ track }) => track === 'video')
  for (const date of dates) {
    const answer = await live.app.request(await addressOf(stillFile(date)))
    assert.is(answer.headers.get('content-type'), 'image/jpeg')
    assert.match(answer.headers.get('cache-control')!, /immutable/)
    const at = pictures.findIndex((entry) => stillDate(entry) === date)
    const { light, shape } = await look(Buffer.from(await answer.arrayBuffer()))
    assert.ok(Math.abs(light - asLight(32 + 8 * (at < 12 ? at : at - 12))) < 7, `${light} of second ${at}`)
    assert.is(shape, at < 12 ? '160,90' : '90,160')
  }
})

test('a poster that is made anyway is one of them [LIVE-12] [LIVE-15]', async () => {
  const { entries } = await readRecording(folder())
  const last = stillDate(entries.findLast(({ track }) => track === 'video')!)
  await removeStill(folder(), last)
  const before = await readStills(folder())
  await live.ctx.db.tx((db) => live.ctx.jobs.enqueue(db, contract.makePoster, { streamId: stream.id }))
  await live.app.jobs.drain()
  const added = (await readStills(folder())).filter((date) => !before.includes(date))
  assert.equal(added, [last])
})

test('are for those who may watch, as the segments [LIVE-20]', async () => {
  const [date] = await readStills(folder())
  const files = ['stills.json', stillFile(date!)]
  const open = await Promise.all(files.map((file) => addressOf(file)))
  const change = (access: 'members' | 'public') =>
    live.app.as(dj).call(contract.updateChannel, { params: { slug: 'seen' }, body: { access } })
  await change('members')
  assert.is((await channel()).playback, null)
  const as = (who: TestAccount) => ({ headers: { authorization: `Bearer ${who.accessToken}` } })
  for (const [i, file] of files.entries()) {
    assert.is((await live.app.request(open[i]!)).status, 403)
    const bound = await addressOf(file, fan)
    const answer = await live.app.request(bound, as(fan))
    assert.is(answer.status, 200)
    assert.match(answer.headers.get('cache-control')!, /^private/)
    await answer.arrayBuffer()
    assert.is((await live.app.request(bound, as(dj))).status, 403)
    assert.is((await live.app.request(bound)).status, 403)
  }
  await change('public')
  for (const name of ['still-1.jpg', 'still-1700000000000.jpg', 'stills', '.still-1700000000000.jpg.tmp'])
    assert.is((await live.app.request(await addressOf(name))).status, 404, name)
})

test('the replay’s own pictures are made from them, and they go [LIVE-13]', async () => {
  const dates = await readStills(folder())
  const white = ['-v', 'error', '-f', 'lavfi', '-i', 'color=white:size=160x90', '-frames:v', '1']
  const { stdout } = await run('ffmpeg', [...white, '-f', 'image2pipe', '-c:v', 'mjpeg', 'pipe:1'])
  await writeStill(folder(), dates[1]!, stdout)
  const { entries } = await readRecording(folder())
  const at = entries.filter(({ track }) => track === 'video').findIndex((e) => stillDate(e) === dates[1])
  const recording = await recordingSummary(folder())
  const { db, jobs } = live.ctx
  await markEnded(db, stream.id, { reason: 'unpublished', recording })
  await db.tx((db) => jobs.enqueue(db, contract.finishRecording, { streamId: stream.id }))
  await live.app.jobs.drain()
  const { body } = await live.app.call(contract.getReplay, { params: { id: stream.id } })
  const { sheets, everyMs, columns, width, height } = body.storyboard!
  const sheet = await live.app.request(sheets[0]!)
  const path = join(live.app.dataDir, 'sheet.jpg')
  await writeFile(path, Buffer.from(await sheet.arrayBuffer()))
  const picture = Math.floor((at * 1_000) / everyMs)
  const lightOf = async (n: number) => {
    const crop = `crop=8:8:${(n % columns) * width + width / 2}:${Math.floor(n / columns) * height + height / 2}`
    const args = ['-v', 'error', '-i', path, '-vf', `${crop},scale=1:1:flags=area,format=gray`]
    return (await run('ffmpeg', [...args, '-f', 'rawvideo', 'pipe:1'])).stdout[0]!
  }
  assert.ok((await lightOf(picture)) > 245, 'what was there was not decoded again')
  assert.ok((await lightOf(picture + 1)) < 200)
  assert.not.ok((await readdir(folder())).includes(stillsFolder))
})

const began = Date.parse('2026-05-01T20:00:00.000Z')
const entriesOf = (seconds: number, fromS = 0): IndexEntry[] =>
  Array.from({ length: seconds / 2 }, (_none, i) => ({
    track: 'video',
    seq: fromS / 2 + i,
    durationMs: 2_000,
    at: new Date(began + fromS * 1_000 + i * 2_000).toISOString(),
    sizeBytes: 1_000,
    initId: 0,
    isDiscontinuity: false,
    isIndependent: true,
    run: 0,
    startMs: fromS * 1_000 + i * 2_000,
  }))

/** Asks until nothing more is wanted. */
function fill(entries: readonly IndexEntry[], made: number[] = []): number[] {
  for (let more = planStills(entries, made); more.length > 0; more = planStills(entries, made))
    made.push(...more.map(stillDate))
  return made.sort((a, b) => a - b)
}

test('a few at a time from coarse to fine, and some hundred at most, whatever the length [LIVE-12]', () => {
  const night = entriesOf(8 * 3_600)
  const first = planStills(night, []).map(stillDate)
  assert.is(first.length, 24)
  const gaps = first.toSorted((a, b) => a - b).map((date, i, all) => date - (all[i - 1] ?? began))
  assert.ok(Math.max(...gaps) < 3_600_000, `the first ones are up to ${Math.max(...gaps) / 60_000} min apart`)
  const all = fill(night)
  assert.ok(all.length > 108 && all.length <= 217, `${all.length} pictures`)
  assert.equal(
    planStills(
      entriesOf(200, 0).map((e) => ({ ...e, track: 'audio' as const })),
      [],
    ),
    [],
  )
  assert.equal(planStills([], []), [])
})

test('as a stream grows or slides only what is new is made [LIVE-12]', () => {
  const made = fill(entriesOf(600))
  assert.is(made.length, 120)
  const more = fill(entriesOf(900), [...made]).filter((date) => !made.includes(date))
  assert.ok(more.every((date) => date >= began + 600_000))
  // Beyond what fits, every other one does.
  const long = fill(entriesOf(1_800), [...made])
  assert.is(long.length, 120 + 120)
  assert.is(thinStills(long).length, 180)
  const slid = fill(entriesOf(600, 60), [...made]).filter((date) => !made.includes(date))
  assert.is(slid.length, 12)
})

test('what a channel gives up of its recording takes its pictures along [LIVE-13]', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veza-stills-'))
  const entries = entriesOf(120)
  await writeFile(join(dir, 'index.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  for (const entry of entries) await writeStill(dir, stillDate(entry), Buffer.from('a picture'))
  await slideIndex(dir, 60_000)
  assert.equal(await readStills(dir), entries.slice(30).map(stillDate))
  await rm(dir, { recursive: true })
  await writeStill(dir, began, Buffer.from('late'))
  assert.equal(await readStills(dir), [], 'nothing is written where the recording is gone')
})

test.run()
