import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency } from '../testdata/low-latency.ts'
import { createReceiver, type MediaReceiver } from './receiver.ts'
import { readRecording } from './recording.ts'
import type { RungSink } from './rung.ts'
import { decode, encode, isSample, probe, publish, type Sent, Stage, until } from './test-kit.ts'
import type { IndexEntry } from './types.ts'

const test = suite('rungs')
let stage: Stage
let source: Sent[]
let lower: Sent[]

test.before(async () => {
  stage = await Stage.start()
  source = await encode({ seconds: 7 })
  lower = await encode({ seconds: 7, size: '160x90', without: 'audio' })
})
test.after(async () => {
  await stage.stop()
})

const OFFER = { height: 90, width: 160, bitrate: 200_000, codec: 'avc1.640015', frameRate: 30 }
const LAG_MS = 700

function give(sink: RungSink, sent: Sent): void {
  if (isSample(sent)) sink.sample(sent)
  else sink.config(sent)
}

/** The publisher's media with a rendition of them that lags behind; what the rendition still has to say. */
function publishBoth(receiver: MediaReceiver, sink: RungSink, from = 0): Sent[] {
  const late = [...lower]
  for (const sent of source) {
    publish(receiver, [sent])
    if (!isSample(sent)) continue
    while (late[0] && (!isSample(late[0]) || late[0].dtsMs < sent.dtsMs - LAG_MS)) {
      const next = late.shift()!
      if (!isSample(next) || next.dtsMs >= from) give(sink, next)
    }
  }
  return late
}

function entriesOf(id: string, key: 'video' | number): IndexEntry[] {
  return stage.windows
    .find(id)!
    .rendition(key)!
    .segments.map((segment) => segment.entry)
}

const cutsOf = (entries: readonly IndexEntry[]) =>
  entries.map(({ seq, at, run, startMs, isDiscontinuity }) => ({ seq, at, run, startMs, isDiscontinuity }))

test('cuts a lower rendition exactly where the source was cut, part by part [LIVE-04]', async () => {
  const receiver = await createReceiver(stage.target('same'), stage.feed)
  receiver.offerRungs([OFFER])
  const sink = receiver.openRung(90)
  for (const sent of publishBoth(receiver, sink)) give(sink, sent)
  await receiver.interrupt()
  sink.close()
  await receiver.end()
  await until(() => stage.windows.find('same')?.isEnded === true)
  const [whole, rung] = [entriesOf('same', 'video'), entriesOf('same', 90)]
  assert.is(whole.length, 4)
  assert.equal(cutsOf(rung), cutsOf(whole))
  assert.equal(
    rung.map((entry) => Math.round(entry.durationMs)),
    whole.map((entry) => Math.round(entry.durationMs)),
  )
  const list = checkLowLatency(await stage.text('same', 'video-90.m3u8'))
  assert.equal(
    list.segments.map((one) => one.uri),
    ['v90-0.m4s', 'v90-1.m4s', 'v90-2.m4s', 'v90-3.m4s'],
  )
  await decode(stage.url('same', 'video-90-plain.m3u8'))
  const [of, source] = await Promise.all(
    ['video-90-plain.m3u8', 'video-plain.m3u8'].map((file) => probe(stage.url('same', file))),
  )
  assert.is(of!.tracks[0]!.frames, 210)
  assert.ok(Math.abs(of!.tracks[0]!.startSeconds - source!.tracks[0]!.startSeconds) < 0.002)
  const { entries } = await readRecording(stage.target('same').dir)
  assert.is(entries.length, 8, 'a rendition is never on the disk')
})

test('starts in the middle of a stream with the next segment of the source [LIVE-04]', async () => {
  const receiver = await createReceiver(stage.target('middle'), stage.feed)
  const sink = receiver.openRung(90)
  publishBoth(receiver, sink, 2_500)
  await until(() => (stage.windows.find('middle')?.rungs.get(90)?.segments.length ?? 0) === 1)
  assert.equal(cutsOf(entriesOf('middle', 90)), cutsOf(entriesOf('middle', 'video')).slice(2, 3))
  sink.close()
  await until(() => stage.windows.find('middle')!.rungs.get(90)!.isClosed)
  const { unfinished, segments } = stage.windows.find('middle')!.rungs.get(90)!
  assert.equal([unfinished, segments.length], [null, 1], 'a torn segment is not kept')
  await receiver.end()
})

test('goes along with a publisher that comes back [LIVE-04]', async () => {
  const receiver = await createReceiver(stage.target('again'), stage.feed)
  for (let i = 0; i < 2; i++) {
    const sink = receiver.openRung(90)
    const rest = publishBoth(receiver, sink)
    await receiver.interrupt()
    // The encoder finishes after the publisher is gone.
    for (const sent of rest) give(sink, sent)
    sink.close()
  }
  await receiver.end()
  await until(() => stage.windows.find('again')?.isEnded === true)
  assert.equal(cutsOf(entriesOf('again', 90)), cutsOf(entriesOf('again', 'video')))
  assert.is(entriesOf('again', 90).filter((entry) => entry.isDiscontinuity).length, 1)
  const list = checkLowLatency(await stage.text('again', 'video-90.m3u8'))
  assert.equal(
    list.segments.map((one) => one.run),
    [0, 0, 0, 0, 1, 1, 1, 1],
  )
  await decode(stage.url('again', 'video-90-plain.m3u8'))
})

test('stays with the source where that changes its settings in mid-stream [LIVE-04]', async () => {
  const receiver = await createReceiver(stage.target('changed'), stage.feed)
  const sink = receiver.openRung(90)
  const later = (sent: Sent): Sent => (isSample(sent) ? { ...sent, dtsMs: sent.dtsMs + 7_000 } : sent)
  const other = (await encode({ seconds: 3, size: '640x360' })).map(later)
  publish(receiver, source)
  for (const sent of lower) give(sink, sent)
  publish(receiver, other)
  for (const sent of lower.map(later)) if (!isSample(sent) || sent.dtsMs < 10_000) give(sink, sent)
  await receiver.interrupt()
  sink.close()
  await receiver.end()
  await until(() => stage.windows.find('changed')?.isEnded === true)
  assert.equal(cutsOf(entriesOf('changed', 90)), cutsOf(entriesOf('changed', 'video')))
})

test.run()
