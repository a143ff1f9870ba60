import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type EdgeLook, Stalls, shouldCatchUp } from './edge-keeper.ts'

const look = (change: Partial<EdgeLook>): EdgeLook => ({
  distanceMs: 2_000,
  targetMs: 1_500,
  isFresh: false,
  wasAsleep: false,
  ...change,
})

test('a little late is left alone while it plays, and mended when it begins again anyway [LIVE-03]', () => {
  assert.not.ok(shouldCatchUp(look({ distanceMs: 4_000 })))
  assert.ok(shouldCatchUp(look({ distanceMs: 4_000, isFresh: true })))
  assert.not.ok(shouldCatchUp(look({ isFresh: true })))
})

test('after sleep, and when far behind, it jumps to the edge [LIVE-03]', () => {
  assert.ok(shouldCatchUp(look({ distanceMs: 600_000, wasAsleep: true })))
  assert.ok(shouldCatchUp(look({ distanceMs: 9_000 })))
  assert.not.ok(shouldCatchUp(look({ wasAsleep: true })))
})

test('a line that stalls four times within a minute is poor; stalls of long ago do not count [LIVE-03]', () => {
  const stalls = new Stalls()
  assert.equal(
    [0, 5_000, 10_000, 15_000].map((at) => stalls.add(at)),
    [false, false, false, true],
  )
  stalls.forget()
  assert.equal(
    [0, 30_000, 61_000, 95_000, 130_000].map((at) => stalls.add(at)),
    [false, false, false, false, false],
  )
})

test.run()
