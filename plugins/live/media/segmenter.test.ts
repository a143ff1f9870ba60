import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Part } from './part.ts'
import { PartTarget } from './part-target.ts'
import { Segmenter } from './segmenter.ts'
import { StartGate } from './start-gate.ts'
import { TargetDuration } from './target-duration.ts'
import type { Sample } from './types.ts'

const test = suite('segmenter')
const AUDIO = { codec: 'mp4a.40.2', sampleRateHz: 48_000, channels: 2, frameSamples: 1024 }

interface Shape {
  steps: number[]
  keyEvery: number
  audioFrames: number
}

const shape: fc.Arbitrary<Shape> = fc.record({
  steps: fc.array(fc.oneof(fc.integer({ min: 16, max: 50 }), fc.integer({ min: 0, max: 4_000 })), {
    minLength: 2,
    maxLength: 400,
  }),
  keyEvery: fc.integer({ min: 1, max: 300 }),
  audioFrames: fc.integer({ min: 0, max: 600 }),
})

function samplesOf({ steps, keyEvery, audioFrames }: Shape): Sample[] {
  let dtsMs = 1_000
  const video = steps.map((step, i): Sample => {
    dtsMs += step
    return {
      track: 'video',
      dtsMs,
      ctsMs: 66,
      isKey: i % keyEvery === 0,
      data: Buffer.from(`v${i}`),
    }
  })
  const audio = Array.from({ length: audioFrames }, (_, i): Sample => {
    const at = Math.floor(1_050 + (i * 1024) / 48)
    return { track: 'audio', dtsMs: at, ctsMs: 0, isKey: true, data: Buffer.from(`a${i}`) }
  })
  return [...video, ...audio].sort((a, b) => a.dtsMs - b.dtsMs)
}

function join(open: Part, next: Part): void {
  open.samples.push(...next.samples)
  open.durationMs += next.durationMs
  open.endsSegment = next.endsSegment
}

/** Whole segments: the parts of each as one. */
function cut(
  samples: Sample[],
  target = new TargetDuration(null),
  partTarget = new PartTarget(null, false),
): Part[] {
  const parts: Part[] = []
  const firstVideo = samples.find((sample) => sample.track === 'video') ?? null
  const hasAudio = samples.some((sample) => sample.track === 'audio')
  const originMs = samples[0]!.dtsMs
  const audio = hasAudio ? AUDIO : null
  const segmenter = new Segmenter({
    segmentMs: 2_000,
    target,
    partTarget,
    startMs: 0,
    originMs,
    firstVideo,
    audio,
    emit: (part) => {
      const open = parts.findLast(({ track }) => track === part.track)
      if (open === undefined || open.endsSegment) parts.push(part)
      else join(open, part)
    },
    endSegment: (track) => {
      parts.findLast((part) => part.track === track)!.endsSegment = true
    },
  })
  for (const sample of samples) segmenter.push(sample)
  segmenter.flush()
  return parts
}

test('loses no sample and doubles none, in order [LIVE-03]', () => {
  fc.assert(
    fc.property(shape, (given) => {
      const samples = samplesOf(given)
      const parts = cut(samples)
      for (const track of ['video', 'audio']) {
        const sent = samples
          .filter((sample) => sample.track === track)
          .map((sample) => sample.data.toString())
        const got = parts.filter((part) => part.track === track).flatMap((part) => part.samples)
        assert.equal(
          got.map((sample) => sample.data.toString()),
          sent,
        )
      }
    }),
    { numRuns: 200 },
  )
})

test('never makes a segment that breaks its target duration [LIVE-03]', () => {
  fc.assert(
    fc.property(shape, (given) => {
      const target = new TargetDuration(null)
      const parts = cut(samplesOf(given), target)
      for (const part of parts) {
        assert.ok(
          Math.round(part.durationMs / 1000) * 1000 <= target.ms!,
          `${part.durationMs} in ${target.ms}`,
        )
      }
    }),
    { numRuns: 200 },
  )
})

test('adds up durations to the time between samples and starts parts where the last ended [LIVE-03]', () => {
  fc.assert(
    fc.property(shape, (given) => {
      const steps = given.steps.map((step) => Math.max(1, step % 400))
      const parts = cut(samplesOf({ ...given, steps }))
      for (const track of ['video', 'audio'] as const) {
        const own = parts.filter((part) => part.track === track)
        for (const [i, part] of own.entries()) {
          const ticks = part.samples.reduce((sum, sample) => sum + sample.durationTicks, 0)
          const rate = track === 'video' ? 90 : 48
          assert.ok(Math.abs(ticks / rate - part.durationMs) < 0.001)
          const next = own[i + 1]
          if (next) assert.ok(Math.abs(part.baseTicks + ticks - next.baseTicks) <= 1)
        }
      }
    }),
    { numRuns: 200 },
  )
})

test('marks exactly the segments that start with a key frame as independent', () => {
  const steps = Array.from({ length: 400 }, () => 33)
  const target = new TargetDuration(2_000)
  const parts = cut(samplesOf({ steps, keyEvery: 250, audioFrames: 0 }), target)
  for (const part of parts) assert.is(part.isIndependent, part.samples[0]!.isKey)
  assert.ok(parts.some((part) => !part.isIndependent))
})

function audioAt(times: number[]): Sample[] {
  return times.map((dtsMs) => ({ track: 'audio', dtsMs, ctsMs: 0, isKey: true, data: Buffer.from('a') }))
}

test('counts samples instead of believing times that jitter', () => {
  const times = Array.from({ length: 200 }, (_, i) => Math.floor((i * 1024) / 48) + (i % 3) * 30)
  const [first, second] = cut(audioAt(times))
  assert.is(first!.samples.length, 94)
  assert.ok(first!.samples.every((sample) => sample.durationTicks === 1024))
  assert.is(second!.baseTicks, 94 * 1024)
})

test('follows the publisher once sound and clock part by more than 100 ms', () => {
  for (const jump of [500, -150]) {
    const times = Array.from({ length: 200 }, (_, i) => Math.floor((i * 1024) / 48) + (i < 50 ? 0 : jump))
    const parts = cut(audioAt(times))
    const last = parts.at(-1)!
    const ticks = last.samples.reduce((sum, sample) => sum + sample.durationTicks, last.baseTicks)
    const expected = 200 * 1024 + jump * 48
    assert.ok(Math.abs(ticks - expected) <= 48, `${jump}: ${ticks} instead of ${expected}`)
  }
})

test('waits two seconds for the other track, and drops sound from before the picture', () => {
  const alone = new StartGate()
  alone.announce('audio')
  const sound = audioAt([0, 500, 1_000, 1_500, 2_000])
  assert.equal(
    sound.map((sample) => alone.push(sample)?.length ?? null),
    [null, null, null, null, 5],
  )
  const both = new StartGate()
  both.announce('audio')
  both.announce('video')
  for (const sample of audioAt([0, 500, 1_060])) assert.is(both.push(sample), null)
  const key: Sample = { track: 'video', dtsMs: 1_000, ctsMs: 66, isKey: true, data: Buffer.from('v') }
  assert.is(both.push({ ...key, isKey: false }), null)
  assert.equal(
    both.push(key)?.map((sample) => sample.dtsMs),
    [1_060, 1_000],
  )
})

test.run()
