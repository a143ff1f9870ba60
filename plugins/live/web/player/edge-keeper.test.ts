import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type EdgeLook, shouldCatchUp, Waits } from './edge-keeper.ts'

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

test('a line that kept one waiting for four seconds within half a minute is poor; long ago does not count [LIVE-03]', () => {
  const waits = new Waits()
  assert.equal(
    [0, 5_000, 10_000, 15_000].map((at) => waits.add(at, 1_000)),
    [false, false, false, true],
  )
  waits.forget()
  assert.equal(
    [0, 20_000, 31_000, 52_000].map((at) => waits.add(at, 1_500)),
    [false, false, false, false],
  )
})

test.run()
