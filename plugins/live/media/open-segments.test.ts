import { appendFile, cp, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency } from '../testdata/low-latency.ts'
import { createReceiver } from './receiver.ts'
import { finishRecording, readRecording } from './recording.ts'
import { recoverSpool, Spool } from './spool.ts'
import { checkMedia, decode, encode, isSample, probe, publish, type Sent, Stage, until } from './test-kit.ts'
import type { StreamTarget } from './types.ts'

const test = suite('segments that a crash leaves open')
let stage: Stage
let source: Sent[]

test.before(async () => {
  stage = await Stage.start()
  source = await encode({ seconds: 7 })
})
test.after(async () => {
  await stage.stop()
})

const before = (ms: number) => source.filter((one) => !isSample(one) || one.dtsMs < ms)

/** A folder as it is when the process dies in the middle of a segment and the next one begins. */
async function crashed(id: string, ms: number, more: Partial<StreamTarget> = {}): Promise<StreamTarget> {
  const target = stage.target(id, more)
  const spoolDir = `${target.dir}-spool`
  const spool = await Spool.open(spoolDir)
  const receiver = await createReceiver({ ...target, id: `${id}-before` }, stage.feed, { spool })
  publish(receiver, before(ms))
  await until(() => receiver.pendingBytes === 0)
  await spool.settle()
  const folders = [target.dir, spoolDir]
  for (const folder of folders) await cp(folder, `${folder}-copy`, { recursive: true })
  await receiver.end()
  await spool.close()
  assert.equal(await readdir(spoolDir), [], 'what was stored is not kept twice')
  for (const folder of folders) {
    await rm(folder, { recursive: true })
    await rename(`${folder}-copy`, folder)
  }
  await recoverSpool(spoolDir)
  assert.equal(await readdir(spoolDir), [])
  return target
}

const namesOf = async ({ dir }: StreamTarget) =>
  (await readdir(dir)).filter((name) => name.startsWith('.') || name.startsWith('open'))

test('are kept as far as their parts came [LIVE-13]', async () => {
  const target = await crashed('ended', 5_500)
  const left = await readRecording(target.dir)
  assert.equal(left.entries.length, 4)
  const summary = await finishRecording(target.dir)
  const { entries } = await readRecording(target.dir)
  assert.equal([summary.segments, entries.length], [6, 6])
  // A part lasts 333 ms, and one frame waits for the next.
  assert.ok(summary.durationMs > 5_500 - 450 && summary.durationMs <= 5_500, String(summary.durationMs))
  for (const entry of entries) {
    const { size } = await stat(join(target.dir, `${entry.track[0]}${entry.seq}.m4s`))
    assert.is(size, entry.sizeBytes)
  }
  checkMedia(await stage.text('ended', 'video-replay.m3u8'))
  await decode(stage.url('ended', 'replay.m3u8'))
  const { tracks } = await probe(stage.url('ended', 'replay.m3u8'))
  const frames = entries.filter(({ track }) => track === 'video').reduce((ms, one) => ms + one.durationMs, 0)
  assert.is(tracks.find(({ kind }) => kind === 'video')!.frames, Math.round(frames / (1000 / 30)))
  assert.equal(await namesOf(target), [])
  assert.equal(await finishRecording(target.dir), summary)
})

test('are kept as far where low latency is not wanted [LIVE-13]', async () => {
  const target = await crashed('calm', 5_500, { lowLatency: false })
  assert.equal((await readRecording(target.dir)).entries.length, 4)
  const receiver = await createReceiver(target, stage.feed)
  publish(receiver, before(3_500))
  const summary = await receiver.end()
  // What was open, and two segments of the publisher that is back, in each track.
  assert.is(summary.segments, 10)
  assert.ok(summary.durationMs > 9_000 - 450 && summary.durationMs <= 9_000, String(summary.durationMs))
  await until(() => stage.windows.find('calm')?.isEnded === true)
  const list = await stage.text('calm', 'video.m3u8')
  assert.not.match(list, /PART|SERVER-CONTROL/)
  checkMedia(list)
  await decode(stage.url('calm', 'index.m3u8'))
  await decode(stage.url('calm', 'replay.m3u8'))
})

test('are kept of a stream that had no whole segment yet [LIVE-13]', async () => {
  const target = await crashed('young', 1_600)
  assert.equal((await readRecording(target.dir)).entries, [])
  const summary = await finishRecording(target.dir)
  assert.is(summary.segments, 2)
  assert.ok(summary.durationMs > 1_600 - 450 && summary.durationMs <= 1_600, String(summary.durationMs))
  await decode(stage.url('young', 'replay.m3u8'))

  const again = await crashed('younger', 1_600)
  const receiver = await createReceiver(again, stage.feed)
  publish(receiver, before(3_500))
  assert.is((await receiver.end()).segments, 6)
  await until(() => stage.windows.find('younger')?.isEnded === true)
  checkLowLatency(await stage.text('younger', 'video.m3u8'))
  await decode(stage.url('younger', 'index.m3u8'))
})

test('lose a part that is torn, and nothing before it [LIVE-13]', async () => {
  const [whole, torn] = [await crashed('whole', 5_500), await crashed('torn', 5_500)]
  const open = join(torn.dir, '.v2.m4s.tmp')
  await truncate(open, (await stat(open)).size - 1)
  await appendFile(join(torn.dir, 'index.jsonl'), '{"track":"vid')
  const [all, most] = [await finishRecording(whole.dir), await finishRecording(torn.dir)]
  assert.is(most.segments, 6)
  const [video] = (await readRecording(torn.dir)).entries.filter(
    (one) => one.track === 'video' && one.seq === 2,
  )
  assert.ok(most.sizeBytes < all.sizeBytes && video!.durationMs > 900, `${video!.durationMs}`)
  await decode(stage.url('torn', 'replay.m3u8'))
})

test('are listed for viewers once the publisher is back [LIVE-02] [LIVE-03]', async () => {
  const target = await crashed('again', 5_500)
  const receiver = await createReceiver(target, stage.feed)
  publish(receiver, before(3_500))
  await receiver.end()
  await until(() => stage.windows.find('again')?.isEnded === true)
  const list = checkLowLatency(await stage.text('again', 'video.m3u8'))
  assert.equal(
    list.segments.map(({ seq, run }) => [seq, run]),
    [
      [2, 0],
      [3, 1],
      [4, 1],
    ],
  )
  const sound = checkMedia(await stage.text('again', 'audio.m3u8'))
  assert.equal([sound[0]!.mediaSequenceNumber, sound.length], [2, 3])
  await decode(stage.url('again', 'plain.m3u8'))
})

test('are not made of what is unreadable, or there already [LIVE-13]', async () => {
  const target = await crashed('odd', 3_500)
  const heads = await readFile(join(target.dir, 'open.json'), 'utf8')
  await truncate(join(target.dir, 'open.json'), heads.length - 5)
  assert.is((await finishRecording(target.dir)).segments, 2)
  assert.equal(await namesOf(target), [])
})

test.run()
