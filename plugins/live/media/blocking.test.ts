import { setTimeout as delay } from 'node:timers/promises'
import HLS from 'hls-parser'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency } from '../testdata/low-latency.ts'
import { PlayedStream } from '../testdata/played-stream.ts'
import { Stage, until } from './test-kit.ts'

const test = suite('blocking')
let stage: Stage
/** Wants that reached the ingest's side of the feed. */
const wants: string[] = []

test.before(async () => {
  stage = await Stage.start({ rungWithinMs: 400 })
  stage.feed.onWant = (streamId, height) => wants.push(`${streamId} ${height}`)
})
test.after(async () => {
  await stage.stop()
})

/** A stream on the stage with so many whole segments of six parts in both tracks. */
async function play(id: string, segments: number, targetDurationMs?: number): Promise<PlayedStream> {
  const stream = new PlayedStream(id, (message, body) => stage.feed.publish(message, body), targetDurationMs)
  for (let i = 0; i < segments; i++) {
    stream.segment('video')
    stream.segment('audio')
  }
  await until(() => stage.windows.find(id)?.audio.lastSeq === segments - 1)
  return stream
}

async function statusOf(id: string, file: string): Promise<number> {
  const response = await fetch(stage.url(id, file))
  await response.arrayBuffer()
  return response.status
}

const waiting = () => stage.handler.live.waiting.size
const waitsFor = (count: number) => until(() => waiting() === count)

test('answers with a part as soon as it is there, rendered once for all who wait [LIVE-03]', async () => {
  const stream = await play('many', 9)
  const playlists = stage.handler.live.playlistsOf(stage.windows.find('many')!)
  const ask = () => stage.text('many', 'video.m3u8?_HLS_msn=9&_HLS_part=0&_HLS_skip=YES')
  const had = checkLowLatency(await stage.text('many', 'video.m3u8'))
  const before = playlists.renders
  const asked = Array.from({ length: 500 }, ask)
  await waitsFor(500)
  assert.is(playlists.renders, before)
  stream.part('video')
  const texts = await Promise.all(asked)
  assert.is(new Set(texts).size, 1)
  assert.is(playlists.renders, before + 1)
  assert.equal(checkLowLatency(texts[0]!, had).unfinished, ['v9.0.m4s'])
  assert.is(waiting(), 0)
})

test('waits for a whole segment where no part is named, and for the next one behind its last part [LIVE-03]', async () => {
  const stream = await play('whole', 3)
  const whole = stage.text('whole', 'video.m3u8?_HLS_msn=3')
  const beyond = stage.text('whole', 'video.m3u8?_HLS_msn=3&_HLS_part=2')
  stream.part('video')
  stream.part('video', { isLast: true })
  await waitsFor(2)
  stream.finish('video')
  assert.is(checkLowLatency(await whole).segments.length, 4)
  await until(() => stage.windows.find('whole')!.video.lastSeq === 3)
  assert.is(waiting(), 1)
  stream.part('video')
  assert.equal(checkLowLatency(await beyond).unfinished, ['v4.0.m4s'])
})

test('refuses what is not about to come or makes no sense [LIVE-03]', async () => {
  const stream = await play('asked', 3)
  stream.part('video')
  await until(() => stage.windows.find('asked')!.video.listedParts === 1)
  const wrong = ['msn=6', 'msn=3&_HLS_part=40', 'msn=x', 'msn=-1', 'msn=1e3', 'part=1', 'msn=3&_HLS_part=1.5']
  for (const query of wrong) assert.is(await statusOf('asked', `video.m3u8?_HLS_${query}`), 400, query)
  for (const query of ['msn=0', 'msn=2&_HLS_part=5', 'msn=2&_HLS_part=99', 'msn=3&_HLS_part=0', 'skip=v2'])
    assert.is(await statusOf('asked', `video.m3u8?_HLS_${query}`), 200, query)
  assert.is(await statusOf('asked', 'video-plain.m3u8?_HLS_msn=99'), 200)
})

test('gives up after three target durations, and at once when the stream ends [LIVE-03]', async () => {
  const stream = await play('quiet', 3, 100)
  assert.is(await statusOf('quiet', 'video.m3u8?_HLS_msn=3&_HLS_part=0'), 503)
  assert.is(await statusOf('quiet', 'v3.0.m4s'), 404)
  const ending = (await play('ending', 3)) && stage.text('ending', 'video.m3u8?_HLS_msn=3&_HLS_part=0')
  const hinted = statusOf('ending', 'v3.0.m4s')
  await waitsFor(2)
  stage.feed.publish({ type: 'end', streamId: 'ending' })
  assert.match(await ending, '#EXT-X-ENDLIST')
  assert.is(await hinted, 404)
  assert.is(await statusOf('ending', 'video.m3u8?_HLS_msn=99'), 200)
  stream.end()
})

test('forgets who leaves while waiting [LIVE-03]', async () => {
  await play('left', 3, 60_000)
  const leaving = new AbortController()
  const { signal } = leaving
  const asked = Array.from({ length: 20 }, (_, i) =>
    fetch(stage.url('left', i % 2 ? 'v3.0.m4s' : 'audio.m3u8?_HLS_msn=3'), { signal }).catch(() => 'left'),
  )
  await waitsFor(20)
  leaving.abort()
  assert.equal([...new Set(await Promise.all(asked))], ['left'])
  await waitsFor(0)
})

