import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fastest, follow } from './follow.ts'

/** Numbers that look random and are the same each time (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const tickMs = 100

interface Followed {
  behindMs: number
  rate: number
  jumps: number
  rates: number[]
}

/** A picture that follows for so long: jumps land a little off, the clock is read a little wrong, and drifts. */
function followed(startMs: number, random: () => number, seconds = 12): Followed {
  const drift = (random() - 0.5) * 0.002
  const run: Followed = { behindMs: startMs, rate: 1, jumps: 0, rates: [] }
  for (let at = 0; at < seconds * 1000; at += tickMs) {
    const step = follow(run.behindMs + (random() - 0.5) * 20, run.rate)
    run.rate = step.rate
    run.rates.push(step.rate)
    if (step.seekMs !== null) {
      run.jumps += 1
      run.behindMs += (random() - 0.3) * 200 - step.seekMs
    }
    run.behindMs -= tickMs * (run.rate - 1 + drift)
  }
  return run
}

test('a picture finds to the sound within 100 ms from wherever it is, and stays there [LIVE-11]', () => {
  const random = dice(7)
  for (let round = 0; round < 400; round += 1) {
    const start = (random() - 0.5) * 8_000
    const run = followed(start, random)
    assert.ok(Math.abs(run.behindMs) < 100, `from ${start} ms it came to ${run.behindMs} ms`)
    assert.ok(run.jumps <= 3, `from ${start} ms it jumped ${run.jumps} times`)
  }
})

test('a picture is never more than 5 % faster or slower [LIVE-11]', () => {
  const random = dice(11)
  for (let round = 0; round < 100; round += 1)
    for (const rate of followed((random() - 0.5) * 1_000, random).rates)
      assert.ok(Math.abs(rate - 1) <= fastest + 1e-9, `rate ${rate}`)
})

test('half a second off it jumps, less it makes up for; in step it is left alone [LIVE-11]', () => {
  assert.equal(follow(800, 1), { rate: 1, seekMs: 800 })
  assert.equal(follow(-800, 1.05), { rate: 1, seekMs: -800 })
  assert.equal(follow(300, 1), { rate: 1.05, seekMs: null })
  assert.equal(follow(-300, 1), { rate: 0.95, seekMs: null })
  assert.equal(follow(30, 1), { rate: 1, seekMs: null })
  assert.ok(follow(30, 1.02).rate > 1, 'a correction that has begun is finished')
})

test.run()
