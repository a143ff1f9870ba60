import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency } from '../testdata/low-latency.ts'
import { FeedClient } from './feed-client.ts'
import { LiveWindows } from './live-windows.ts'
import { createReceiver, type PlayingInfo } from './receiver.ts'
import { finishRecording, isEnded, readRecording, recordingSummary } from './recording.ts'
import { checkMedia, decode, encode, probe, publish, type Sent, Stage, until } from './test-kit.ts'

const test = suite('resume')
let stage: Stage
let source: Sent[]
let larger: Sent[]

test.before(async () => {
  stage = await Stage.start()
  source = await encode({ seconds: 5 })
  larger = await encode({ seconds: 5, size: '640x360' })
})
test.after(async () => {
  await stage.stop()
})

test('goes on behind a discontinuity when the publisher comes back [LIVE-02]', async () => {
  const playing: PlayingInfo[] = []
  const receiver = await createReceiver(stage.target('again'), stage.feed)
  receiver.onPlaying((info) => playing.push(info))
  publish(receiver, source)
  await receiver.interrupt()
  publish(receiver, larger)
  await receiver.end()
  assert.equal(
    playing.map((info) => info.resumed),
    [false, true],
  )
  await until(() => stage.windows.find('again')?.isEnded ?? false)
  for (const file of ['video.m3u8', 'audio.m3u8', 'video-replay.m3u8']) {
    const text = await stage.text('again', file)
    const segments = checkMedia(text)
    if (!file.includes('replay')) checkLowLatency(text)
    assert.equal(
      segments.map((segment) => segment.discontinuity === true),
      [false, false, false, true, false, false],
    )
  }
  // The first picture of each run stands where the last one ended: players find no hole.
  const { entries } = await readRecording(stage.target('again').dir)
  for (const [i, entry] of entries.entries()) {
    const next = entries.slice(i + 1).find((other) => other.track === entry.track)
    if (next) assert.ok(Math.abs(entry.startMs + entry.durationMs - next.startMs) <= 25)
  }
  const text = await stage.text('again', 'video.m3u8')
  assert.equal(text.match(/v-\d\.mp4/g), ['v-0.mp4', 'v-1.mp4'])
  assert.equal((await stage.text('again', 'audio.m3u8')).match(/a-\d\.mp4/g), ['a-0.mp4'])
  const { tracks } = await probe(stage.url('again', 'replay.m3u8'))
  assert.is(tracks.find((track) => track.kind === 'video')!.frames, 300)
})

test('starts anew in both tracks when the encoder changes its settings [LIVE-03]', async () => {
  const receiver = await createReceiver(stage.target('changed'), stage.feed)
  publish(receiver, source)
  publish(
    receiver,
    larger.map((one) => ('data' in one ? { ...one, dtsMs: one.dtsMs + 5_000 } : one)),
  )
  await receiver.end()
  const { entries } = await readRecording(stage.target('changed').dir)
  const marked = entries.filter((entry) => entry.isDiscontinuity)
  assert.equal(marked.map((entry) => `${entry.track} ${entry.run}`).sort(), ['audio 1', 'video 1'])
  assert.is((await probe(stage.url('changed', 'video-replay.m3u8'))).tracks[0]!.frames, 300)
})

test('continues a folder that a crash left with a torn index [LIVE-02]', async () => {
  const target = stage.target('crashed')
  const before = await createReceiver(target, stage.feed)
  publish(before, source)
  await before.interrupt()
  const whole = await readFile(join(target.dir, 'index.jsonl'), 'utf8')
  await appendFile(join(target.dir, 'index.jsonl'), '{"track":"video","seq":3,"dura')
  await writeFile(join(target.dir, 'v3.m4s'), 'half')
  await writeFile(join(target.dir, '.a3.m4s.tmp'), 'half')
  assert.is(await isEnded(target.dir), false)

  const receiver = await createReceiver(target, stage.feed)
  publish(receiver, source)
  await receiver.end()
  const { entries, meta } = await readRecording(target.dir)
  assert.ok((await readFile(join(target.dir, 'index.jsonl'), 'utf8')).startsWith(whole))
  for (const track of ['video', 'audio']) {
    const own = entries.filter((entry) => entry.track === track)
    assert.equal(
      own.map((entry) => [entry.seq, entry.run]),
      [0, 1, 2, 3, 4, 5].map((seq) => [seq, seq < 3 ? 0 : 1]),
    )
  }
  assert.is(meta?.targetDurationMs, 2_000)
  assert.equal([meta?.partTargetMs, meta?.takes], [350, 2])
  assert.is(meta?.inits.length, 2)
  assert.not.ok((await readdir(target.dir)).some((name) => name.endsWith('.tmp')))
  checkMedia(await stage.text('crashed', 'video-replay.m3u8'))
  await decode(stage.url('crashed', 'replay.m3u8'))
})

