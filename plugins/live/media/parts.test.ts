import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Part } from './part.ts'
import { PartTarget } from './part-target.ts'
import { Segmenter } from './segmenter.ts'
import { TargetDuration } from './target-duration.ts'
import type { Sample } from './types.ts'

const test = suite('parts')

/** A cut run: its segments, each of its parts, and what each segment lasts. */
interface Cut {
  partTargetMs: number
  segments: Record<'video' | 'audio', { parts: Part[]; ms: number }[]>
}

interface Source {
  /** Times between pictures, repeated to the end. */
  steps: number[]
  frames: number
  keyEvery: number
  audioRate?: number
}

function samplesOf({ steps, frames, keyEvery, audioRate }: Source): Sample[] {
  const samples: Sample[] = []
  let ms = 0
  for (let i = 0; i < frames; i++) {
    const dtsMs = Math.round(ms)
    samples.push({ track: 'video', dtsMs, ctsMs: 0, isKey: i % keyEvery === 0, data: Buffer.from(`v${i}`) })
    ms += steps[i % steps.length]!
  }
  for (let i = 0; audioRate && (i * 1024_000) / audioRate < ms; i++) {
    const dtsMs = Math.round((i * 1024_000) / audioRate)
    samples.push({ track: 'audio', dtsMs, ctsMs: 0, isKey: true, data: Buffer.from(`a${i}`) })
  }
  return samples.sort((a, b) => a.dtsMs - b.dtsMs)
}

function cut(source: Source): Cut {
  const samples = samplesOf(source)
  const partTarget = new PartTarget(null, true)
  const segments: Cut['segments'] = { video: [], audio: [] }
  const open: Record<'video' | 'audio', Part[]> = { video: [], audio: [] }
  const end = (track: 'video' | 'audio', ms: number) => {
    segments[track].push({ parts: open[track], ms })
    open[track] = []
  }
  const sampleRateHz = source.audioRate ?? 48_000
  const segmenter = new Segmenter({
    segmentMs: 2_000,
    target: new TargetDuration(null),
    partTarget,
    startMs: 0,
    originMs: samples[0]!.dtsMs,
    firstVideo: samples.find((sample) => sample.track === 'video') ?? null,
    audio: source.audioRate ? { codec: 'mp4a.40.2', sampleRateHz, channels: 2, frameSamples: 1024 } : null,
    emit: (part) => {
      open[part.track].push(part)
      if (part.endsSegment) end(part.track, part.segmentMs)
    },
    endSegment: end,
  })
  for (const sample of samples) segmenter.push(sample)
  segmenter.flush()
  assert.equal([...open.video, ...open.audio], [], 'every part is of a finished segment')
  return { partTargetMs: partTarget.ms!, segments }
}

/** RFC 8216bis 4.4.4.9. */
function checkParts({ partTargetMs, segments }: Cut): void {
  for (const { parts } of [...segments.video, ...segments.audio]) {
    for (const [i, part] of parts.entries()) {
      assert.ok(part.listedMs <= partTargetMs + 0.001, `${part.listedMs} in ${partTargetMs}`)
      const isLast = i === parts.length - 1
      assert.ok(isLast || part.listedMs >= partTargetMs * 0.85, `${part.listedMs} of ${partTargetMs}`)
      assert.ok(part.samples.length > 0)
      assert.is(part.isIndependent, part.samples[0]!.isKey)
    }
  }
}

test('cuts parts of a third of a second at every usual frame rate [LIVE-03]', () => {
  for (const rate of [23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60]) {
    for (const audioRate of [44_100, 48_000]) {
      const shown = cut({ steps: [1000 / rate], frames: rate * 7, keyEvery: Math.round(rate * 2), audioRate })
      checkParts(shown)
      assert.is(shown.partTargetMs, 350, `${rate}`)
      assert.ok(shown.segments.video.length >= 3)
      for (const { parts, ms } of [...shown.segments.video, ...shown.segments.audio]) {
        const listed = parts.reduce((sum, part) => sum + part.listedMs, 0)
        assert.ok(Math.abs(listed - ms) < 0.01, `parts of ${listed} in a segment of ${ms}`)
        assert.ok(parts.length <= Math.ceil(ms / 300), `${parts.length} parts in ${ms} ms`)
        assert.is(parts.at(-1)!.endsSegment, true)
      }
    }
  }
})