test('sends the part that was hinted once it comes, and nothing that will not come [LIVE-03]', async () => {
  const stream = await play('hinted', 3)
  const first = fetch(stage.url('hinted', 'v3.0.m4s'))
  await waitsFor(1)
  stream.part('video', { body: Buffer.from('first part') })
  const response = await first
  assert.is(await response.text(), 'first part')
  assert.is(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  const never = statusOf('hinted', 'v3.1.m4s')
  await waitsFor(1)
  stream.finish('video')
  assert.is(await never, 404)
  for (const file of ['v3.2.m4s', 'v5.0.m4s', 'v3.0.1.m4s', 'v720-3.0.m4s', 'v99.0.m4s'])
    assert.is(await statusOf('hinted', file), 404, file)
})

test('sends a segment as the parts it came in [LIVE-03]', async () => {
  const stream = await play('joined', 1)
  stream.part('video', { body: Buffer.from('one ') })
  stream.part('video', { body: Buffer.from('two'), isLast: true })
  stream.finish('video')
  await until(() => stage.windows.find('joined')!.video.lastSeq === 1)
  const response = await fetch(stage.url('joined', 'v1.m4s'))
  assert.is(response.headers.get('content-length'), '7')
  assert.is(await response.text(), 'one two')
  assert.is(
    (await fetch(stage.url('joined', 'v1.m4s'), { method: 'HEAD' })).headers.get('content-length'),
    '7',
  )
})

test('offers the same stream without parts, and its sound alone [LIVE-03] [LIVE-04]', async () => {
  await play('kinds', 3)
  assert.match(await stage.text('kinds', 'index.m3u8'), /\nvideo\.m3u8\?v=/)
  const plain = await stage.text('kinds', 'plain.m3u8')
  assert.match(plain, /URI="audio-plain\.m3u8\?v=.*\nvideo-plain\.m3u8\?v=/s)
  assert.match(await stage.text('kinds', 'sound.m3u8'), /CODECS="mp4a\.40\.2"\naudio\.m3u8\?v=/)
  assert.not.match(await stage.text('kinds', 'video-plain.m3u8'), /PART|SERVER-CONTROL/)
})

const OFFER = { height: 720, width: 1280, bitrate: 2_000_000, codec: 'avc1.64001f', frameRate: 30 }

test('asks for a lower rendition on demand, and waits for its first segment [LIVE-04]', async () => {
  const stream = await play('ladder', 3)
  assert.is(await statusOf('ladder', 'video-720.m3u8'), 404)
  stream.say({ type: 'rungs', streamId: 'ladder', rungs: [OFFER] })
  await until(() => stage.windows.find('ladder')!.offers.length === 1)
  const index = await stage.text('ladder', 'index.m3u8')
  HLS.parse(index)
  assert.match(
    index,
    /CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,.*AUDIO="sound"\nvideo-720\.m3u8\?v=/,
  )
  const variants = async (query: string) =>
    (await stage.text('ladder', `index.m3u8${query}`)).match(/^video[^?\n]*/gm)
  assert.equal(await variants('?uncounted'), ['video.m3u8', 'video-720.m3u8'])
  assert.equal(await variants('?v=12345678&height=720'), ['video-720.m3u8'])
  assert.equal(await variants('?height=999'), ['video.m3u8', 'video-720.m3u8'], 'never an empty list')
  assert.is(await statusOf('ladder', 'video-480.m3u8'), 404)
  assert.is(await statusOf('ladder', 'video-720.m3u8'), 503)
  assert.equal(wants, ['ladder 720'])

  const asked = stage.text('ladder', 'video-720.m3u8')
  await waitsFor(1)
  stream.segment('720')
  const list = checkLowLatency(await asked)
  assert.equal(
    list.segments.map(({ uri, map }) => [uri, map]),
    [['v720-3.m4s', 'v720--0.mp4']],
  )
  assert.is(list.hint, 'v720-4.0.m4s')
  assert.match(await stage.text('ladder', 'video-720-plain.m3u8'), '\nv720-3.m4s\n')
  for (const file of ['v720-3.m4s', 'v720-3.5.m4s', 'v720--0.mp4'])
    assert.is(await statusOf('ladder', file), 200, file)
  assert.is(wants.length, 1, 'a want within five seconds is not told again')
})

test('says so when a rendition stopped, and takes it up again [LIVE-04]', async () => {
  const stream = await play('stopped', 3)
  stream.say({ type: 'rungs', streamId: 'stopped', rungs: [OFFER] })
  stream.segment('720')
  stream.say({ type: 'rung-closed', streamId: 'stopped', rung: 720 })
  await until(() => stage.windows.find('stopped')!.rungs.get(720)?.isClosed === true)
  const again = statusOf('stopped', 'video-720.m3u8')
  await waitsFor(1)
  stream.segment('720')
  assert.is(await again, 200)
  stream.say({ type: 'rungs', streamId: 'stopped', rungs: [] })
  stream.say({ type: 'rung-closed', streamId: 'stopped', rung: 720 })
  await until(() => stage.windows.find('stopped')!.offers.length === 0)
  assert.not.match(await stage.text('stopped', 'index.m3u8'), /video-720/)
  await until(async () => (await statusOf('stopped', 'video-720.m3u8')) === 404)
})

test('leaves everybody their turn while hundreds are answered [LIVE-03]', async () => {
  const stream = await play('turns', 3)
  const asked = Array.from({ length: 300 }, () => statusOf('turns', 'video.m3u8?_HLS_msn=3'))
  await waitsFor(300)
  stream.segment('video')
  await until(() => stage.windows.find('turns')!.video.lastSeq === 3)
  assert.equal([...new Set(await Promise.all(asked))], [200])
  await delay(0)
  assert.is(waiting(), 0)
})

test.run()
