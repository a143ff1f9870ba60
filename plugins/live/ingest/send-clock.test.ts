import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { SendClock } from './send-clock.ts'
import { amf, RawClient, TestIngest, until } from './test-kit.ts'

const test = suite('clock of a publisher')
/** The date that the stream gives to the publisher's time 0. */
const zeroMs = Date.UTC(2026, 10, 22, 20, 0, 0)

interface Line {
  /** What the line takes at the least, and the date of time 0, in ms after `zeroMs`. */
  truthMs: number
  firstLateMs: number
  jitterMs: number
  /** Jams: everything of so many seconds comes together at their end. */
  jams: { atS: number; seconds: number }[]
  /** How far the publisher's clock goes wrong, in parts of a million. */
  ppm: number
  seed: number
}

/** A small generator, so that a failing line can be played again. */
function* noise(seed: number): Generator<number, never> {
  let state = seed >>> 0
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

/** Plays a line of 25 frames a second; answers what was measured and what was true at its end. */
function play(line: Line, seconds: number): { measured: number; truth: number } {
  const clock = new SendClock()
  const random = noise(line.seed)
  const rate = 1 + line.ppm / 1e6
  let arrivedMs = -Infinity
  for (let frame = 0; frame < seconds * 25; frame++) {
    const dtsMs = frame * 40
    const sentMs = zeroMs + line.truthMs + dtsMs * rate
    const late = frame === 0 ? line.firstLateMs : -Math.log(1 - random.next().value) * line.jitterMs
    const jam = line.jams.find(({ atS, seconds: s }) => dtsMs >= atS * 1000 && dtsMs < (atS + s) * 1000)
    const freeMs = jam ? zeroMs + line.truthMs + (jam.atS + jam.seconds) * 1000 * rate : 0
    // What is sent later does not come earlier.
    arrivedMs = Math.max(arrivedMs, sentMs + late, freeMs)
    clock.sample({ track: 'video', dtsMs, ctsMs: 0 }, arrivedMs)
  }
  const { clockOffsetMs } = clock.offsets(zeroMs, arrivedMs)
  return { measured: clockOffsetMs ?? Number.NaN, truth: line.truthMs + seconds * 1000 * (rate - 1) }
}

test('is right within 30 ms for any jitter, jams, drift and late first packet [LIVE-11]', () => {
  const lines = fc.record({
    truthMs: fc.integer({ min: -2_000, max: 2_000 }),
    firstLateMs: fc.integer({ min: 0, max: 3_000 }),
    jitterMs: fc.integer({ min: 0, max: 60 }),
    jams: fc.array(
      fc.record({ atS: fc.integer({ min: 0, max: 60 }), seconds: fc.integer({ min: 1, max: 8 }) }),
      { maxLength: 4 },
    ),
    ppm: fc.integer({ min: -80, max: 80 }),
    seed: fc.integer(),
  })
  fc.assert(
    fc.property(lines, (line) => {
      const { measured, truth } = play(line, 90)
      assert.ok(Math.abs(measured - truth) <= 30, `${measured} for ${truth} ms`)
    }),
    { numRuns: 60 },
  )
})

test('follows a clock that drifts for hours [LIVE-11]', () => {
  const line = { truthMs: 0, firstLateMs: 0, jitterMs: 20, jams: [], seed: 7 }
  for (const ppm of [-60, 60]) {
    const { measured, truth } = play({ ...line, ppm }, 2 * 3600)
    assert.ok(Math.abs(truth) > 400)
    assert.ok(Math.abs(measured - truth) <= 30, `${measured} for ${truth} ms at ${ppm} ppm`)
  }
})

test('counts when a frame is shown: one that is sent before those shown earlier is not early [LIVE-11]', () => {
  const [plain, reordered] = [new SendClock(), new SendClock()]
  for (let frame = 0; frame < 50; frame++) {
    const nowMs = zeroMs + 100 + frame * 40
    plain.sample({ track: 'video', dtsMs: frame * 40, ctsMs: 0 }, nowMs)
    // Each third frame is sent before two that are shown earlier, as soon as it was taken.
    reordered.sample({ track: 'video', dtsMs: frame * 40, ctsMs: frame % 3 === 1 ? 200 : 40 }, nowMs + 120)
  }
  const nowMs = zeroMs + 2_100
  assert.is(plain.offsets(zeroMs, nowMs).clockOffsetMs, 100)
  assert.is(reordered.offsets(zeroMs, nowMs).clockOffsetMs, 20)
})

test('forgets a clock that jumped, and says nothing before the first media', () => {
  const clock = new SendClock()
  assert.equal(clock.offsets(zeroMs, zeroMs), {})
  clock.sample({ track: 'audio', dtsMs: 0, ctsMs: 0 }, zeroMs)
  assert.equal(clock.offsets(null, zeroMs), {})
  assert.equal(clock.offsets(zeroMs, zeroMs), { clockOffsetMs: 0 })
  clock.jumped()
  clock.sample({ track: 'audio', dtsMs: 1_001, ctsMs: 0 }, zeroMs + 9_001)
  assert.equal(clock.offsets(zeroMs, zeroMs + 9_001), { clockOffsetMs: 8_000 })
})

/** Two seconds of frames that arrive `lateMs` late, with a time code each half second. */
function coded(codes: (dtsMs: number) => Record<string, string>, lateMs = 300, framesPerSecond = 25) {
  const clock = new SendClock()
  for (let frame = 0; frame < 50; frame++) {
    const dtsMs = frame * 40
    if (frame % 12 === 0) clock.timeCode(codes(dtsMs), dtsMs, framesPerSecond)
    clock.sample({ track: 'video', dtsMs, ctsMs: 0 }, zeroMs + dtsMs + lateMs)
  }
  return clock.offsets(zeroMs, zeroMs + 2_000 + lateMs)
}
const timeOf = (ms: number) => new Date(ms).toISOString().slice(11, 23)

test('reads the encoder’s clock from onFI, whatever its time zone, and across midnight [LIVE-11]', () => {
  const at = (shiftMs: number) => (dtsMs: number) => ({
    sd: '22-11-26',
    st: timeOf(zeroMs + shiftMs + dtsMs),
  })
  assert.equal(coded(at(120)), { clockOffsetMs: 300, timeCodeOffsetMs: 120 })
  const india = 5.5 * 3_600_000
  assert.is(coded(at(india - 40)).timeCodeOffsetMs, -40)
  // Midnight there is a second after the first frame.
  assert.is(coded(at(4 * 3_600_000 - 1_000 + 60)).timeCodeOffsetMs, -940)
})

test('reads SMPTE codes by the frame rate, and takes one that is no time of day for none [LIVE-11]', () => {
  const code = (fromMs: number, rate: number) => (dtsMs: number) => {
    const ms = fromMs + dtsMs
    const frames = String(Math.round((ms % 1000) / (1000 / rate))).padStart(2, '0')
    return { tc: `${timeOf(ms - (ms % 1000)).slice(0, 8)}:${frames}` }
  }
  assert.is(coded(code(zeroMs + 200, 25)).timeCodeOffsetMs, 200)
  assert.is(coded(code(zeroMs + 200, 25), 300, 50).timeCodeOffsetMs, 200)
  assert.is(coded(code(zeroMs + 200, 25), 300, 0).timeCodeOffsetMs, undefined)
  assert.is(coded(code(zeroMs + 60_000, 25)).timeCodeOffsetMs, undefined)
  for (const odd of ['', '25:99', 'now', '1e3:00:00:00'])
    assert.is(coded(() => ({ tc: odd, st: odd })).timeCodeOffsetMs, undefined, odd)
})

test('the time code in an encoder’s data messages reaches the health news [LIVE-11]', async () => {
  const live = await TestIngest.start({}, 50)
  const client = new RawClient(live.port)
  try {
    await client.publish('good')
    await client.waitFor('NetStream.Publish.Start')
    const receiver = live.receivers.get('one')!
    receiver.zeroMs = Date.now()
    const times = (ms: number) => amf('onFI', { sd: '22-11-26', st: timeOf(receiver.zeroMs! + 250 + ms) })
    client.send(
      9,
      Buffer.from('17000000000142c00dffe1000f6742c00dda0507e84000000300400000030001', 'hex'),
      0,
      1,
    )
    const frame = Buffer.from('17010000000000000165', 'hex')
    client.send(9, frame, 0, 1)
    client.send(18, times(40), 40, 1)
    client.send(9, frame, 40, 1)
    await until(() => live.last('health')?.health.timeCodeOffsetMs !== undefined, 'a clock by time code')
    const { clockOffsetMs, timeCodeOffsetMs } = live.last('health')!.health
    assert.is(timeCodeOffsetMs, 250)
    assert.ok(clockOffsetMs !== undefined && Math.abs(clockOffsetMs) < 10_000)
  } finally {
    client.socket.destroy()
    await live.ingest.stop()
  }
})

test.run()