test('chooses a longer part target where few frames a second do not fit [LIVE-03]', () => {
  for (const rate of [2, 4, 5, 8, 10, 15]) {
    const shown = cut({ steps: [1000 / rate], frames: rate * 8, keyEvery: rate * 2, audioRate: 48_000 })
    checkParts(shown)
    assert.ok(shown.partTargetMs <= 1_000)
    assert.ok(shown.segments.video[1]!.parts.length > 1, `${rate}`)
  }
})

test('keeps parts to the rules and loses nothing when frames are missing, also for seconds [LIVE-03]', () => {
  const step = fc.oneof(
    { weight: 12, arbitrary: fc.constant(33) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 2_500 }) },
  )
  const source = fc.record({
    steps: fc.array(step, { minLength: 20, maxLength: 60 }),
    frames: fc.integer({ min: 1, max: 300 }),
    keyEvery: fc.integer({ min: 1, max: 100 }),
    audioRate: fc.constantFrom(8_000, 22_050, 44_100, 48_000),
  })
  fc.assert(
    fc.property(source, (given) => {
      const shown = cut(given)
      checkParts(shown)
      for (const track of ['video', 'audio'] as const) {
        const got = shown.segments[track].flatMap(({ parts }) => parts).flatMap((part) => part.samples)
        const sent = samplesOf(given).filter((sample) => sample.track === track)
        assert.equal(
          got.map((sample) => sample.data.toString()),
          sent.map((sample) => sample.data.toString()),
        )
      }
    }),
    { numRuns: 150 },
  )
})

test('makes up for missing frames within their segment [LIVE-03]', () => {
  const steps = Array.from({ length: 60 }, (_, i) => (i === 5 ? 33 + 400 : 33))
  const { segments } = cut({ steps, frames: 200, keyEvery: 60 })
  for (const { parts, ms } of segments.video) {
    const listed = parts.reduce((sum, part) => sum + part.listedMs, 0)
    assert.ok(Math.abs(listed - ms) < 0.01, `parts of ${listed} in a segment of ${ms}`)
  }
})

test('hands a part over with the frame that fills it, not with one more [LIVE-03]', () => {
  const samples = samplesOf({ steps: [1000 / 30], frames: 40, keyEvery: 60 })
  const seen: number[] = []
  let sent = 0
  const segmenter = new Segmenter({
    segmentMs: 2_000,
    target: new TargetDuration(2_000),
    partTarget: new PartTarget(350, true),
    startMs: 0,
    originMs: 0,
    firstVideo: samples[0]!,
    audio: null,
    emit: () => seen.push(sent),
    endSegment: () => {},
  })
  for (const sample of samples) {
    sent++
    segmenter.push(sample)
  }
  // The duration of a part's last frame is known with the first frame of the next.
  assert.equal(seen, [11, 21, 31])
})

test('cuts as much where low latency is not wanted, and promises viewers no parts [LIVE-13]', () => {
  const samples = samplesOf({ steps: [33], frames: 200, keyEvery: 60 })
  const parts: Part[] = []
  const partTarget = new PartTarget(null, false)
  const segmenter = new Segmenter({
    segmentMs: 2_000,
    target: new TargetDuration(null),
    partTarget,
    startMs: 0,
    originMs: 0,
    firstVideo: samples[0]!,
    audio: null,
    emit: (part) => parts.push(part),
    endSegment: () => {},
  })
  for (const sample of samples) segmenter.push(sample)
  segmenter.flush()
  assert.is(partTarget.ms, null)
  const whole = Array.from({ length: 6 }, () => 10)
  assert.equal(
    parts.map((part) => part.samples.length),
    [...whole, ...whole, ...whole, 10, 10],
  )
  assert.equal(
    parts.filter((part) => part.endsSegment).map((part) => part.segmentMs),
    [1_980, 1_980, 1_980, 660],
  )
})

test.run()
