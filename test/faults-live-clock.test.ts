import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readRecording } from '../plugins/live/media/recording.ts'
import { encode, isSample, probe, type Sent, Stage, until } from '../plugins/live/media/test-kit.ts'
import type { IndexEntry } from '../plugins/live/media/types.ts'
import { HandSession, type Stamp, send } from './kit/hand-session.ts'
import { ListWatch } from './kit/list-watch.ts'

/** The whole way from RTMP messages to playlists, fed faster than time goes. */
const test = suite<{ stage: Stage; source: Sent[] }>('odd clocks of publishers')
const wrap = 2 ** 32

test.before(async (context) => {
  context.stage = await Stage.start()
  context.source = await encode({ seconds: 6, gop: 30 })
})
test.after(async ({ stage }) => {
  await stage.stop()
})

interface Outcome {
  entries: IndexEntry[]
  frames: Record<string, number>
  warnings: string[]
  closedWith: string
}

/** Publishes under an id of its own, holds every state of its lists against the rules, and ends it. */
async function played(
  stage: Stage,
  id: string,
  publish: (hand: HandSession) => Promise<void>,
): Promise<Outcome> {
  const target = stage.target(id, { segmentMs: 1_000, windowMs: 8_000, ladder: false })
  const [hand, watch] = [new HandSession(stage, target), new ListWatch(stage, id, id.startsWith('ahead'))]
  await publish(hand)
  await hand.session.end('unpublished')
  await until(() => stage.windows.find(id)?.isEnded === true)
  watch.stop()
  const { entries } = await readRecording(target.dir)
  return { entries, frames: watch.frames, warnings: hand.warnings(), closedWith: hand.closedWith }
}

const stamped = (sent: readonly Sent[], stamp: Stamp) => async (hand: HandSession) =>
  send(await hand.connect(), sent, stamp)

const framesOf = (sent: readonly Sent[], track: string, fromMs = 0) =>
  sent.filter((one) => isSample(one) && one.track === track && one.dtsMs >= fromMs).length
const of = ({ entries }: Outcome, track: string) => entries.filter((entry) => entry.track === track)
const endOf = (outcome: Outcome, track: string) => {
  const last = of(outcome, track).at(-1)!
  return last.startMs + last.durationMs
}
const lengthOf = (outcome: Outcome, track: string) =>
  of(outcome, track).reduce((sum, { durationMs }) => sum + durationMs, 0)
/** Of a track whose segments follow each other: the holes between them. */
function holes(outcome: Outcome, track: string): number[] {
  const own = of(outcome, track)
  return own.slice(1).map((entry, i) => Math.round(entry.startMs - own[i]!.startMs - own[i]!.durationMs))
}

function isWhole(outcome: Outcome, sent: readonly Sent[], times = 1): void {
  assert.is(outcome.frames.video, framesOf(sent, 'video') * times)
  const heard = outcome.frames.audio ?? 0
  const sounds = framesOf(sent, 'audio') * times
  // Sound from before the first picture is not played.
  assert.ok(heard > sounds - 6 * times && heard <= sounds, `${heard} of ${sounds} frames of sound`)
}

test('a clock that wraps at 2^32 ms goes on as if nothing was [LIVE-02] [LIVE-13]', async ({
  stage,
  source,
}) => {
  const outcome = await played(
    stage,
    'wrap',
    stamped(source, (ms) => ms + wrap - 2_500),
  )
  isWhole(outcome, source)
  assert.equal(outcome.warnings, [])
  assert.ok(outcome.entries.every(({ run }) => run === 0))
  for (const track of ['video', 'audio']) {
    assert.ok(Math.abs(lengthOf(outcome, track) - 6_000) < 120, `${track}: ${lengthOf(outcome, track)}`)
    assert.ok(
      holes(outcome, track).every((ms) => ms === 0),
      `${track}: ${holes(outcome, track)}`,
    )
  }
})

test('a clock that jumps back or far ahead loses no frame and keeps sound and picture in step [LIVE-02] [LIVE-13]', async ({
  stage,
  source,
}) => {
  const jumps: Record<string, Stamp> = {
    'to-zero': (ms) => (ms < 3_000 ? ms + 900_000 : ms - 3_000),
    'back-5': (ms) => (ms < 3_000 ? ms + 60_000 : ms + 55_000),
    'back-half': (ms) => (ms < 3_000 ? ms + 60_000 : ms + 59_500),
    ahead: (ms) => (ms < 3_000 ? ms : ms + 3_600_000),
    'ahead-5': (ms) => (ms < 3_000 ? ms : ms + 5_000),
    'to-and-fro': (ms) => 100_000 + ms - (Math.floor(ms / 700) % 2) * 30_000,
  }
  for (const [name, stamp] of Object.entries(jumps)) {
    const outcome = await played(stage, name, stamped(source, stamp))
    isWhole(outcome, source)
    const apart = endOf(outcome, 'video') - endOf(outcome, 'audio')
    assert.ok(Math.abs(apart) < 200, `${name}: sound and picture end ${apart} ms apart`)
    if (name !== 'back-half' && name !== 'ahead-5') assert.equal(outcome.warnings, ['clock-jump'], name)
  }
})

test('sound whose clock runs 1 % off for a minute stays in step with the picture [LIVE-02] [LIVE-03]', async ({
  stage,
  source,
}) => {
  for (const rate of [0.99, 1.01]) {
    const outcome = await played(stage, `drift-${rate}`, async (hand) => {
      send(await hand.connect(), minute(source, rate))
    })
    isWhole(outcome, source, 10)
    assert.equal(outcome.warnings, [])
    const [pictures, sounds] = [of(outcome, 'video'), of(outcome, 'audio')]
    for (const [i, picture] of pictures.entries()) {
      const apart = (sounds[i]?.startMs ?? picture.startMs) - picture.startMs
      assert.ok(Math.abs(apart) < 130, `segment ${i}: ${apart} ms apart`)
    }
    // Its clock says how long it is, whatever its frames add up to.
    const [heard, due] = [lengthOf(outcome, 'audio'), 60_000 * rate]
    assert.ok(Math.abs(heard - due) < 150, `${heard} ms of sound instead of ${due}`)
  }
})

