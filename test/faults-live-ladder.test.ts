import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { MediaSink } from '../plugins/live/ingest/rtmp-connection.ts'
import { TestIngest } from '../plugins/live/ingest/test-kit.ts'
import { encode, isSample, type Sent, Stage, until } from '../plugins/live/media/test-kit.ts'
import type { LiveSegment } from '../plugins/live/media/track-window.ts'
import type { ToldState } from '../plugins/live/simulcast/forwarders.ts'
import { HandSession, send } from './kit/hand-session.ts'
import { ListWatch } from './kit/list-watch.ts'

interface Context {
  stage: Stage
  /** The other site that the stream is sent on to. */
  there: TestIngest
  first: Sent[]
  other: Sent[]
}

/** A stream whose lower rendition and copy elsewhere go through what its publisher does. */
const test = suite<Context>('a ladder and a copy through faults')
test.before(async (context) => {
  context.stage = await Stage.start({ rungWithinMs: 20_000 })
  context.there = await TestIngest.start({ idleMs: 120_000 })
  context.first = await encode({ seconds: 3, gop: 30, size: '1024x576' })
  const profile = 'main'
  context.other = await encode({ seconds: 3, gop: 30, size: '1056x594', rate: 44_100, profile })
})
test.after(async ({ stage, there }) => {
  await there.ingest.stop()
  await stage.stop()
})

const pictures = (sent: readonly Sent[]) =>
  sent.filter((one) => isSample(one) && one.track === 'video').length
const stateOf = ({ told }: HandSession): ToldState | undefined =>
  told.findLast((message) => message.type === 'simulcast')?.states[0]

function targetAt({ port }: TestIngest) {
  const place = { address: '127.0.0.1', port, isTls: false, hostName: '127.0.0.1', app: 'live' }
  return { id: 'other', ...place, streamKey: 'good' }
}

test('both go on when the publisher comes back with other settings, and when it changes them in mid-stream [LIVE-02] [LIVE-04] [LIVE-19]', async (context) => {
  const { stage, there, first, other } = context
  const [id, key] = ['through', 480] as const
  const target = stage.target(id, { segmentMs: 1_000, windowMs: 30_000 })
  const [hand, watch] = [new HandSession(stage, target), new ListWatch(stage, id)]
  const offered = () => stage.windows.find(id)?.offers.some(({ height }) => height === key) === true
  /** Somebody watches it, and gets all but what an encoder holds back. */
  const watched = async (sink: MediaSink, sent: readonly Sent[], fromMs: number) => {
    const before = watch.frames[key] ?? 0
    await until(offered)
    hand.session.want(key)
    send(sink, sent, (ms) => ms + fromMs)
    await until(() => (watch.frames[key] ?? 0) - before >= pictures(sent) - 30)
  }

  hand.sendOn([targetAt(there)])
  await until(() => stateOf(hand)?.state === 'sending')
  const sink = await hand.connect()
  send(sink, first)
  await watched(sink, first, 3_000)
  send(sink, other, (ms) => ms + 6_000)
  await watched(sink, other, 9_000)
  sink.gone('dropped')
  const again = await hand.connect()
  send(again, first)
  await watched(again, first, 3_000)
  again.gone('dropped')
  await until(() => hand.told.filter(({ type }) => type === 'publisher-gone').length === 2)
  const { video, rungs } = stage.windows.find(id)!
  const cuts = (entries: readonly LiveSegment[]) =>
    entries.map(({ entry: { seq, at, run } }) => ({ seq, at, run }))
  const lower = () => cuts(rungs.get(key)?.segments ?? [])
  await until(() => lower().length >= 2)
  for (const cut of lower())
    assert.ok(
      cuts(video.segments).some(({ at }) => at === cut.at),
      JSON.stringify(cut),
    )
  await hand.session.end('unpublished')
  await until(() => stage.windows.find(id)?.isEnded === true)
  watch.stop()
  const all = [first, first, other, other, first, first].flat()
  assert.is(watch.frames.video, pictures(all))
  assert.equal([hand.programs.length, hand.told.filter(({ type }) => type === 'log')], [3, []])

  const got = there.receivers.get('one')!.samples
  await until(() => got.length === all.filter(isSample).length)
  const times = got.filter(({ track }) => track === 'video').map(({ dtsMs }) => dtsMs)
  assert.ok(
    times.every((ms, at) => at === 0 || ms > times[at - 1]!),
    'times only grow',
  )
  assert.ok(times.at(-1)! < 19_000, `${times.at(-1)}`)
})

test('a killed encoder leaves the source alone; who watched its pictures is told at once to go on with others [LIVE-04]', async ({
  stage,
  first,
}) => {
  const id = 'killed'
  const hand = new HandSession(stage, stage.target(id, { segmentMs: 1_000 }))
  const sink = await hand.connect()
  send(sink, first)
  await until(() => stage.windows.find(id)?.offers.length === 1)
  hand.session.want(480)
  send(sink, first, (ms) => ms + 3_000)
  const segments = () => stage.windows.find(id)!.rungs.get(480)?.segments.length ?? 0
  await until(() => segments() > 0)
  const { lastSeq, last } = stage.windows.find(id)!.rungs.get(480)!
  const place = `_HLS_msn=${last!.seq}&_HLS_part=${(last!.part ?? 0) + 4}`
  const waiting = fetch(stage.url(id, `video-480.m3u8?${place}`))
  await until(() => stage.handler.live.waiting.size === 1)
  hand.programs[0]!.kill()
  assert.is((await waiting).status, 404)
  await until(() => stage.windows.find(id)!.offers.length === 0)
  assert.not.match(await stage.text(id, 'index.m3u8'), 'video-480')
  assert.is((await fetch(stage.url(id, `v480-${lastSeq}.m4s`))).status, 200, 'what was listed can be fetched')
  const before = stage.windows.find(id)!.video.lastSeq
  send(sink, first, (ms) => ms + 6_000)
  await until(() => stage.windows.find(id)!.video.lastSeq >= before + 3)
  assert.ok(hand.told.some((message) => message.type === 'log'))
  await hand.session.end('unpublished')
})

test.run()