test('counts the discontinuities that left the playlist [LIVE-02]', async () => {
  const receiver = await createReceiver(stage.target('short', { windowMs: 3_000 }), stage.feed)
  for (let i = 0; i < 4; i++) {
    publish(receiver, source)
    await receiver.interrupt()
  }
  await until(() => stage.windows.find('short')?.video.segment(11) !== undefined)
  const text = await stage.text('short', 'video.m3u8')
  const sequence = Number(/DISCONTINUITY-SEQUENCE:(\d+)/.exec(text)![1])
  const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)![1])
  assert.is(sequence, Math.floor(first / 3))
  assert.ok(first > 0)
  assert.is(sequence + text.split('#EXT-X-DISCONTINUITY\n').length - 1, 3)
  await receiver.end()
})

test('lets sound that comes late join at a key frame [LIVE-03]', async () => {
  const sent = await encode({ seconds: 12 })
  const receiver = await createReceiver(stage.target('late'), stage.feed)
  publish(
    receiver,
    sent.filter((one) => one.track === 'video' || 'config' in one || one.dtsMs > 5_000),
  )
  await receiver.end()
  const { entries } = await readRecording(stage.target('late').dir)
  const runsOf = (track: string) => entries.filter((entry) => entry.track === track).map((entry) => entry.run)
  assert.equal(runsOf('video'), [0, 0, 0, 1, 1, 1])
  assert.equal(runsOf('audio'), [1, 1, 1])
  const video = (await probe(stage.url('late', 'video-replay.m3u8'))).tracks[0]!
  assert.is(video.frames, 360)
  assert.match(await stage.text('late', 'audio-replay.m3u8'), '#EXT-X-DISCONTINUITY-SEQUENCE:1\n')
})

test('finishes a recording that no process holds any more [LIVE-13]', async () => {
  const target = stage.target('orphan')
  const receiver = await createReceiver(target, stage.feed)
  publish(receiver, source)
  await receiver.interrupt()
  await writeFile(join(target.dir, 'v3.m4s'), 'not in the index')
  const summary = await finishRecording(target.dir)
  assert.equal(summary, await recordingSummary(target.dir))
  assert.is(summary.segments, 6)
  assert.is(await isEnded(target.dir), true)
  assert.not.ok((await readdir(target.dir)).includes('v3.m4s'))
  assert.equal(await finishRecording(target.dir), summary)
  assert.equal(await finishRecording(join(stage.root, 'nothing')), {
    durationMs: 0,
    sizeBytes: 0,
    segments: 0,
  })
})

test('serves viewers from memory when the disk takes no more [LIVE-03]', async () => {
  const target = stage.target('full')
  const receiver = await createReceiver(target, stage.feed)
  const failures: Error[] = []
  receiver.onDiskFull((error) => failures.push(error))
  // A folder in the place of a segment stands in for a disk without room.
  await mkdir(join(target.dir, 'v1.m4s'))
  publish(receiver, source)
  await receiver.interrupt()
  assert.is(failures.length, 1)
  assert.is(receiver.pendingBytes, 0)
  await until(() => stage.windows.find('full')?.video.segment(2) !== undefined)
  // A web process that joins now is sent what it cannot find on the disk.
  const joined = new LiveWindows()
  const late = new FeedClient(join(stage.root, 'feed.sock'), joined)
  await until(() => joined.find('full')?.video.segment(2) !== undefined)
  late.close()
  const held = joined.find('full')!.video.segments.map((segment) => segment.parts !== null)
  assert.equal(held, [false, true, true])
  await receiver.end()
  await until(() => stage.windows.find('full')?.isEnded ?? false)
  await decode(stage.url('full', 'index.m3u8'))
  assert.ok((await readRecording(target.dir)).entries.length < 3)
})

test.run()