test('key frames every ten seconds or never break no list, and the DJ is told [LIVE-03] [LIVE-17]', async ({
  stage,
}) => {
  const rare = { size: '160x90', profile: 'main' } as const
  for (const [id, sent] of [
    ['every-ten', await encode({ ...rare, seconds: 21, gop: 300 })],
    ['never', await encode({ ...rare, seconds: 15, gop: 9_999 })],
  ] as const) {
    const outcome = await played(
      stage,
      id,
      stamped(sent, (ms) => ms),
    )
    isWhole(outcome, sent)
    assert.equal(outcome.warnings, ['long-key-frames'], id)
    assert.ok(holes(outcome, 'video').every((ms) => ms === 0))
  }
})

test('a picture that comes late joins the sound, and viewers are told of it [LIVE-02] [LIVE-03]', async ({
  stage,
  source,
}) => {
  const isLate = (one: Sent) => one.track === 'video' && (!isSample(one) || one.dtsMs < 3_000)
  const header = source.filter((one) => one.track === 'video' && !isSample(one))
  const late = source.filter((one) => !isLate(one))
  const at = late.findIndex((one) => one.track === 'video')
  for (const [id, sent] of [
    ['no-header', [...late.slice(0, at), ...header, ...late.slice(at)]],
    ['no-picture', [...header, ...late]],
    [
      'no-key',
      source.filter((one) => !(isSample(one) && one.track === 'video' && one.isKey && one.dtsMs < 3_000)),
    ],
  ] as const) {
    const playing: string[] = []
    const outcome = await played(stage, id, async (hand) => {
      send(await hand.connect(), sent)
      await hand.session.end('unpublished')
      for (const message of hand.told)
        if (message.type === 'playing') playing.push(`${message.hasVideo} ${message.hasAudio}`)
    })
    const first = source.find(
      (one) => isSample(one) && one.isKey && one.track === 'video' && one.dtsMs >= 2_900,
    )!
    assert.is(outcome.frames.video, framesOf(source, 'video', isSample(first) ? first.dtsMs : 0), id)
    assert.is(playing.at(-1), 'true true', `${id}: ${playing}`)
    assert.ok(Math.abs(endOf(outcome, 'video') - endOf(outcome, 'audio')) < 60, id)
  }
})

test('another size and profile in mid-stream goes on behind a discontinuity, with every frame [LIVE-02] [LIVE-13]', async ({
  stage,
  source,
}) => {
  const other = await encode({ seconds: 3, gop: 30, size: '256x144', profile: 'baseline' })
  const outcome = await played(stage, 'resized', async (hand) => {
    const sink = await hand.connect()
    send(sink, source)
    // Sound keeps its settings; a publisher may say them again.
    send(sink, other, (ms) => ms + 6_000)
    send(sink, source, (ms) => ms + 9_000)
  })
  assert.is(outcome.frames.video, framesOf([...source, ...other, ...source], 'video'))
  const runs = of(outcome, 'video').filter(({ isDiscontinuity }) => isDiscontinuity)
  assert.equal(
    runs.map(({ run, initId }) => [run, initId]),
    [
      [1, 1],
      [2, 0],
    ],
  )
  // Each seam may take as long as a frame of either track.
  assert.ok(Math.abs(endOf(outcome, 'video') - 15_000) < 200, `${endOf(outcome, 'video')}`)
  const { tracks } = await probe(stage.url('resized', 'replay.m3u8'))
  assert.is(tracks.find(({ kind }) => kind === 'video')!.frames, outcome.frames.video)
})

test('a publisher that returns with another size, profile and sample rate goes on [LIVE-02] [LIVE-13]', async ({
  stage,
  source,
}) => {
  const other = await encode({ seconds: 3, gop: 45, size: '256x144', profile: 'baseline', rate: 44_100 })
  const mute = other.filter(({ track }) => track === 'video')
  const shows = [source, other, mute, source]
  const outcome = await played(stage, 'returned', async (hand) => {
    for (const sent of shows) {
      const sink = await hand.connect()
      send(sink, sent)
      sink.gone('dropped')
    }
  })
  assert.is(outcome.frames.video, framesOf(shows.flat(), 'video'))
  assert.equal(
    outcome.entries
      .flatMap(({ isDiscontinuity, run, track }) => (isDiscontinuity ? `${track} ${run}` : []))
      .sort(),
    ['audio 1', 'audio 3', 'video 1', 'video 2', 'video 3'],
  )
  for (const run of [0, 1, 3]) {
    const startOf = (track: string) => of(outcome, track).find((entry) => entry.run === run)!.startMs
    assert.ok(Math.abs(startOf('video') - startOf('audio')) < 30, `run ${run}`)
  }
})

/** Ten times the same, with sound on a clock of that rate, in the order of the clock. */
function minute(source: readonly Sent[], rate: number): Sent[] {
  const at = (one: Sent) => (isSample(one) ? one.dtsMs : 0)
  const rounds = Array.from({ length: 10 }, (_, round) =>
    source.filter(isSample).map((sample) => {
      const ms = sample.dtsMs + round * 6_000
      return { ...sample, dtsMs: sample.track === 'audio' ? ms * rate : ms }
    }),
  )
  return [...source.filter((one) => !isSample(one)), ...rounds.flat()].sort((a, b) => at(a) - at(b))
}

test.run()
