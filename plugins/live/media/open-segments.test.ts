import { appendFile, cp, readdir, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency } from '../testdata/low-latency.ts'
import { createReceiver } from './receiver.ts'
import { finishRecording, readRecording } from './recording.ts'
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

/** What the disk holds when the process dies in the middle of a segment, in a folder of its own. */
async function crashed(id: string, ms: number): Promise<StreamTarget> {
  const target = stage.target(`${id}-before`)
  const receiver = await createReceiver(target, stage.feed)
  publish(receiver, before(ms))
  await until(() => receiver.pendingBytes === 0)
  const copy = stage.target(id)
  await cp(target.dir, copy.dir, { recursive: true })
  await receiver.end()
  return copy
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
