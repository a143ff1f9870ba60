import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Sample } from '../media/types.ts'
import { HealthMeter } from './health.ts'

const test = suite('stream health')

function frame(dtsMs: number, isKey: boolean, sizeBytes = 10_000): Sample {
  return { track: 'video', dtsMs, ctsMs: 0, isKey, data: Buffer.alloc(sizeBytes) }
}

/** Plays seconds of 25 fps with a key frame each 2 s; a frame arrives `delay(ms)` after its time. */
function play(
  meter: HealthMeter,
  seconds: number,
  delay = (_ms: number) => 0,
  skip = (_ms: number) => false,
) {
  for (let ms = 0; ms < seconds * 1000; ms += 40) {
    if (!skip(ms)) meter.sample(frame(ms, ms % 2000 === 0), 5_000 + ms + delay(ms))
  }
}

test('measures rate, pace and key-frame distance over the window', () => {
  const meter = new HealthMeter('OBS')
  play(meter, 20)
  const health = meter.snapshot(25_000)
  assert.ok(Math.abs(health.fps - 25) < 1, `${health.fps}`)
  assert.ok(Math.abs(health.videoKbps - 2_000) < 80, `${health.videoKbps}`)
  assert.equal([health.audioKbps, health.keyFrameIntervalMs, health.droppedFrames], [0, 2_000, 0])
  assert.equal([health.lagMs, health.encoder, health.videoCodec], [0, 'OBS', null])
})

test('counts frames missing from the publisher clock', () => {
  const meter = new HealthMeter('')
  play(
    meter,
    20,
    () => 0,
    (ms) => ms === 8_040 || (ms >= 9_000 && ms < 9_200),
  )
  assert.is(meter.snapshot(25_000).droppedFrames, 6)
})

test('lag grows while media arrives ever later and is gone when it caught up', () => {
  const meter = new HealthMeter('')
  play(meter, 10, (ms) => (ms > 5_000 ? (ms - 5_000) * 0.5 : 0))
  const { lagMs } = meter.snapshot(17_500)
  assert.ok(lagMs > 1_800 && lagMs < 3_000, `${lagMs}`)
  for (let ms = 10_000; ms < 14_000; ms += 40) meter.sample(frame(ms, false), 5_000 + ms)
  assert.ok(meter.snapshot(19_000).lagMs < 5)
})

test('a silent publisher shows no bitrate and a growing lag', () => {
  const meter = new HealthMeter('')
  play(meter, 10)
  const health = meter.snapshot(25_000)
  assert.equal([health.bitrateKbps, health.fps], [0, 0])
  assert.ok(health.lagMs > 5_000)
})

test.run()
